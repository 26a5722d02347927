"""The only place that knows SQLAlchemy: the ledger file, its journal, projection, copies, keys, backups."""
