"""The report: figures, charts and the page that shows them. Its readers are French: so is the page."""

from __future__ import annotations

from .content import Report
from .figures import (
    CategoryFigures,
    Curve,
    Doubt,
    GroupShare,
    ZoneFigures,
    category_figures,
    cumulative_curve,
    figures_together,
    unsure_zones,
    worst_zones,
)
from .page import render_page
from .picture import Picture

__all__ = [
    "CategoryFigures",
    "Curve",
    "Doubt",
    "GroupShare",
    "Picture",
    "Report",
    "ZoneFigures",
    "category_figures",
    "cumulative_curve",
    "figures_together",
    "render_page",
    "unsure_zones",
    "worst_zones",
]
