"""Which unit columns this person sees and in what order: kept on this PC by ledger, never in the ledger."""

import json
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ganzhou_desktop import paths
from ganzhou_desktop.domain.matrix import Matrix, MatrixUnit

_log = logging.getLogger(__name__)
_KEPT = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """`order`: the units put in order (others follow in 建制序); `hidden`: those not shown."""

    order: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()

    @property
    def any(self) -> bool:
        return self != Columns()

    def arranged(self, units: Iterable[MatrixUnit]) -> tuple[MatrixUnit, ...]:
        """Every unit in this order, hidden ones included."""
        place = {unit: n for n, unit in enumerate(self.order)}
        return tuple(sorted(units, key=lambda u: place.get(u.id, len(place))))

    def apply(self, matrix: Matrix) -> Matrix:
        """The matrix with these columns; unless nothing would be left, which shows them all."""
        if not self.any:
            return matrix
        arranged = self.arranged(matrix.units)
        shown = tuple(u for u in arranged if u.id not in self.hidden) or arranged
        if len(shown) == len(matrix.units):
            return replace(matrix, units=shown)
        kept = {u.id for u in shown}
        return replace(matrix, units=shown, cells=tuple(c for c in matrix.cells if c.unit in kept))


def load_columns(ledger: str) -> Columns:
    """As this person left them; all in 建制序 when nothing is kept or readable."""
    kept = _all().get(ledger)
    if not isinstance(kept, dict):
        return Columns()
    order, hidden = kept.get("order"), kept.get("hidden")
    return Columns(
        tuple(map(str, order)) if isinstance(order, list) else (),
        frozenset(map(str, hidden)) if isinstance(hidden, list) else frozenset(),
    )


def save_columns(ledger: str, columns: Columns) -> None:
    """Keep them; a disk that does not let us is only logged."""
    everything = {name: value for name, value in _all().items() if name != ledger}
    if columns.any:
        everything[ledger] = {"order": list(columns.order), "hidden": sorted(columns.hidden)}
    file = paths.user_home() / "matrix-columns.json"
    part = file.with_suffix(".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(dict(list(everything.items())[-_KEPT:]), ensure_ascii=False, indent=1), "utf-8")
        os.replace(part, file)
    except OSError as exc:
        _log.info("columns were not saved: %s", exc.strerror)


def _all() -> Mapping[str, object]:
    try:
        kept = json.loads((paths.user_home() / "matrix-columns.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as exc:
        _log.info("columns were not readable: %s", type(exc).__name__)
        return {}
    return kept if isinstance(kept, dict) else {}
