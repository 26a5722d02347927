"""Paper: one layout for preview, printer and PDF."""

from ganzhou_desktop.ui.printing.fonts import missing_fonts
from ganzhou_desktop.ui.printing.items import Document
from ganzhou_desktop.ui.printing.painting import paint, pdf_bytes, render_page, to_pdf, to_printer

__all__ = ["Document", "missing_fonts", "paint", "pdf_bytes", "render_page", "to_pdf", "to_printer"]
