"""What a layer becomes when it is loaded: colours, column titles with units, words for codes, map tips, form, metadata.

`apply_style` is what the algorithms' layers, the dock and the scripts call; `resources/styles/*.qml` are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Callable, NamedTuple

from qgis.core import (
    Qgis,
    QgsAttributeEditorContainer,
    QgsAttributeEditorField,
    QgsEditorWidgetSetup,
    QgsFeatureRenderer,
    QgsLayerMetadata,
    QgsProperty,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QDate, Qt

from ...core.errors import CartoError
from ...core.messages import NARROW, NO_BREAK
from ...core.services import SERVICE_COLUMNS
from ...core.travel_modes import UNITS
from ...i18n import locale, tr
from ..lasting import lasting, make_lasting, outlive
from ..qgis_enums import FIELD_TYPES, AttributeFormLayout
from . import renderers
from .columns import alias, decimals, words
from .palette import GAP


class UnknownStyle(CartoError):
    """A kind of layer that has no style."""


class Style(NamedTuple):
    """How one kind of layer looks and behaves.

    Attributes:
        renderer: builds what draws it, from the layer and its facts; None for tables, and to leave that to QGIS.
        tip: HTML of the map tip, with expressions; or builds it from the layer.
        title: expression that names a row.
        labels: builds the labels, when there are.
        opacity: of the whole layer, 0 to 1.
    """

    renderer: Callable[[QgsVectorLayer, dict[str, Any]], QgsFeatureRenderer] | None
    tip: str | Callable[[QgsVectorLayer], str] = ""
    title: str = ""
    labels: Callable[[], QgsVectorLayerSimpleLabeling] | None = None
    opacity: float = 1.0


def _shown(column: str, before: str = "", in_words: bool = False) -> str:
    """A column in a map tip: what came from a server is text there, never markup; nothing where it is empty.

    ``in_words``: the words that its codes stand for.
    """
    text = f"""coalesce("{column}", '')"""
    shown = f'represent_value("{column}")' if in_words else text
    return f"[% if({text} = '', '', concat('{before}', {_escaped(shown)}, '<br>')) %]"


def _escaped(expression: str) -> str:
    """An expression whose value is text in HTML, never markup; nothing where it is NULL."""
    return f"replace(coalesce({expression}, ''), map('&', '&amp;', '<', '&lt;', '>', '&gt;'))"


SERVICE_TIP = "\n".join(
    (
        f"<b>{_shown('nom')}</b>",
        _shown("categorie", in_words=True),
        _shown("adresse"),
        _shown("commune"),
        _shown("horaires", "🕑 "),
        _shown("telephone", "☎ "),
        _shown("anomalie", "⚠ ", in_words=True),
    )
)
SERVICE_TAB = ("nom", "categorie", "adresse", "code_postal", "commune", "code_insee", "modalite", "anomalie")
CONTACT_TAB = ("horaires", "telephone", "courriel", "site_web", "accessibilite")
NOT_EDITED_HERE = ("id", "version", "producteur", "id_producteur", "date_maj")
ZONE_NAME = """coalesce(attribute($currentfeature, 'nom'), "zone_id")"""
MOST_LABELLED = 10
"""Gap areas, and critical roads, that are labelled: a label on each would hide the map."""
TEN_FIRST = f"""if("rang" <= {MOST_LABELLED}, "rang", '')"""


def _zone_tip(layer: QgsVectorLayer) -> str:
    """The zone, its people, and how many of them are beyond each threshold."""
    lines = [f"<b>[% {_escaped(ZONE_NAME)} %]</b>", _people("population")]
    for position, field in enumerate(layer.fields()):
        if field.name().startswith("pop_au_dela_") and not field.name().endswith(("_min", "_max")):
            share = field.name().replace("pop", "part", 1)
            title = escape(layer.attributeAlias(position))
            value = f"""{_number(field.name())} ([% coalesce(format_number(100 * "{share}", 1), '–') %]{NARROW}%)"""
            lines.append(tr("{name}: {value}").format(name=title, value=value))
        elif field.name() == "pop_non_calculee":
            title = escape(layer.attributeAlias(position))
            lines.append(tr("{name}: {value}").format(name=title, value=_number(field.name())))
    return "<br>".join(lines)


def _isochrone_tip(layer: QgsVectorLayer) -> str:
    """From what, and within how much."""
    name = next((name for name in ("nom", "categorie") if layer.fields().lookupField(name) >= 0), "")
    title = f"<b>{_shown(name, in_words=True)}</b>" if name else ""
    return f"""{title}≤ [% "cutoff" %]{NO_BREAK}{_unit(layer, {})}"""


def _gap_tip(layer: QgsVectorLayer) -> str:
    """What is lacking, and for how many."""
    name = f"<b>{_shown('categorie', in_words=True)}</b>"
    limit = tr("over {cost}").format(cost=f"""[% "seuil" %]{NO_BREAK}{_unit(layer, {})}""")
    return name + "<br>".join((limit, _people("population")))


def _gap_label() -> str:
    """The people of the most peopled areas: a figure that says of what it is."""
    before, after = (part.replace("'", "''") for part in tr("{people} inh.").split("{people}"))
    people = f"""format_number("population", 0, '{locale().name()}')"""
    return f"""if("rang" <= {MOST_LABELLED}, concat('{before}', {people}, '{after}'), '')"""


def _rank_label() -> str:
    before, after = (part.replace("'", "''") for part in tr("No. {rank}").split("{rank}"))
    return f"""concat('{before}', "rang", '{after}')"""


def _critical_tip(layer: QgsVectorLayer) -> str:
    """What the cut of a road does."""
    lines = [f"<b>{_shown('categorie', in_words=True)}</b>"] if layer.fields().lookupField("categorie") >= 0 else []
    for column in ("personnes_isolees", "personnes_au_dela", "minutes_personnes"):
        index = layer.fields().lookupField(column)
        if index >= 0:
            name = escape(layer.attributeAlias(index))
            lines.append(tr("{name}: {value}").format(name=name, value=_number(column)))
    return "<br>".join(lines)


def _costs_tip(layer: QgsVectorLayer) -> str:
    """The people of a place, and what each service costs them."""
    lines = [_people("population")] if layer.fields().lookupField("population") >= 0 else []
    for position, field in enumerate(layer.fields()):
        if field.name().startswith("cout"):
            value = _number(field.name(), 1)
            lines.append(tr("{name}: {value}").format(name=escape(layer.attributeAlias(position)), value=value))
    return "<br>".join(lines)


def _people(column: str) -> str:
    return tr("{people} inhabitants").format(people=_number(column))


def _number(column: str, decimals: int = 0) -> str:
    """A number in a map tip, in the form of the user's country; a dash where there is none."""
    return f"""[% coalesce(format_number("{column}", {decimals}), '–') %]"""


