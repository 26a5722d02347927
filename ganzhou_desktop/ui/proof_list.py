"""Proof files as links that open again: a safe copy in a temporary folder, shown by the PC's own program."""

import os
import shutil
import stat
import tempfile
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ganzhou_desktop.domain.filings import Proof
from ganzhou_desktop.domain.forms import ProofEntry
from ganzhou_desktop.services.proof_copies import lay_out_proof
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.icons import icon
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.texts import no_mnemonic, plain_tip, size_text, visible
from ganzhou_desktop.ui.widgets import PlainLabel, came_by_key

NOT_HELD = "佐证未随附"


class ProofOpener:
    """Opens proof files outside; the folder of copies goes when the page goes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._folder: Path | None = None

    def open(self, parent: QWidget, unit: str, proof: Proof | ProofEntry) -> None:
        """Lay a copy out and have it shown."""
        if proof.sha256 is None:
            return  # named by a path: its bytes are not in the ledger yet
        folder, session, digest = self._made(), self._session, proof.sha256
        session.operations.run_read(
            parent,
            lambda _progress: lay_out_proof(session.ledger, unit, digest, proof.name, folder),
            session.files.show_outside,
            title="打开佐证",
        )

    def _made(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="甘州科创台账-佐证-"))
            weakref.finalize(self, _clear, self._folder)
        return self._folder


def _clear(folder: Path) -> None:
    """Take the copies away; what another program still shows stays until the system clears its temporary folder."""
    for path in folder.rglob("*"):
        with suppress(OSError):
            os.chmod(path, stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)


class ProofLink(QPushButton):
    """One proof file: icon and name, shortened in the middle so that its ending stays."""

    def __init__(self, proof: Proof, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.proof = proof
        self.setProperty("kind", "text")
        self.setAutoDefault(False)
        self.setIcon(icon("document_text"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setObjectName("proof")
        self.setAccessibleName(visible(f"打开佐证 {proof.name}"))
        self.setToolTip(plain_tip(f"{proof.name}\n打开的是一份只读的副本。"))
        self.fit(200)

    def fit(self, width: int) -> None:
        """Shorten the name to a width."""
        shown = self.fontMetrics().elidedText(visible(self.proof.name), Qt.TextElideMode.ElideMiddle, max(width, 40))
        self.setText(no_mnemonic(shown))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setProperty("keyFocus", came_by_key(event))
        self.style().polish(self)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.setProperty("keyFocus", False)
        self.style().polish(self)
        super().focusOutEvent(event)


class ProofList(QWidget):
    """The proof files of one matter, each with its size, or 佐证未随附 when its bytes are not here."""

    def __init__(
        self,
        proofs: Iterable[Proof],
        opened: Callable[[Proof], None],
        parent: QWidget | None = None,
        *,
        room: int = 190,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for proof in proofs:
            row = QHBoxLayout()
            row.setSpacing(theme.GAP_S)
            size = PlainLabel(size_text(proof.size), "note")
            if proof.held:
                link = ProofLink(proof)
                link.fit(theme.scaled(room))
                link.clicked.connect(lambda _=False, proof=proof: opened(proof))
                row.setContentsMargins(-6, 0, 0, 0)  # the link's own padding: its icon stands under the heading
                row.addWidget(link)
                row.addStretch(1)
            else:
                name = PlainLabel(proof.name, "second", wrap=True)
                name.setToolTip("导出时没有附上这份文件；请对方导出时附上全部佐证。")
                row.addWidget(name, 1)
                size.setText(f"{NOT_HELD} · {size_text(proof.size)}")
            row.addWidget(size)
            column.addLayout(row)
