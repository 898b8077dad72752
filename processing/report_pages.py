"""The pages of an atlas: one a zone, one a group of zones (an EPCI), or both."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import NamedTuple

from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsSpatialIndex, QgsVectorLayer
from shapely.prepared import prep

from ..core.report import ZoneFigures, figures_together
from ..core.territories import UnknownTerritory, find
from .attributes import as_text
from .coordinates import project_mover, to_shapely
from .report_inputs import ReportInputError
from .report_maps import of_category
from .report_results import Results

BY_ZONE, BY_GROUP, BOTH = "zones", "groups", "both"
KINDS = (BY_ZONE, BY_GROUP, BOTH)
CODES = ("siren_epci", "code_epci", "codes_siren_des_epci", "code_siren_epci", "epci", "epci_code", "nom_epci")
"""Columns that say the EPCI of a commune, in small letters, as official files call them."""
NAMES = ("nom_epci", "libelle_epci", "lib_epci", "libepci", "epci_nom", "epci_libelle")
NO_GROUP = "Sans groupe"
OF_NO_EPCI = ("NR", "NC", "ZZZZZZZZZ")
"""What official files write in place of the EPCI of a commune in none (IGN's, the INSEE's)."""
_SEVERAL_CODES = re.compile(r"\d{9}(\s*[/,;]\s*\d{9})+")
"""A commune in an EPCI of its own and a larger one; names hold commas and bars too (« Forêts, Seine et Suzon »)."""


class AtlasPage(NamedTuple):
    """What one page is about: its name, a row of figures a category, the identifiers of its zones."""

    name: str
    rows: list[ZoneFigures]
    zones: list[str]
    is_group: bool

    def of(self, category: str) -> ZoneFigures:
        """The row of a category."""
        return next(row for row in self.rows if row.category == category)


class ZoneGroups(NamedTuple):
    """What one is called, the name of each by its code, and the code of that of each zone (empty: of none)."""

    noun: str
    names: dict[str, str]
    of_zone: dict[str, str]


def group_column(coverage: QgsVectorLayer, column: str) -> str:
    """The column that groups the zones: the one asked for, else that of the EPCI. Raises `ReportInputError`."""
    found = column or epci_column(coverage)
    if not found:
        raise ReportInputError(
            "No column of the coverage says the EPCI of the zones: name the one that groups them (GROUP_FIELD)."
        )
    return found


def epci_column(zones: QgsVectorLayer) -> str:
    """The column that says the EPCI of the zones, empty where none does."""
    known = {name.lower(): name for name in zones.fields().names()}
    return next((known[name] for name in CODES if name in known and _is_filled(zones, known[name])), "")


def _is_filled(zones: QgsVectorLayer, column: str) -> bool:
    """Whether any row has a value there."""
    some = zones.uniqueValues(zones.fields().lookupField(column), 10)
    return any(as_text(value).strip() for value in some)


def _code_of(value: str, is_epci: bool) -> str:
    """The group that a value of a column says, empty for none; of several EPCI the first."""
    text = value.strip()
    if not is_epci:
        return text
    if text in OF_NO_EPCI:
        return ""
    return text[:9] if _SEVERAL_CODES.fullmatch(text) else text


def groups_of(coverage: QgsVectorLayer, column: str) -> ZoneGroups:
    """The groups by the values of a column; of EPCI by code, with their names.

    Raises `ReportInputError` where the column is empty.
    """
    fields = {name.lower(): name for name in coverage.fields().names()}
    is_epci = column.lower() in CODES
    by_name = next((fields[name] for name in NAMES if name in fields), column) if is_epci else column
    groups = ZoneGroups("EPCI" if is_epci else "groupe", {}, {})
    for row in coverage.getFeatures():
        code = _code_of(as_text(row[column]), is_epci)
        groups.of_zone[as_text(row["zone_id"])] = code
        if code and code not in groups.names:
            said = as_text(row[by_name])
            groups.names[code] = said if said and by_name != column else _name_of(code)
    if not groups.names:
        raise ReportInputError("The column “{column}” says no group of any zone: name another.", column=column)
    return groups


def _name_of(code: str) -> str:
    """The name of the EPCI of that SIREN; anything else is its own name."""
    if re.fullmatch(r"\d{9}", code):
        with suppress(UnknownTerritory):
            return find(code).name
    return code


def pages_of(results: Results, kind: str, groups: ZoneGroups | None) -> list[AtlasPage]:
    """The pages in their order: zones by identifier; each group, by name, before its zones where both are asked for."""
    own: dict[str, list[ZoneFigures]] = {}
    for zone in results.zones:
        own.setdefault(zone.zone_id, []).append(zone)
    single = {key: AtlasPage(rows[0].name, rows, [key], False) for key, rows in sorted(own.items())}
    if kind == BY_ZONE or groups is None:
        return list(single.values())
    found = []
    for code, name in [*sorted(groups.names.items(), key=lambda item: item[1].casefold()), ("", NO_GROUP)]:
        members = [key for key in single if groups.of_zone[key] == code]
        if members:
            rows = [row for key in members for row in own[key]]
            found.append(AtlasPage(name, figures_together(rows, code, name), members, True))
            found += [single[key] for key in members] if kind == BOTH else []
    return found


def layer_of_pages(results: Results, pages: list[AtlasPage]) -> QgsVectorLayer:
    """The pages as polygons in memory, their ``rang`` that of the list; a page without shape has none."""
    zones = of_category(results.layers["COVERAGE"], results.headline.category)
    shapes: dict[str, QgsGeometry] = {as_text(row["zone_id"]): row.geometry() for row in zones.getFeatures()}
    layer = QgsVectorLayer("MultiPolygon?field=rang:integer&field=nom:string", "", "memory")
    layer.setCrs(zones.crs())
    features = []
    for rank, page in enumerate(pages):
        own = [shapes[key] for key in page.zones if key in shapes and not shapes[key].isNull()]
        feature = QgsFeature(layer.fields())
        feature.setAttributes([rank, page.name])
        if own:
            whole = own[0] if len(own) == 1 else QgsGeometry.unaryUnion(own)
            whole.convertToMultiType()
            whole.get().dropZValue()
            whole.get().dropMValue()
            feature.setGeometry(whole)
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    return layer


class _ZoneShapes:
    """The zones of a report, to be found by where they lie."""

    def __init__(self, results: Results) -> None:
        zones = of_category(results.layers["COVERAGE"], results.headline.category)
        self.crs = zones.crs()
        rows = [row for row in zones.getFeatures() if not row.geometry().isNull()]
        self._index = QgsSpatialIndex()
        self._index.addFeatures(rows)
        self._keys = {row.id(): as_text(row["zone_id"]) for row in rows}
        self.shapes = {as_text(row["zone_id"]): row.geometry() for row in rows}

    def near(self, box: QgsRectangle) -> list[str]:
        """The zones whose box meets a box."""
        return [self._keys[number] for number in self._index.intersects(box)]


def neighbours_of(results: Results, pages: list[AtlasPage]) -> dict[str, list[str]]:
    """The zones that touch each zone that has a page of its own."""
    zones, found = _ZoneShapes(results), dict[str, list[str]]()
    for key in {page.zones[0] for page in pages if not page.is_group} & set(zones.shapes):
        shape = zones.shapes[key]
        engine = QgsGeometry.createGeometryEngine(shape.constGet())
        engine.prepareGeometry()
        near = (other for other in zones.near(shape.boundingBox()) if other != key)
        found[key] = [other for other in near if engine.intersects(zones.shapes[other].constGet())]
    return found


def places_by_zone(results: Results) -> dict[tuple[str, str], int]:
    """Services that lie in each zone, by zone and category; nothing where the services do not say their category."""
    services = results.layers["SERVICES"]
    if services is None or services.fields().lookupField("categorie") < 0:
        return {}
    zones, found = _ZoneShapes(results), dict[tuple[str, str], int]()
    within = {key: prep(to_shapely(shape)) for key, shape in zones.shapes.items()}
    mover = project_mover(services.crs(), zones.crs)
    for row in services.getFeatures():
        moved = mover.geometry(row.geometry())
        place = None if moved is None else moved.centroid()
        if place is None or place.isNull():
            continue
        where, category = to_shapely(place), as_text(row["categorie"])
        for key in zones.near(place.boundingBox()):
            if within[key].contains(where):
                found[key, category] = found.get((key, category), 0) + 1
    return found