CHANGES = """json_to_map(coalesce("ecarts", '{}'))"""
DIFFERENCES = (
    f"array_to_string(array_foreach(map_akeys({CHANGES}), concat('≠ ', @element, ' : ', "
    f"map_get(map_get({CHANGES}, @element), 'old'), ' → ', map_get(map_get({CHANGES}, @element), 'new'))), '\\n')"
)
MATCH_TIP = "\n".join(
    (
        f"<b>{_shown('nom_local')}</b>",
        _shown("nom_reference", "= "),
        _shown("zone", in_words=True),
        _shown("raisons"),
        f"[% replace({_escaped(DIFFERENCES)}, '\\n', '<br>') %]",
    )
)

CHANGED_FIELDS = (
    """array_to_string(array_foreach(generate_series(0, array_length(string_to_array("champs", '\\n')) - 1), """
    """concat(string_to_array("champs", '\\n')[@element], ' : ', string_to_array("avant", '\\n')[@element], ' → ', """
    """string_to_array("apres", '\\n')[@element])), '\\n')"""
)
CHANGE_TIP = "\n".join(
    (
        f"<b>{_shown('nom')}</b>",
        _shown("commune"),
        _shown("nature", in_words=True),
        f"""[% if(coalesce("champs", '') = '', '', replace({_escaped(CHANGED_FIELDS)}, '\\n', '<br>')) %]""",
    )
)

STYLE_PROPERTY = "carto_services_publics/style"
"""Property of a layer: the kind of its style."""

