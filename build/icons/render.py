"""Draw the icons in every size: PNG files, an .ico for Windows and an .icns for macOS.

    python build/icons/render.py [FOLDER]

FOLDER is .cache/icons unless another one is named. Small sizes have a drawing of their own, with less in it.
"""

import os
import struct
import sys
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / ".cache" / "icons"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512, 1024)
LARGEST_SMALL = 32
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
ICNS_TYPES: Mapping[bytes, int] = {  # of pictures as PNG; the second of each size is for screens of double density
    b"icp4": 16, b"icp5": 32, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024,
    b"ic11": 32, b"ic12": 64, b"ic13": 256, b"ic14": 512,
}  # fmt: skip


def render(source: Path, size: int) -> bytes:
    """Return a drawing as a square PNG file."""
    from PySide6.QtCore import QBuffer, QByteArray
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(source)).render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(content.data())


def make_ico(pictures: Mapping[int, bytes]) -> bytes:
    """Return an icon for Windows, whose pictures are PNG files, by size."""
    head, place = struct.pack("<HHH", 0, 1, len(pictures)), 6 + 16 * len(pictures)
    entries = b""
    for size, content in pictures.items():
        edge = size % 256  # 0 stands for 256
        entries += struct.pack("<BBBBHHII", edge, edge, 0, 0, 1, 32, len(content), place)
        place += len(content)
    return head + entries + b"".join(pictures.values())


def make_icns(pictures: Mapping[int, bytes]) -> bytes:
    """Return an icon for macOS, whose pictures are PNG files, by size."""
    blocks = b"".join(
        kind + struct.pack(">I", 8 + len(pictures[size])) + pictures[size] for kind, size in ICNS_TYPES.items()
    )
    return b"icns" + struct.pack(">I", 8 + len(blocks)) + blocks


def render_all(folder: Path) -> None:
    """Write everything into a folder, which is made."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {
        size: render(HERE / ("icon-small.svg" if size <= LARGEST_SMALL else "icon.svg"), size) for size in SIZES
    }
    for size, content in pictures.items():
        (folder / f"icon-{size}.png").write_bytes(content)
    documents = {size: render(HERE / "document.svg", size) for size in ICO_SIZES}
    (folder / "icon.ico").write_bytes(make_ico({size: pictures[size] for size in ICO_SIZES}))
    (folder / "document.ico").write_bytes(make_ico(documents))
    (folder / "icon.icns").write_bytes(make_icns(pictures))
    (folder / "icon.svg").write_bytes((HERE / "icon.svg").read_bytes())


if __name__ == "__main__":
    render_all(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
