"""体检：一百万条改动，九条一步。

The peer reads every operation of the same file, compares its SHA-256 with the id, parses it and checks the signature;
it computes no state and compares none.
"""

import hashlib
import json
import sqlite3
import subprocess
import sys
import time

from tests.bench.common import ROOT, Place, say
from tests.bench.common_ledgers import Office

_VERIFY = """
import resource, sys, time
from pathlib import Path
from ganzhou_desktop.services import ledgers
ledger = ledgers.open_ledger(Path(sys.argv[1]), writer=False)
began = time.perf_counter()
found = ledgers.verify(ledger)
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
assert found.ok
"""


def run(place: Place) -> None:
    """A ledger of register rows, all new records, of all units."""
    from ganzhou_desktop.services import ledgers

    office = Office.new(place.folder / "large")
    large = ledgers.open_ledger(office.path)
    units, revisions = office.units(), max(1000, int(1_000_000 * place.size))
    for unit in units:
        office.write_entries(large, revisions // len(units), 9, unit)
    large.close()
    done = subprocess.run(
        [sys.executable, "-c", _VERIFY, str(office.path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    seconds, memory = map(float, done.stdout.split())
    say(f"体检 {revisions} 条改动", seconds, "只读、算、验签", _read(office))
    print(f"  台账 {office.path.stat().st_size / 2**20:.0f} MB，内存最多 {memory / 1024:.0f} MB", flush=True)


def _read(office: Office) -> float:
    from nacl.signing import VerifyKey

    began = time.perf_counter()
    database = sqlite3.connect(office.path)
    for i, data, signature in database.execute("SELECT id, bytes, signature FROM operation ORDER BY seq"):
        assert hashlib.sha256(data).hexdigest() == i
        key = VerifyKey(bytes.fromhex(json.loads(data)["site"]))
        key.verify(b"gz-operation-1\n" + data, signature)
    database.close()
    return time.perf_counter() - began
