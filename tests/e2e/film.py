"""Short films of the desktop: what the screen shows at each step of a drive, one GIF a use.

A step is a click, a choice, a wait that ends, a picture that is kept; while the desktop works, one a second. Frames are
kept small in memory, and written when the use ends; a ring shows where the mouse was. A film that would weigh more than
`MOST_BYTES` gets fewer colours, then fewer dots.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter
from qgis.PyQt.QtWidgets import QApplication, QWidget

WIDTH = 1000
MOST_BYTES = 1_500_000
STEP_MS, LAST_MS = 900, 4000
TRIES = ((WIDTH, 128), (WIDTH, 64), (800, 64), (640, 48))
"""Dots in width and colours, the first that is light enough is kept."""
RING, INK = 13, (216, 27, 96)
MOST_FRAMES = 60


class Film:
    """The frames of one use."""

    def __init__(self, name: str, folder: Path) -> None:
        self._path = folder / f"film-{name}.gif"
        self._frames: list[tuple[QImage, QPoint | None]] = []

    def take(self, window: QWidget, mouse: QPoint | None = None) -> None:
        """What stands before the user, unless it is as before; ``mouse``: where on the screen a click is made."""
        seen = _seen(window)
        scale = WIDTH / seen.width()
        shown = seen.scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation)
        where = None if mouse is None else window.mapFromGlobal(mouse) * scale
        is_new = where is not None or not self._frames or self._frames[-1][0] != shown
        if is_new and len(self._frames) < MOST_FRAMES:
            self._frames.append((shown, where))

    def close(self) -> None:
        """Write the film."""
        frames = [_as_pillow(shown, where) for shown, where in self._frames]
        for width, colours in TRIES:
            content = assemble([_narrower(frame, width) for frame in frames], colours)
            if len(content) <= MOST_BYTES:
                break
        self._path.write_bytes(content)


def _seen(window: QWidget) -> QImage:
    """The window, and those that stand before it, moved into it: no manager of windows does, and screens are small."""
    seen = window.grab().toImage()
    painter = QPainter(seen)
    for other in QApplication.topLevelWidgets():
        if other is not window and other.isVisible() and not other.isMinimized() and other.width() > 1:
            place, size = window.mapFromGlobal(other.mapToGlobal(QPoint(0, 0))), other.size()
            x = min(max(place.x(), 0), max(seen.width() - size.width(), 0))
            y = min(max(place.y(), 0), max(seen.height() - size.height(), 0))
            painter.drawImage(QPoint(x, y), other.grab().toImage())
            painter.setPen(QColor("#5a5a5a"))
            painter.drawRect(x, y, size.width() - 1, size.height() - 1)
    painter.end()
    return seen


def assemble(frames: list[Image.Image], colours: int) -> bytes:
    """A GIF of the frames, all in the same colours; what a frame does not change is transparent in it."""
    whole = Image.new("RGB", (frames[0].width, sum(frame.height for frame in frames[::3])))
    for rank, frame in enumerate(frames[::3]):
        whole.paste(frame, (0, rank * frame.height))
    met = whole.quantize(colours - 1, dither=Image.Dither.NONE).getpalette()[: 3 * (colours - 1)]
    known = [*met, *[0] * (3 * (colours - 1) - len(met)), *INK]
    palette = Image.new("P", (1, 1))
    palette.putpalette(known)
    ranks = [np.asarray(frame.quantize(palette=palette, dither=Image.Dither.NONE)) for frame in frames]
    changed = [ranks[0], *(np.where(now == before, colours, now) for before, now in zip(ranks, ranks[1:]))]
    images = []
    for part in changed:
        image = Image.fromarray(part.astype(np.uint8), "P")
        image.putpalette([*known, 0, 0, 0])
        images.append(image)
    written = io.BytesIO()
    shown = {"loop": 0, "duration": [*[STEP_MS] * (len(images) - 1), LAST_MS]}
    kept = {"transparency": colours, "disposal": 1, "optimize": False}
    images[0].save(written, "GIF", save_all=True, append_images=images[1:], **shown, **kept)
    return written.getvalue()


def _narrower(frame: Image.Image, width: int) -> Image.Image:
    if frame.width <= width:
        return frame
    return frame.resize((width, round(frame.height * width / frame.width)), Image.Resampling.LANCZOS)


def _as_pillow(image: QImage, mouse: QPoint | None) -> Image.Image:
    """The frame, with a ring where the mouse is."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    bits = image.constBits()
    bits.setsize(image.bytesPerLine() * image.height())
    size = image.width(), image.height()
    frame = Image.frombuffer("RGB", size, bytes(bits), "raw", "RGB", image.bytesPerLine(), 1).copy()
    if mouse is not None:
        x, y = mouse.x(), mouse.y()
        ImageDraw.Draw(frame).ellipse((x - RING, y - RING, x + RING, y + RING), outline=INK, width=4)
    return frame
