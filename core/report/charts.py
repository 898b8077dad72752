"""Charts as SVG text, to stand inside the page. matplotlib draws them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date

import matplotlib
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.figure import Figure

from ..access.equity import Share
from ..observatory import DatePoint
from .figures import Curve
from .french import nombre, pourcent
from .gains import GainWords
from .scales import round_axis

# Distinguishable by colour-blind people, and by dashes in print (Okabe and Ito, https://jfly.uni-koeln.de/color/).
LINES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
DASHES = ("-", "--", "-.", ":", (0, (6, 2, 1, 2, 1, 2)), (0, (1, 1)), (0, (8, 3)))
INK = "#2b2b2b"
GRID = "#d9d9d9"
MOST_FIGURES = 13
"""Along a curve, that they do not touch."""


def cumulative_chart(curves: Mapping[str, Curve], thresholds: Sequence[float], longest: float) -> str:
    """Share of the population against minutes, a line a category, the thresholds marked."""
    figure, axes = _figure(7.2, 4.0)
    for rank, (label, curve) in enumerate(curves.items()):
        axes.step(
            [*curve.minutes, max(longest, curve.minutes[-1])],
            [*(100 * curve.share), 100 * curve.share[-1]],
            where="post",
            color=LINES[rank % len(LINES)],
            linestyle=DASHES[rank % len(DASHES)],
            linewidth=2,
            label=_plain(label),
        )
    for threshold in thresholds:
        axes.axvline(threshold, color=INK, linewidth=0.8, linestyle=(0, (2, 3)))
    axes.set_xlim(0, longest)
    axes.set_ylim(0, 100)
    axes.set_xlabel("minutes jusqu'au service le plus proche")
    axes.set_ylabel("% de la population")
    axes.legend(frameon=False, loc="lower right")
    return _svg(figure)


def dates_chart(series: Mapping[str, Sequence[DatePoint]]) -> str:
    """Share of the population at each date, a line a category."""
    figure, axes = _figure(7.2, 3.2)
    for rank, (label, points) in enumerate(series.items()):
        shares = ((date.fromisoformat(point.date), point.served.share()) for point in points)
        known = [(day, 100 * share) for day, share in shares if share is not None]
        axes.plot(
            [day for day, _share in known],
            [share for _day, share in known],
            color=LINES[rank % len(LINES)],
            linestyle=DASHES[rank % len(DASHES)],
            marker="o",
            linewidth=2,
            label=_plain(label),
        )
    axes.set_ylim(bottom=0)
    axes.set_ylabel("% de la population")
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=6))
    axes.xaxis.set_major_formatter(DateFormatter("%d/%m/%Y"))
    axes.legend(frameon=False, loc="best")
    return _svg(figure)


def share_chart(labels: Sequence[str], shares: Sequence[float], colour: str, of: str = "% de la population") -> str:
    """Horizontal bars: a share (0 to 1) ``of`` a whole for each label, the first on top, each with its figure."""
    figure, axes = _figure(7.2, 0.6 + 0.34 * len(labels))
    positions = range(len(labels))
    axes.barh(positions, [100 * share for share in shares], color=colour)
    axes.set_yticks(list(positions))
    axes.set_yticklabels(list(map(_plain, labels)))
    axes.invert_yaxis()
    top = max([100 * share for share in shares], default=0) or 1
    axes.set_xlim(0, top * 1.15)
    axes.set_xlabel(of)
    for position, share in zip(positions, shares):
        axes.text(100 * share + top * 0.01, position, pourcent(share), va="center", color=INK)
    return _svg(figure)


def strip_chart(shares: Sequence[float], whole: float | None, width: float = 1150, height: float = 140) -> str:
    """A line of 0 to 100 % with a stroke for each share (0 to 1), and a dashed one for ``whole``.

    The ends of the line lie 2 % of the width inside the drawing.
    """
    left, along, foot = 0.02 * width, 0.96 * width, 0.75 * height
    strokes = "".join(f"M{left + along * share:.1f} {0.2 * height:.1f}V{foot:.1f}" for share in shares)
    ticks = "".join(
        f'<text x="{left + along * at:.1f}" y="{height - 6:.1f}" text-anchor="{anchor}">{pourcent(at, 0)}</text>'
        for at, anchor in ((0, "start"), (0.25, "middle"), (0.5, "middle"), (0.75, "middle"), (1, "end"))
    )
    everyone = f"M{left + along * whole:.1f} 0V{foot:.1f}" if whole is not None else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" font-family="DejaVu Sans" font-size="26" fill="{INK}">'
        f'<path d="M{left:.1f} {foot:.1f}H{left + along:.1f}" stroke="{INK}" stroke-width="2"/>'
        f'<path d="{strokes}" stroke="#8f8f8f" stroke-width="3"/>'
        f'<path d="{everyone}" stroke="{INK}" stroke-width="4" stroke-dasharray="12 8" fill="none"/>{ticks}</svg>'
    )


def people_chart(labels: Sequence[str], people: Sequence[float], shares: Sequence[float | None], colour: str) -> str:
    """Horizontal bars: so many people for each label, the first on top, each with its figure and share (0 to 1).

    Bars and names are found by their id: ``barre-0``, ``nom-0`` …
    """
    figure, axes = _figure(7.2, 0.6 + 0.34 * len(labels))
    positions = range(len(labels))
    for rank, bar in enumerate(axes.barh(positions, people, color=colour)):
        bar.set_gid(f"barre-{rank}")
    axes.set_yticks(list(positions))
    for rank, name in enumerate(axes.set_yticklabels(list(map(_plain, labels)))):
        name.set_gid(f"nom-{rank}")
    axes.invert_yaxis()
    ticks = round_axis(0.0, max(people, default=0.0), 4)
    axes.set_xticks(ticks)
    axes.set_xticklabels(list(map(nombre, ticks)))
    axes.set_xlim(0, ticks[-1] * 1.25)
    axes.set_xlabel("habitants")
    for position, count, share in zip(positions, people, shares):
        words = nombre(count) if share is None else f"{nombre(count)} ({pourcent(share)})"
        axes.text(count + ticks[-1] * 0.01, position, words, va="center", color=INK)
    return _svg(figure)


def gain_chart(gains: Sequence[float], words: GainWords, knee: int, colour: str, bend: str) -> str:
    """What 0, 1, 2 … sites opened bring; a mark at ``knee`` sites, of the colour ``bend``."""
    figure, axes = _figure(7.2, 3.2)
    sites, ticks = range(len(gains)), round_axis(min(gains), max(gains))
    axes.plot(sites, gains, color=colour, marker="o", linewidth=2)
    axes.plot([knee], [gains[knee]], "o", markersize=9, markerfacecolor=bend, markeredgecolor=INK)
    each = 1 + len(gains) // MOST_FIGURES
    for count, gain in list(zip(sites, gains))[::each]:
        axes.annotate(words.figure(gain), (count, gain), textcoords="offset points", xytext=(0, 7), ha="center")
    axes.set_xticks(list(sites)[::each])
    axes.set_yticks(ticks)
    decimals = 0 if all(float(tick).is_integer() for tick in ticks) else 2
    axes.set_yticklabels([nombre(tick, decimals) for tick in ticks])
    axes.set_ylim(ticks[0], ticks[-1] + 0.12 * (ticks[-1] - ticks[0]))
    axes.set_xlabel("nombre de lieux ouverts")
    axes.set_ylabel(words.axis)
    return _svg(figure)


def share_curves_chart(curves: Mapping[str, Share]) -> str:
    """Lorenz and concentration curves: cumulated share of the value against that of the people, a line a curve."""
    figure, axes = _figure(5.6, 5.2)
    axes.plot([0, 100], [0, 100], color=INK, linewidth=0.8, linestyle=(0, (2, 3)))
    for rank, (label, curve) in enumerate(curves.items()):
        axes.plot(
            100 * curve.people,
            100 * curve.value,
            color=LINES[rank % len(LINES)],
            linestyle=DASHES[rank % len(DASHES)],
            linewidth=2,
            label=_plain(label),
        )
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 100)
    axes.set_xlabel("% de la population")
    axes.set_ylabel("% de la valeur")
    axes.legend(frameon=False, loc="upper left")
    return _svg(figure)


def _plain(label: str) -> str:
    """A text that matplotlib shows as it is: `$` begins no formula, and `_` at the start hides it from no legend."""
    text = label.replace("$", r"\$")
    return f" {text}" if text.startswith("_") else text


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    # The object interface: no window system, no shared state, any thread.
    with matplotlib.rc_context({"font.size": 10, "axes.edgecolor": INK, "text.color": INK}):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.add_subplot()
    axes.grid(color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _svg(figure: Figure) -> str:
    written = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "carto"}):
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    text = written.getvalue()
    return text[text.index("<svg") :]
