"""Start of the frozen command line."""

import sys

from ganzhou_desktop.cli import main

sys.exit(main())