STYLES = {
    "services": Style(
        renderers.services, SERVICE_TIP, '"nom"', lambda: renderers.labels('"nom"', largest_scale=12_500, beside=2.8)
    ),
    "isochrones": Style(renderers.isochrones, _isochrone_tip, '"cutoff"', opacity=0.75),
    "coverage": Style(renderers.zones, _zone_tip, ZONE_NAME, opacity=0.9),
    "gaps": Style(renderers.gaps, _gap_tip, '"rang"', lambda: renderers.labels(_gap_label(), colour=GAP)),
    "costs": Style(renderers.demand, _costs_tip),
    "roundtrip": Style(renderers.round_trips),
    "roundtrip_zones": Style(renderers.round_trip_zones, opacity=0.9),
    "week": Style(renderers.week, opacity=0.9),
    "modes": Style(renderers.modes, opacity=0.9),
    "stop_places": Style(renderers.stop_places),
    "basket": Style(renderers.basket),
    "score": Style(renderers.score),
    "scenario": Style(renderers.scenario),
    "sites": Style(renderers.sites, title='"rang"', labels=lambda: renderers.labels(_rank_label(), size=9)),
    "assignment": Style(renderers.assignment, opacity=0.6),
    "rounds": Style(renderers.rounds, title='"tournee"'),
    "critical": Style(renderers.critical, _critical_tip, '"rang"', lambda: renderers.labels(TEN_FIRST, size=9)),
    "permanences": Style(renderers.sites, title='"rang"', labels=lambda: renderers.labels(_rank_label(), size=9)),
    "network": Style(renderers.network),
    "matches": Style(renderers.matches, MATCH_TIP, '"nom_local"'),
    "problems": Style(renderers.problems, _shown("raison"), '"raison"'),
    "summary": Style(None),
    "changes": Style(None),
    "curve": Style(None),
    "table": Style(None),
    "groups": Style(None),
    "editions": Style(renderers.edition_changes, CHANGE_TIP, '"nom"'),
    "corrections": Style(
        renderers.corrections, _shown("type", in_words=True) + _shown("etat", in_words=True), '"commentaire"'
    ),
}


def style_for(kind: str) -> Style:
    """The style of a kind of layer. Raises `UnknownStyle`."""
    try:
        return STYLES[kind]
    except KeyError:
        raise UnknownStyle("“{kind}” is not a kind of layer that has a style.", kind=kind) from None


def apply_style(layer: QgsVectorLayer, kind: str, facts: dict[str, Any] | None = None) -> None:
    """Style ``layer`` as its ``kind`` asks. Raises `UnknownStyle`.

    ``facts``, all optional: ``unit`` of the costs (``min``), ``metric`` (``time``, ``distance``), ``thresholds``,
    ``threshold`` (the one the map shows), ``column`` (that the map shows), ``weight`` (column of the population);
    and where the rows come from: ``source``, ``licence``, ``attribution``, ``url``, ``read_on`` (ISO 8601).
    """
    style, facts = style_for(kind), facts or {}
    layer.setCustomProperty(STYLE_PROPERTY, kind)
    if layer.isSpatial() and style.renderer:
        renderer = style.renderer(layer, facts)
        make_lasting(renderer)
        outlive(layer)
        layer.setRenderer(renderer)
        layer.setOpacity(style.opacity)
        if style.labels:
            layer.setLabeling(style.labels())
            layer.setLabelsEnabled(True)
    if style.title:
        layer.setDisplayExpression(style.title)
    _title_columns(layer, kind, _unit(layer, facts))
    if style.tip:
        layer.setMapTipTemplate(style.tip(layer) if callable(style.tip) else style.tip)
    if kind == "services":
        _service_form(layer)
        _date_rows(layer, "date_maj")
    if kind == "corrections":
        _date_rows(layer, "cree_le")
    if kind == "costs" and layer.isSpatial():
        _rise_in_profiles(layer, renderers.cost_column(layer, facts), facts.get("metric") == "distance")
    _sign(layer, facts)
    layer.triggerRepaint()


def follow_services(layer: QgsVectorLayer, facts: dict[str, Any]) -> None:
    """What a layer of services that reads newer rows needs: the icons of categories that are new in it, its sources.

    All else of its style is the user's. ``facts`` as `apply_style` takes them.
    """
    renderer = renderers.with_new_categories(layer)
    if renderer is not None:
        make_lasting(renderer)
        outlive(layer)
        layer.setRenderer(renderer)
    _sign(layer, facts)


def keep_style(layer: QgsVectorLayer, name: str) -> None:
    """Put the layer's style in its GeoPackage, as the one QGIS opens it with.

    One of that name that is there stays, changed by the user as it may be: to replace it QGIS would ask in a window.
    """
    if name in layer.listStylesInDatabase()[2]:
        return
    # The first is what QGIS 4 offers, and calls the other deprecated.
    keep = getattr(layer, "saveStyleToDatabaseV2", None) or layer.saveStyleToDatabase
    keep(name, "", True, "")


def _unit(layer: QgsVectorLayer, facts: dict[str, Any]) -> str:
    metric = facts.get("metric") or next(iter(renderers.values_of(layer, "metric")), "time")
    return facts.get("unit") or UNITS[metric]


def _title_columns(layer: QgsVectorLayer, kind: str, unit: str) -> None:
    """Titles, wide enough columns for them, words for codes, and figures without needless decimals."""
    table = layer.attributeTableConfig()
    table.update(layer.fields())
    for position, field in enumerate(layer.fields()):
        title = alias(field.name(), unit, kind)
        if title:
            layer.setFieldAlias(position, title)
            table.setColumnWidth(position, max(110, 40 + 7 * len(title)))
        meanings = _meanings(layer, field.name(), kind)
        if meanings:
            choices = [{word: code} for code, word in meanings.items()]
            layer.setEditorWidgetSetup(position, QgsEditorWidgetSetup("ValueMap", {"map": choices}))
        elif title and field.type() == FIELD_TYPES["float"] and decimals(field.name()) is not None:
            shown = {"Precision": decimals(field.name()), "AllowNull": True}
            layer.setEditorWidgetSetup(position, QgsEditorWidgetSetup("Range", shown))
    layer.setAttributeTableConfig(table)


