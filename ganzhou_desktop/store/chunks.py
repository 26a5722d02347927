"""Lists short enough for one statement."""

from collections.abc import Iterable, Iterator

SIZE = 400


def chunks(items: Iterable[str], size: int = SIZE) -> Iterator[list[str]]:
    """Items in lists short enough for one IN (…)."""
    batch: list[str] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
