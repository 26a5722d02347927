"""Start of the frozen window program."""

import sys

from ganzhou_desktop.app import main

sys.exit(main())
