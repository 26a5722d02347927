"""打印预览 as a page: whatever was asked to be printed, then back to where it was asked."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganzhou_desktop.ui.printing.jobs import PreviewJob
from ganzhou_desktop.ui.printing.preview import PrintPreview
from ganzhou_desktop.ui.printing.preview_task import Task
from ganzhou_desktop.ui.session import Session


class PreviewPage(QWidget):
    """Holds one preview at a time."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.preview: PrintPreview | None = None

    def refresh(self) -> None:
        """A preview shows what was read when it was asked for."""

    def can_leave(self) -> bool:
        return True

    def show_argument(self, argument: object) -> None:
        """Preview a job."""
        if not isinstance(argument, PreviewJob):
            return
        job = argument
        if self.preview is not None:
            self.preview.stop()
            self._layout.removeWidget(self.preview)
            self.preview.deleteLater()

        self.preview = PrintPreview(
            job.make,
            job.title,
            note=job.note,
            papers=job.papers,
            ticks=job.ticks,
            colours_offered=job.colours,
            file_name=job.file_name,
            choose_path=lambda parent, offered: self._session.files.save_file(
                parent, "存为 PDF", offered if offered.endswith(".pdf") else f"{offered}.pdf", "PDF 文件 (*.pdf)"
            ),
            run=self._run,
            parent=self,
        )
        self.preview.closed.connect(lambda: self._session.go(job.back))
        if job.printed is not None:
            done = job.printed
            self.preview.saved.connect(lambda _path: done())
            self.preview.printed.connect(done)
        self._layout.addWidget(self.preview)
        self.preview.refresh()

    def _run(self, task: Task) -> None:
        """On the worker thread: a register of 20,000 rows takes seconds to lay out, and the window must not wait."""
        job = self._session.operations.run_read(
            self, task.work, task.done, title=task.title, on_error=task.failed, busy=task
        )
        task.cancel = job.cancel
