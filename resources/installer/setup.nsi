; 甘州科创台账 的安装程序：本人安装，不要管理员权限；换新版时直接盖上去；卸载从不动数据。
; makensis -DVERSION=… -DFOLDER=程序文件夹 -DLIST=卸载清单 -DOUT=… -DICON=… -DNUMBERS=a.b.c.d setup.nsi
Unicode true
!ifdef AMD64
Target amd64-unicode
!endif
ManifestDPIAware true
ManifestSupportedOS Win10
SetCompressor /SOLID lzma
SetCompressorDictSize 64
CRCCheck force

!define NAME "甘州科创台账"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\ganzhou-desktop"
!define EXE "ganzhou-desktop.exe"

Name "${NAME}"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
BrandingText "${NAME} ${VERSION}"
ShowInstDetails nevershow
ShowUninstDetails nevershow

!include "MUI2.nsh"
!include "LogicLib.nsh"
!include "WinVer.nsh"
!include "x64.nsh"
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TITLE "安装 ${NAME} ${VERSION}"
!define MUI_WELCOMEPAGE_TEXT "只为当前用户安装，不需要管理员权限，也不联网。$\r$\n$\r$\n已经装过旧版本的，会换成这一版；台账、密钥和设置都不动。$\r$\n$\r$\n继续之前请先关闭正在运行的${NAME}。"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${EXE}"
!define MUI_FINISHPAGE_RUN_TEXT "现在打开${NAME}"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "只删除程序。台账、副本、密钥、备份和设置都留在原处，不会删除。"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

VIProductVersion "${NUMBERS}"
VIAddVersionKey /LANG=2052 "ProductName" "${NAME}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileDescription" "${NAME} 安装程序"
VIAddVersionKey /LANG=2052 "CompanyName" "甘州区科技局"
VIAddVersionKey /LANG=2052 "LegalCopyright" ""

; The files of an installed version are named in its own list, so that only what a setup laid is ever removed.
!macro REMOVE_PROGRAM
  ${If} ${FileExists} "$INSTDIR\卸载清单.txt"
    FileOpen $0 "$INSTDIR\卸载清单.txt" r
    ${Do}
      FileReadUTF16LE $0 $1
      ${If} ${Errors}
        ${ExitDo}
      ${EndIf}
      StrCpy $2 $1 1 -1
      ${If} $2 == "$\n"
        StrCpy $1 $1 -1
      ${EndIf}
      StrCpy $2 $1 1 -1
      ${If} $2 == "$\r"
        StrCpy $1 $1 -1
      ${EndIf}
      StrCpy $2 $1 1 -1
      ${If} $1 == ""
      ${ElseIf} $2 == "\"
        RMDir "$INSTDIR\$1"
      ${Else}
        Delete "$INSTDIR\$1"
      ${EndIf}
    ${Loop}
    FileClose $0
    Delete "$INSTDIR\卸载清单.txt"
  ${EndIf}
!macroend

; A program that runs keeps its exe open: no file is touched before it is closed.
!macro NOT_RUNNING UN
Function ${UN}NotRunning
  again:
  ${If} ${FileExists} "$INSTDIR\${EXE}"
    ClearErrors
    FileOpen $0 "$INSTDIR\${EXE}" a
    ${If} ${Errors}
      IfSilent 0 +3
      SetErrorLevel 5
      Abort
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${NAME}正在运行，或它的文件正被占用。$\r$\n请关闭程序后再点“重试”。" IDRETRY again
      SetErrorLevel 5
      Abort
    ${EndIf}
    FileClose $0
  ${EndIf}
FunctionEnd
!macroend
!insertmacro NOT_RUNNING ""
!insertmacro NOT_RUNNING "un."

Function .onInit
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "${NAME}需要 64 位的 Windows 10（1809 以上）或 Windows 11，这台电脑不能安装。" /SD IDOK
    SetErrorLevel 4
    Quit
  ${EndIf}
  SetShellVarContext current
FunctionEnd

Function un.onInit
  SetShellVarContext current
FunctionEnd

Section
  Call NotRunning
  !insertmacro REMOVE_PROGRAM
  SetOutPath "$INSTDIR"
  File /r "${FOLDER}\*"
  File "/oname=卸载清单.txt" "${LIST}"
  WriteUninstaller "$INSTDIR\卸载.exe"

  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${EXE}"
  CreateShortcut "$DESKTOP\${NAME}.lnk" "$INSTDIR\${EXE}"

  WriteRegStr HKCU "Software\Classes\ganzhou.ledger" "" "甘州科创台账"
  WriteRegStr HKCU "Software\Classes\ganzhou.ledger\DefaultIcon" "" "$INSTDIR\${EXE},0"
  WriteRegStr HKCU "Software\Classes\ganzhou.ledger\shell\open\command" "" '"$INSTDIR\${EXE}" "%1"'
  WriteRegStr HKCU "Software\Classes\.gzdb" "" "ganzhou.ledger"
  WriteRegStr HKCU "Software\Classes\ganzhou.copy" "" "甘州科创台账副本"
  WriteRegStr HKCU "Software\Classes\ganzhou.copy\DefaultIcon" "" "$INSTDIR\${EXE},0"
  WriteRegStr HKCU "Software\Classes\ganzhou.copy\shell\open\command" "" '"$INSTDIR\${EXE}" "%1"'
  WriteRegStr HKCU "Software\Classes\.gzcopy" "" "ganzhou.copy"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'

  WriteRegStr HKCU "${KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "Publisher" "甘州区科技局"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\${EXE}"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\卸载.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\卸载.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
  SectionGetSize 0 $0
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" $0
SectionEnd

Section "Uninstall"
  Call un.NotRunning
  !insertmacro REMOVE_PROGRAM
  Delete "$INSTDIR\卸载.exe"
  ; Fails, as it should, while anything of the person's lies in it.
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  Delete "$DESKTOP\${NAME}.lnk"
  DeleteRegKey HKCU "Software\Classes\ganzhou.ledger"
  DeleteRegKey HKCU "Software\Classes\ganzhou.copy"
  ReadRegStr $0 HKCU "Software\Classes\.gzdb" ""
  ${If} $0 == "ganzhou.ledger"
    DeleteRegKey HKCU "Software\Classes\.gzdb"
  ${EndIf}
  ReadRegStr $0 HKCU "Software\Classes\.gzcopy" ""
  ${If} $0 == "ganzhou.copy"
    DeleteRegKey HKCU "Software\Classes\.gzcopy"
  ${EndIf}
  DeleteRegKey HKCU "${KEY}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
