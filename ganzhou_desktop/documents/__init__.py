"""Office files: workbooks and Word forms, read with suspicion and written whole; knows no plan and no register."""