def _meanings(layer: QgsVectorLayer, column: str, kind: str) -> dict[str, str]:
    """The words for the codes of a column; of anomalies also for those that a row has together."""
    meanings = words(column, kind)
    if column == "anomalie":
        for together in renderers.values_of(layer, column) - set(meanings):
            meanings[together] = "; ".join(_anomaly(code, meanings) for code in together.split(";"))
    return meanings


def _anomaly(entry: str, meanings: Mapping[str, str]) -> str:
    """A code in words, with the producer's text that may follow it in parentheses."""
    code, _, text = entry.partition(" ")
    return f"{meanings.get(code, code)} {text}".rstrip()


def _service_form(layer: QgsVectorLayer) -> None:
    """Tabs in the order in which one checks a service: what and where, how to reach it, what is known of the record."""
    tabs = {
        tr("Service"): SERVICE_TAB,
        tr("Coming and calling"): CONTACT_TAB,
        tr("Record"): tuple(column for column in SERVICE_COLUMNS if column not in SERVICE_TAB + CONTACT_TAB),
    }
    form = layer.editFormConfig()
    form.clearTabs()
    form.setLayout(AttributeFormLayout.DragAndDrop)
    root = form.invisibleRootContainer()
    known = {column for columns in tabs.values() for column in columns}
    others = tuple(field.name() for field in layer.fields() if field.name() not in known)
    for title, columns in {**tabs, tr("Other columns"): others}.items():
        tab = QgsAttributeEditorContainer(title, root)
        for column in columns:
            position = layer.fields().lookupField(column)
            if position >= 0:
                tab.addChildElement(QgsAttributeEditorField(column, position, tab))
        if tab.children():
            form.addTab(tab)
    for column in NOT_EDITED_HERE:
        position = layer.fields().lookupField(column)
        if position >= 0:
            form.setReadOnly(position, True)
    layer.setEditFormConfig(form)


def _date_rows(layer: QgsVectorLayer, column: str) -> None:
    """Lets the time slider show which records were already up to date; it stays off until the user turns it on."""
    if layer.fields().lookupField(column) < 0:
        return
    temporal = layer.temporalProperties()
    temporal.setMode(Qgis.VectorTemporalMode.FeatureDateTimeStartAndEndFromExpressions)
    temporal.setStartExpression(f'to_datetime("{column}")')
    temporal.setIsActive(False)


def _rise_in_profiles(layer: QgsVectorLayer, column: str, metres: bool) -> None:
    """In QGIS's elevation profiles (3.26), a place is a bar on the ground: 10 m a minute, or 10 m a kilometre."""
    elevation = layer.elevationProperties()
    if not hasattr(elevation, "setExtrusionEnabled"):
        return
    height = f'coalesce("{column}", 0)' + (" / 100" if metres else " * 10")
    heights = elevation.dataDefinedProperties()
    heights.setProperty(elevation.Property.ExtrusionHeight, lasting(QgsProperty.fromExpression(height)))
    elevation.setDataDefinedProperties(heights)
    elevation.setExtrusionEnabled(True)
    elevation.setRespectLayerSymbology(True)


def source_words(facts: dict[str, Any]) -> str:
    """« Annuaire de l'administration. Lu le 23/11/2026. »"""
    day = locale().toString(QDate.fromString(facts.get("read_on", "")[:10], Qt.DateFormat.ISODate), "dd/MM/yyyy")
    read_on = tr("Read on {date}.").format(date=day) if day else ""
    return f"{facts['source'].rstrip('.')}. {read_on}".strip()


def _sign(layer: QgsVectorLayer, facts: dict[str, Any]) -> None:
    """Source, licence and date of reading, where QGIS's layer properties and layouts show them."""
    if not facts.get("source"):
        return
    metadata = layer.metadata()
    metadata.setTitle(layer.name())
    metadata.setAbstract(source_words(facts))
    metadata.setLicenses([facts["licence"]] if facts.get("licence") else [])
    metadata.setRights([facts.get("attribution") or facts["source"]])
    if facts.get("url"):
        link = QgsLayerMetadata.Link(tr("Source"), "WWW:LINK", facts["url"])
        metadata.setLinks([link])
    layer.setMetadata(metadata)
