"""任务矩阵: tasks × units of one period, and what stands behind each cell."""

from ganzhou_desktop.ui.pages.matrix_page.page import MatrixPage

__all__ = ["MatrixPage"]
