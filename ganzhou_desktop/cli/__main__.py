"""`python -m ganzhou_desktop.cli`."""

import sys

from ganzhou_desktop.cli.program import main

if __name__ == "__main__":
    sys.exit(main())
