"""Paper: one layout for preview, printer and PDF."""
