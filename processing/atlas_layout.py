"""The layout of the atlas: the plugin's own, or a print layout that the user changed. Both are filled by item ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from qgis.core import (
    QgsLayoutFrame,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsPathResolver,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsRectangle,
    QgsTextFormat,
)
from qgis.PyQt.QtXml import QDomDocument

from ..core.report.charts import strip_chart
from ..i18n import tr
from .layouts import (
    MM,
    SMALLEST,
    Frame,
    LayoutPage,
    PageTable,
    draw_in,
    letters_of,
    text_width,
    write_with,
)
from .literal import literal
from .report_inputs import ReportInputError
from .styling import palette

TITLE, NAME, LEAD, MAP, LEGEND, SCALE = "titre", "nom", "resume", "carte", "legende", "echelle"
PRODUCER, LOGO, TABLE, ZONES_TITLE, ZONES = "attribution", "logo", "tableau", "zones_titre", "zones"
STRIP_TITLE, STRIP, MARKER, LOCATOR, FOOT, SIGNATURE = (
    *("bande_titre", "bande", "repere"),
    *("localisation", "pied", "signature"),
)
KINDS: dict[str, type[QgsLayoutItem]] = {
    TITLE: QgsLayoutItemLabel,
    NAME: QgsLayoutItemLabel,
    LEAD: QgsLayoutItemLabel,
    MAP: QgsLayoutItemMap,
    LEGEND: QgsLayoutItemLegend,
    SCALE: QgsLayoutItemScaleBar,
    PRODUCER: QgsLayoutItemLabel,
    LOGO: QgsLayoutItemPicture,
    TABLE: QgsLayoutFrame,
    ZONES_TITLE: QgsLayoutItemLabel,
    ZONES: QgsLayoutFrame,
    STRIP_TITLE: QgsLayoutItemLabel,
    STRIP: QgsLayoutItemPicture,
    MARKER: QgsLayoutItemLabel,
    LOCATOR: QgsLayoutItemMap,
    FOOT: QgsLayoutItemLabel,
    SIGNATURE: QgsLayoutItemLabel,
}
"""The items that an atlas fills, by their ids, and what each of them must be."""
SAMPLES = {
    TITLE: "Titre du rapport",
    NAME: "Nom de la zone",
    LEAD: "Habitants, part du territoire, rang",
    ZONES_TITLE: "Les zones voisines",
    STRIP_TITLE: "Part des habitants au-delà du seuil, un trait par zone",
    MARKER: "▲ 12,3 %",
    FOOT: "Territoire · date · déplacement",
    SIGNATURE: "Signature",
    PRODUCER: "© IGN",
}
"""What a layout to be changed shows where the report writes."""
MOST_LINES = 8
"""Services beside which the neighbours, the locator and the strip have room."""
_TOP, _BLOCK, _FOOT = 40, 196, 279
"""Of what is under the heading, of the block of neighbours, strip and locator, and of the foot: millimetres."""
_SMALLEST_MAP, _ROW = 112, 6.2
"""Millimetres high; a row of the table, where there is room."""


class Columns(NamedTuple):
    """Titles of a table, and their parts of its width."""

    titles: tuple[str, ...]
    widths: tuple[float, ...]

    def heading(self, limit: str) -> list[str]:
        """The titles, with the threshold in words."""
        return [title.format(limit=limit) for title in self.titles]


OF_SERVICES = Columns(
    ("Service", "à plus de {limit}", "part", "en tout", "temps moyen", "en tout", "sur place"),
    (42, 38, 20, 18, 24, 18, 20),
)
OF_ZONES = Columns(("Zone", "habitants", "à plus de {limit}", "part", "temps moyen"), (38, 18, 23, 18, 21))


class AtlasLayout:
    """A layout whose items are found by their ids."""

    def __init__(self, layout: QgsPrintLayout) -> None:
        self.layout = layout
        self.items: dict[str, Any] = {}
        self._letters: dict[str, QgsTextFormat] = {}
        for name, kind in KINDS.items():
            item = layout.itemById(name)
            if isinstance(item, kind):
                self.items[name] = item

    @property
    def lacking(self) -> list[str]:
        """The ids that no item has, or one of another kind."""
        return [name for name in KINDS if name not in self.items]

    def write(self, name: str, text: str) -> None:
        """Words in a label, shown as they are; nothing is shown of a label without words."""
        if name in self.items:
            self.items[name].setText(literal(text))
            self.items[name].setVisibility(bool(text))

    def write_whole(self, name: str, text: str) -> None:
        """Words in a label, in letters as small as lets them stand on one line."""
        self.write(name, text)
        if name not in self.items:
            return
        label = self.items[name]
        how = self._letters.setdefault(name, letters_of(label))
        smaller = QgsTextFormat(how)
        room = 0.97 * self.frame(name).width / max(text_width(text, how), 1e-9)
        smaller.setSize(max(SMALLEST, how.size() * min(1.0, room)))
        write_with(smaller, label)

    def sign(self, words: str) -> None:
        """Who answers for the atlas; where nobody is said, what the user wrote there stays."""
        if words or (SIGNATURE in self.items and self.items[SIGNATURE].text() == SAMPLES[SIGNATURE]):
            self.write(SIGNATURE, words)

    def table(self, name: str, columns: Columns) -> PageTable | None:
        """A table to be filled again and again, None where the layout has none of that id."""
        return PageTable.of(self.items[name], columns.widths) if name in self.items else None

    def frame(self, name: str) -> Frame:
        """Where an item stands on its page, in millimetres."""
        place, size = self.items[name].pagePos(), self.items[name].rect()
        return Frame(place.x(), place.y(), size.width(), size.height())


def plain_layout(project: QgsProject, services: int) -> QgsPrintLayout:
    """The plugin's own, for so many services: the fewer, the higher the map, so that the page is full."""
    page = LayoutPage(project, 210, 297)
    grey = "#5a5a5a"
    page.text("", Frame(15, 10, 130, 8), 11, colour=grey, name=TITLE)
    page.text("", Frame(15, 17, 132, 12), 20, bold=True, name=NAME)
    page.text("", Frame(15, 29, 180, 8), 11, name=LEAD)
    page.photo(b"", Frame(150, 9, 45, 20), name=LOGO)
    is_full = services <= MOST_LINES
    rows = _ROW * (services + 1)
    height = _BLOCK - _TOP - rows - 10 if is_full else _SMALLEST_MAP
    shown = Frame(15, _TOP, 180, height)
    item = page.atlas_map(shown, MAP)
    page.scale_bar(item, shown, name=SCALE)
    page.legend(item, [], shown, name=LEGEND)
    page.sign("", shown, name=PRODUCER)
    table = Frame(15, _TOP + height + 4, 180, rows + 1 if is_full else _FOOT - _TOP - height - 4)
    page.table(table, TABLE, OF_SERVICES.widths)
    if is_full:
        _block(page)
    page.text("", Frame(15, 280, 180, 5), 8, bold=True, colour=grey, name=SIGNATURE)
    page.text("", Frame(15, 285.5, 180, 5), 8, colour=grey, name=FOOT)
    return page.layout


