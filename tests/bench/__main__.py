"""`dev.py bench [--size=0.1] [subject…]`: medians on this machine, each beside a peer or a limit measured in the same run.

A subject is a module beside this one with `run(place)`; its docstring says in Chinese what it measures.  Every figure
names what it is divided by.  Large subjects are of full size when they are named and of a twentieth when all are run;
`--size` says otherwise.  Nothing here is a test: times belong here, not in tests.
"""

import importlib
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from tests.bench.common import Place, machine


def subjects() -> dict[str, ModuleType]:
    """Every module here that measures something, by name."""
    names = sorted(file.stem for file in Path(__file__).parent.glob("[a-z]*.py"))
    modules = {name: importlib.import_module(f"tests.bench.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "run")}


def main(wanted: list[str]) -> int:
    """Run the subjects named, or all; prints one line a figure."""
    known = subjects()
    size = 1.0 if any(not name.startswith("--size=") for name in wanted) else 0.05
    for name in [name for name in wanted if name.startswith("--size=")]:
        size = float(name.removeprefix("--size="))
        wanted = [other for other in wanted if other != name]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"没有“{'、'.join(unknown)}”这项基准，可用的有：{'、'.join(known)}。", file=sys.stderr)
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # the offscreen platform's chatter
    print(f"机器：{machine()}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        for subject in wanted or known:
            os.environ["GANZHOU_HOME"] = f"{name}/home"
            module = known[subject]
            print(f"— {(module.__doc__ or subject).splitlines()[0]}", flush=True)
            folder = Path(name) / subject
            folder.mkdir()
            module.run(Place(folder, Path(name), size))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
