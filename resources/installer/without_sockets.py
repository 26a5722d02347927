"""Runs before the frozen program: `_overlapped`, which SQLAlchemy brings in with asyncio, opens a TCP socket when loaded.

Nothing here uses asyncio; its Windows part only has to find a module of that name.
"""

import sys
import types

sys.modules["_overlapped"] = types.ModuleType("_overlapped")
