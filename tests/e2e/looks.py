"""What the eye checks in a window, where a program can: letters that contrast with what is behind, texts that fit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from qgis.PyQt.QtCore import QPoint, QRect, Qt
from qgis.PyQt.QtGui import QImage
from qgis.PyQt.QtWidgets import QAbstractButton, QAbstractItemView, QCheckBox, QLabel, QPushButton, QWidget

LEAST_CONTRAST = 4.5
"""Of letters with their background: level AA of WCAG 2.1 (https://www.w3.org/TR/WCAG21/#contrast-minimum)."""


class Stop(NamedTuple):
    """A widget that Tab stops at, and where it is in its window."""

    name: str
    place: QRect


def faults(window: QWidget) -> list[str]:
    """What cannot be read in a window as it stands, and where Tab goes against the order of reading."""
    picture = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    words = [part for part in window.findChildren(QLabel) + window.findChildren(QAbstractButton) if _is_read(part)]
    # Buttons are the theme's own: those of Night Mapping have 3.4 in QGIS 3.40.
    labels = [part for part in words if isinstance(part, QLabel) and _shows_a_line(part)]
    said = [(part, contrast(_part_of(picture, window, part))) for part in labels]
    found = [f"pale ({ratio:.1f}): {part.text()}" for part, ratio in said if ratio < LEAST_CONTRAST]
    found += [f"cut: {part.text()}" for part in words if _is_cut(part)]
    views = [view for view in window.findChildren(QAbstractItemView) if view.horizontalScrollBar().isVisible()]
    found += [f"scrolls sideways: {view.accessibleName() or view}" for view in views]
    stops = tab_stops(window)
    return found + [
        f"Tab goes from {before.name} back to {after.name}"
        for before, after in zip(stops, stops[1:])
        if _precedes(after, before)
    ]


def tab_stops(window: QWidget) -> list[Stop]:
    """Where Tab leads, one after the other, in what a window shows."""
    stops, part = [], window.nextInFocusChain()
    while part is not window:
        by_tab = part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.focusProxy() is None
        if by_tab and part.isEnabled() and not part.visibleRegion().isEmpty() and window.isAncestorOf(part):
            name = part.accessibleName() or getattr(part, "text", part.objectName)()
            stops.append(Stop(f"{type(part).__name__} {name}", _where_it_shows(part, window)))
        part = part.nextInFocusChain()
    return stops


def _precedes(one: Stop, other: Stop) -> bool:
    """Whether a reader comes to ``one`` before ``other``: it is above, or beside on the left."""
    if one.place.bottom() < other.place.top():
        return True
    beside = one.place.top() <= other.place.center().y() <= one.place.bottom()
    return beside and one.place.right() < other.place.left()


def contrast(picture: QImage) -> float:
    """Of letters with what is behind them: of the commonest colour with the one farthest from it."""
    bits = picture.constBits()
    bits.setsize(picture.sizeInBytes())
    colours, counts = np.unique(np.frombuffer(bits, np.uint8).reshape(-1, 4)[:, :3], axis=0, return_counts=True)
    light = _luminance(colours[:, ::-1])
    behind = light[counts.argmax()]
    ratios = (np.maximum(light, behind) + 0.05) / (np.minimum(light, behind) + 0.05)
    return float(ratios.max())


def _part_of(picture: QImage, window: QWidget, part: QWidget) -> QImage:
    """Where a part shows in the picture of its window: its own picture would have another background."""
    scale, shown = picture.devicePixelRatio(), _where_it_shows(part, window)
    return picture.copy(QRect(shown.topLeft() * scale, shown.size() * scale))


def _where_it_shows(part: QWidget, window: QWidget) -> QRect:
    return part.visibleRegion().boundingRect().translated(part.mapTo(window, QPoint()))


def _luminance(rgb: np.ndarray) -> np.ndarray:
    """WCAG's relative luminance of colours (n, 3) in 0–255."""
    share = rgb / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def _is_read(part: QWidget) -> bool:
    kinds = QLabel, QPushButton, QCheckBox
    return isinstance(part, kinds) and not part.visibleRegion().isEmpty() and part.isEnabled() and bool(part.text())


def _shows_a_line(part: QWidget) -> bool:
    """Whether a line of it is in sight: of letters that the edge of a page cuts, too little is left to judge."""
    return part.visibleRegion().boundingRect().height() >= min(part.height(), part.fontMetrics().height())


def _is_cut(part: QWidget) -> bool:
    if isinstance(part, QLabel) and part.wordWrap():
        return part.height() < part.heightForWidth(part.width())
    return part.width() < part.minimumSizeHint().width()
