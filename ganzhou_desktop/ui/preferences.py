"""What this person's program remembers between starts: ledgers opened lately, type size, author's name.

A damaged file is set aside and never stops the start.
"""

import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ganzhou_desktop import paths

_log = logging.getLogger(__name__)

SCALES = (100, 110, 125)
_KEPT = 8


@dataclass(frozen=True, slots=True)
class Recent:
    """A ledger opened lately, as the start page lists it."""

    path: str
    name: str
    who: str
    period: str
    opened: str


@dataclass
class Preferences:
    """Small choices of this person on this PC; never in a ledger or a copy."""

    scale: int = 100
    author: str = ""
    recent: list[Recent] = field(default_factory=list)
    window: str = ""
    """Where the window was, as Qt writes it, in base 64."""

    @classmethod
    def load(cls) -> "Preferences":
        """As saved last; defaults when there is nothing or nothing readable."""
        file = _file()
        try:
            kept = json.loads(file.read_text("utf-8"))
            scale = kept.get("scale", 100)
            return cls(
                scale=scale if scale in SCALES else 100,
                author=str(kept.get("author", ""))[:100],
                recent=[Recent(**{k: str(v) for k, v in one.items()}) for one in kept.get("recent", [])][:_KEPT],
                window=str(kept.get("window", ""))[:1000],
            )
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError, AttributeError) as exc:
            _log.info("preferences were not readable and are started anew: %s", type(exc).__name__)
            return cls()

    def save(self) -> None:
        """Keep them; a disk that does not let us is only logged."""
        file = _file()
        temporary = file.with_suffix(".part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), "utf-8")
            paths.put_in_place(temporary, file, patience=0.5)
        except OSError as exc:
            _log.info("preferences were not saved: %s", exc.strerror)

    def remember(self, entry: Recent) -> None:
        """Put a ledger at the head of the list."""
        self.recent = [entry, *(r for r in self.recent if r.path != entry.path)][:_KEPT]
        self.save()

    def last_ledger(self) -> Path | None:
        """The ledger opened last, if it is still there; on a stick also when the stick has another letter today."""
        if not self.recent:
            return None
        path = Path(self.recent[0].path)
        return next((p for p in (path, paths.default_ledger_dir() / path.name) if p.is_file()), None)


def _file() -> Path:
    return paths.user_home() / "preferences.json"