def _block(page: LayoutPage) -> None:
    """Neighbours, the strip of all zones and where the zone lies."""
    page.text("", Frame(15, _BLOCK, 120, 6), 9, bold=True, name=ZONES_TITLE)
    page.table(Frame(15, _BLOCK + 6, 118, 44), ZONES, OF_ZONES.widths)
    page.text("", Frame(15, _BLOCK + 53, 118, 5), 9, bold=True, name=STRIP_TITLE)
    page.drawing("", Frame(15, _BLOCK + 59, 115, 14), name=STRIP)
    page.text("", Frame(15, _BLOCK + 73, 40, 6), 9, bold=True, colour=palette.GAP, name=MARKER)
    page.still_map(Frame(140, _BLOCK, 55, 82), LOCATOR)


def layout_of_template(project: QgsProject, path: str) -> QgsPrintLayout:
    """The print layout of a template (.qpt). Raises `ReportInputError` for what is none."""
    document = QDomDocument()
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReportInputError("The layout “{path}” cannot be read.", path=path) from error
    document.setContent(text)
    context = QgsReadWriteContext()
    context.setPathResolver(QgsPathResolver(path))
    return _loaded(project, document, context, path)


def layout_like(project: QgsProject, layout: QgsPrintLayout) -> QgsPrintLayout:
    """A copy of the layout in another project."""
    document = QDomDocument()
    context = QgsReadWriteContext()
    document.appendChild(layout.writeXml(document, context))
    return _loaded(project, document, context, layout.name())


