"""The manual: one Markdown text with pictures, in a window of its own (F1) and as a PDF."""
