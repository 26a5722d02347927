"""`python -m ganzhou_desktop`: the window; `… cli` is the command line."""

import sys


def main() -> int:
    """The window, or with `cli` first the command line; each loads only what it needs."""
    if sys.argv[1:2] == ["cli"]:
        from ganzhou_desktop.cli import main as run

        return run(sys.argv[2:])
    from ganzhou_desktop.app import main as open_window

    return open_window()


if __name__ == "__main__":
    sys.exit(main())
