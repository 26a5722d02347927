"""Plain Python: the plan, the operations of the ledger, the rules; no SQL, no Qt, no clock."""