def _loaded(project: QgsProject, document: QDomDocument, context: QgsReadWriteContext, name: str) -> QgsPrintLayout:
    layout = QgsPrintLayout(project)
    layout.setName(name)
    project.layoutManager().addLayout(layout)
    loaded = (
        layout.loadFromTemplate(document, context)[1] if document.documentElement().tagName() == "Layout" else False
    )
    if not loaded or layout.pageCollection().pageCount() == 0:
        raise ReportInputError(
            "“{path}” is not a template of a print layout (.qpt): open the atlas's layout in QGIS and save it as one.",
            path=name,
        )
    return layout


def layout_name() -> str:
    """What the layout that a project has for its atlas is called."""
    return tr("Atlas of access")


def layout_in_project(project: QgsProject) -> QgsPrintLayout | None:
    """The layout that the user opened and may have changed."""
    found = project.layoutManager().layoutByName(layout_name())
    return found if isinstance(found, QgsPrintLayout) else None


def open_in_project(
    project: QgsProject, services: int = MOST_LINES, extent: QgsRectangle | None = None
) -> QgsPrintLayout:
    """The project's layout of the atlas, made where it has none, with words that say what goes where.

    Its maps then show ``extent``, in the project's CRS.
    """
    found = layout_in_project(project)
    if found is not None:
        return found
    layout = plain_layout(project, services)
    layout.setName(layout_name())
    shown = AtlasLayout(layout)
    _fill_with_samples(shown, services)
    for name in (MAP, LOCATOR):
        if extent is not None and name in shown.items:
            shown.items[name].setCrs(project.crs())
            shown.items[name].zoomToExtent(extent)
    return layout


def _fill_with_samples(shown: AtlasLayout, services: int) -> None:
    """What a page looks like, without any figure."""
    for name, words in SAMPLES.items():
        shown.write(name, words)
    for name, columns, rows in ((TABLE, OF_SERVICES, services), (ZONES, OF_ZONES, MOST_LINES)):
        table = shown.table(name, columns)
        if table is not None:
            row = [columns.titles[0], *["…"] * (len(columns.titles) - 1)]
            table.show([columns.heading("20 min"), *[row] * rows])
    if STRIP in shown.items:
        draw_in(shown.items[STRIP], strip_chart([0.02, 0.05, 0.12, 0.3, 0.45, 0.8], 0.2))


def move_marker(shown: AtlasLayout, share: float | None) -> None:
    """Put the marker under a share's place on the strip."""
    if MARKER not in shown.items or STRIP not in shown.items:
        return
    marker, strip = shown.items[MARKER], shown.frame(STRIP)
    x = strip.x + (0.02 + 0.96 * (share or 0.0)) * strip.width - 1.5
    place = QgsLayoutPoint(min(x, strip.x + strip.width - 18), shown.frame(MARKER).y, MM)
    marker.attemptMove(place, True, False, marker.page())


def rows_that_fit(shown: AtlasLayout, name: str, lowest: float = 4.4) -> int:
    """Rows of a table of the layout that can be read, its heading left out."""
    return max(0, int(shown.frame(name).height / lowest) - 1) if name in shown.items else 0
