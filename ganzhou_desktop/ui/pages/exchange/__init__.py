"""数据交换: copies out, copies in, what stands twice, and whether the file is sound."""

from ganzhou_desktop.ui.pages.exchange.page import ExchangePage

__all__ = ["ExchangePage"]
