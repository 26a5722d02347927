"""Operations: the worked example of docs/ledger-format.md, limits, and own operations pass the same check."""

import re
from pathlib import Path

import pytest

from ganzhou_desktop.domain import canonical
from ganzhou_desktop.domain.operations import BadOperation, NewerFormat, Revision, compose, parse
from ganzhou_desktop.store import keys

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "ledger-format.md"

SALT = bytes(16)


def example() -> dict[str, str]:
    """Everything the document's worked example shows, computed."""
    founder = keys._pair(bytes(range(32)))
    ledger = canonical.ledger_id(bytes.fromhex(founder.site), SALT)
    operation = compose(
        ledger=ledger,
        scope="all",
        site=founder.site,
        act="0" * 32,
        author="张某",
        at="2018-01-02T01:00:00Z",
        title="建立台账",
        revisions=(Revision("ledger", "ledger", (), {"key": founder.site, "salt": SALT.hex()}),),
    )
    return {
        "founding public key": founder.site,
        "ledger id": ledger,
        "bytes": operation.data.decode(),
        "operation id": operation.id,
        "revision id": operation.revision_id(0),
        "record id": operation.record(0),
        "signature": founder.sign(operation.signed_bytes).hex(),
        "heads": canonical.heads_digest([operation.id]),
        "ledger code": canonical.ledger_code(ledger),
        "site code": canonical.site_code(ledger, "all", founder.site),
        "form code": canonical.form_code(operation.id),
    }


def test_the_worked_example_of_the_document() -> None:
    text = DOCUMENT.read_text("utf-8")
    shown = dict(re.findall(r"^- ([a-z ]+): `(.+)`$", text, re.MULTILINE))
    assert shown == example()


def test_a_newer_format_is_told_as_such() -> None:
    data = example()["bytes"].encode()
    assert parse(data).scope == "all"
    with pytest.raises(NewerFormat):
        parse(data.replace(b'"format":2', b'"format":3'))
    assert parse(data.replace(b'"format":2', b'"format":1')).scope == "all", "what an older program wrote is read"
    for other in (b"0", b"true", b'"1"', b"null"):
        with pytest.raises(BadOperation):
            parse(data.replace(b'"format":2', b'"format":' + other))


def test_limits_of_size() -> None:
    given = {
        "ledger": "a" * 64,
        "scope": "ab",
        "site": "b" * 64,
        "act": "0" * 32,
        "author": "",
        "title": "",
        "at": "2018-01-02T01:00:00Z",
    }

    def entries(count: int) -> tuple[Revision, ...]:
        return tuple(Revision("entry", f"{n:032x}", (), {"x": "y"}) for n in range(count))

    assert len(compose(**given, revisions=entries(2000)).revisions) == 2000
    for revisions in (entries(2001), (), (Revision("entry", "0" * 32, (), {"x": "长" * 1_400_000}),)):
        with pytest.raises(BadOperation):
            compose(**given, revisions=revisions)
