"""`dev.py gallery --manual`: renews the manual's pictures from the gallery, in few colours so that they stay small."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "manual" / "pictures"
COLOURS = 96
LARGEST = 120_000

WHOLE = QRect()
CHOSEN: dict[str, tuple[str, QRect]] = {
    "start": ("01_首次启动", QRect(0, 0, 1366, 610)),
    "join": ("24_接收下发副本", QRect(0, 0, 1366, 430)),
    "overview": ("02_总览", WHOLE),
    "target": ("03_目标详情", WHOLE),
    "matrix": ("05_任务矩阵_一格", WHOLE),
    "review": ("06_审核", WHOLE),
    "keyed": ("07_代录", WHOLE),
    "figures": ("08_数字核定", WHOLE),
    "periods": ("09_设置_期次", QRect(0, 0, 1366, 400)),
    "recovery": ("11_设置_恢复单", QRect(0, 0, 1366, 480)),
    "merge": ("14_合账台_预览", WHOLE),
    "hand_out": ("15_下发副本", QRect(290, 50, 786, 600)),
    "conflicts": ("16_两处不一致", QRect(140, 24, 1086, 650)),
    "form_print": ("18_打印预览_填报表", WHOLE),
    "filing": ("21_填报", WHOLE),
    "registers": ("25_台账", WHOLE),
    "import": ("27_台账_导入", QRect(200, 56, 966, 584)),
    "applications": ("30_申报_流程看板", QRect(0, 0, 1366, 470)),
    "subsidies": ("31_奖补", WHOLE),
    "read_back": ("33_读回Word", QRect(290, 76, 786, 544)),
    "unit_exchange": ("23_单位_数据交换", QRect(0, 0, 1366, 540)),
}
"""The manual's name of a picture, the gallery's, and what of it is shown."""
SIZE = "1366"


def main() -> int:
    """Take the gallery, keep the chosen pictures."""
    with tempfile.TemporaryDirectory(prefix="ganzhou-pictures-") as folder:
        done = subprocess.run([sys.executable, "-m", "tests.gallery", folder], cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, (source, area) in CHOSEN.items():
            image = QImage(str(Path(folder) / f"{source}_{SIZE}.png"))
            target = FOLDER / f"{name}.png"
            assert few_colours(image.copy(area) if not area.isNull() else image).save(str(target), "PNG", 0)
            print(f"{target.relative_to(ROOT)} {target.stat().st_size // 1024} kB", flush=True)  # noqa: T201  (what this command is for)
    return 0


def few_colours(image: QImage, most: int = COLOURS) -> QImage:
    """The picture with a palette of its own: median cut, no dithering, which would cost more than it shows."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    width, height = plain.width(), plain.height()
    pixels = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(height, plain.bytesPerLine())[:, : 4 * width]
    flat = pixels.reshape(height * width, 4)[:, :3].astype(np.int64)
    codes = flat[:, 0] << 16 | flat[:, 1] << 8 | flat[:, 2]
    distinct, place, counts = np.unique(codes, return_inverse=True, return_counts=True)
    colours = np.stack([distinct >> 16, distinct >> 8 & 255, distinct & 255], axis=1)
    index = np.zeros(len(distinct), dtype=np.uint8)
    made = QImage(width, height, QImage.Format.Format_Indexed8)
    table = []
    for n, box in enumerate(_boxes(colours, counts, most)):
        index[box] = n
        # Flat areas keep exactly their colour: the box's commonest, not its mean.
        blue, green, red = (int(v) for v in colours[box[np.argmax(counts[box])]])
        table.append(0xFF000000 | red << 16 | green << 8 | blue)
    made.setColorTable(table)
    rows = np.zeros((height, made.bytesPerLine()), dtype=np.uint8)
    rows[:, :width] = index[place].reshape(height, width)
    found = QImage(rows.tobytes(), width, height, made.bytesPerLine(), QImage.Format.Format_Indexed8)
    found.setColorTable(table)
    return found.copy()


def _boxes(colours: np.ndarray, counts: np.ndarray, most: int) -> Iterator[np.ndarray]:
    """Groups of like colours: the group that is widest for its weight is halved until there are enough."""
    boxes = [np.arange(len(colours))]
    while len(boxes) < most:
        spreads = [
            (np.ptp(colours[b], axis=0).max() * np.sqrt(counts[b].sum()), n) for n, b in enumerate(boxes) if len(b) > 1
        ]
        if not spreads:
            break
        box = boxes.pop(max(spreads)[1])
        axis = int(np.ptp(colours[box], axis=0).argmax())
        ordered = box[np.argsort(colours[box, axis], kind="stable")]
        # Weighed by the root: text edges are few pixels of many colours and must not all go to one.
        weight = np.cumsum(np.sqrt(counts[ordered]))
        middle = int(np.searchsorted(weight, weight[-1] / 2))
        middle = min(max(1, middle), len(ordered) - 1)
        boxes += [ordered[:middle], ordered[middle:]]
    yield from boxes


if __name__ == "__main__":
    sys.exit(main())
