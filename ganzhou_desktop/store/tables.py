"""SQLAlchemy's picture of a ledger file: the journal's own tables (made by db/migrations) and the projection."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
)

journal = MetaData()
projection = MetaData()

meta = Table("meta", journal, Column("name", String, primary_key=True), Column("value", String, nullable=False))

step = Table(
    "step",
    journal,
    Column("seq", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("what", String, nullable=False),
    Column("nature", String, nullable=False),
    Column("title", String, nullable=False),
    Column("act", String, nullable=False),
    Column("undone", Integer, nullable=False, default=0),
)
"""What was done in this file, in order: `what` is write, merge, export, hand_out or recover."""

operation = Table(
    "operation",
    journal,
    Column("seq", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("scope", String, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("step", Integer, ForeignKey("step.seq"), nullable=False),
)

proof = Table(
    "proof",
    journal,
    Column("seq", Integer, primary_key=True),
    Column("scope", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    Column("step", Integer, ForeignKey("step.seq")),
)

draft = Table(
    "draft",
    journal,
    Column("unit", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("body", String, nullable=False),
    Column("saved", String, nullable=False),
)

package = Table(
    "package",
    journal,
    Column("seq", Integer, primary_key=True),
    Column("step", Integer, ForeignKey("step.seq")),
    Column("at", String, nullable=False),
    Column("direction", String, nullable=False),
    Column("file", String, nullable=False),
    Column("site", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("period", String, nullable=False),
    Column("heads", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("text", String, nullable=False),
    Column("held", String, nullable=False),
    Column("lacks", String, nullable=False),
)
"""The log of copies seen and handed over.

`held`: proof hashes the other side said it holds; `lacks`: ids of operations held here that its copy had not.
"""

# -- projection: dropped and rebuilt at any time ------------------------------------------------------------

p_revision = Table(
    "p_revision",
    projection,
    Column("operation", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("record", String, nullable=False),
    PrimaryKeyConstraint("operation", "position"),
    sqlite_with_rowid=False,
)
"""Which record each revision is about; `operation` is `operation.seq`."""

p_record = Table(
    "p_record",
    projection,
    Column("id", String, primary_key=True),
    Column("scope", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("register", String),
    Column("heads", String, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("deletion_contested", Boolean, nullable=False),
    Column("contested", Boolean, nullable=False),
    Column("body", String, nullable=False),
    Column("origins", String, nullable=False),
)
"""The state of each record in one row, as `store.rows` writes it: `body` holds all its values as one canonical object.

One row a record, not one a field: a register of 20,000 entries is read in a tenth of the time that its 200,000 fields
would take, and a merge writes a seventh of the rows.  `register` is null for kinds that are in none.
"""

p_number = Table(
    "p_number",
    projection,
    Column("field", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("periods", String, nullable=False),
    Column("numbers", String, nullable=False),
    PrimaryKeyConstraint("field", "scope"),
    sqlite_with_rowid=False,
)
"""The numbers of the submissions of a unit that are filed: for each field its periods, and as many decimals.

What `p_record` says already, laid as pages add it up: 100,000 numbers are read in a tenth of the time that parsing
their records would take, and in half of that of a row each.
"""

indexes = (
    Index("p_revision_record", p_revision.c.record),
    Index("p_record_kind", p_record.c.kind, p_record.c.scope, p_record.c.key),
    Index(
        "p_record_register",
        p_record.c.kind,
        p_record.c.register,
        p_record.c.scope,
        p_record.c.key,
        sqlite_where=p_record.c.register.is_not(None),
    ),
    Index("p_record_contested", p_record.c.contested, sqlite_where=p_record.c.contested),
)
"""Made after a projection is filled: sorted, that is several times quicker than row by row."""
