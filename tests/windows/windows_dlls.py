"""The DLLs that Windows 10 1809 has of itself, as far as this program and its parts ask for them.

From Microsoft's documentation: what build 17763 has on x64, in every edition with a desktop, without features to add.
A name that is not here is not wrong: somebody has to look it up and add it, knowingly. API sets are listed one by one,
because later versions of Windows keep adding new ones.
"""

# Part of every Windows since Vista or 7.
CORE = {
    "advapi32.dll", "authz.dll", "bcrypt.dll", "comctl32.dll", "comdlg32.dll", "crypt32.dll", "gdi32.dll", "imm32.dll",
    "iphlpapi.dll", "kernel32.dll", "mpr.dll", "netapi32.dll", "ntdll.dll", "ole32.dll", "oleaut32.dll", "propsys.dll",
    "rpcrt4.dll", "setupapi.dll", "shell32.dll", "shlwapi.dll", "uiautomationcore.dll", "user32.dll", "userenv.dll",
    "uxtheme.dll", "version.dll", "winmm.dll", "winspool.drv", "ws2_32.dll", "wtsapi32.dll",
    "bcryptprimitives.dll",
}  # fmt: skip

# DXGI, Direct3D 9 and 11, DirectWrite since 7; Direct3D 12 since 10 (1507); the compositor since Vista.
GRAPHICS = {"d3d9.dll", "d3d11.dll", "d3d12.dll", "dwmapi.dll", "dwrite.dll", "dxgi.dll"}

API_SETS = {
    # The universal C runtime, part of Windows since 10 (1507).
    *(
        f"api-ms-win-crt-{part}-l1-1-0.dll"
        for part in (
            "conio", "convert", "environment", "filesystem", "heap", "locale", "math", "private", "process", "runtime",
            "stdio", "string", "time", "utility",
        )
    ),
    "api-ms-win-core-path-l1-1-0.dll",  # 8
    "api-ms-win-core-synch-l1-2-0.dll",  # 8
    "api-ms-win-core-winrt-l1-1-0.dll",  # 8
    "api-ms-win-core-winrt-string-l1-1-0.dll",  # 8
    "api-ms-win-shcore-scaling-l1-1-1.dll",  # 8.1
}  # fmt: skip

OF_WINDOWS = CORE | GRAPHICS | API_SETS
