"""How each kind of layer is drawn. Labels of classes are figures and signs, the same in every language."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import (
    QgsExpression,
    QgsFeatureRenderer,
    QgsFeatureRequest,
    QgsFillSymbol,
    QgsGeometryGeneratorSymbolLayer,
    QgsLinePatternFillSymbolLayer,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPointPatternFillSymbolLayer,
    QgsProperty,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsSvgMarkerSymbolLayer,
    QgsSymbol,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from ...core.access.coverage import quantile_classes
from ...core.categories import GROUPS, Category, categories
from ...core.messages import NARROW, NO_BREAK, Message, msg
from ...core.thresholds import NOISE
from ...i18n import locale, number, tr
from ..literal import literal
from ..qgis_enums import FILL_COLOUR, GeometryType, LabelPlacement, MarkerShape, RenderUnit
from .palette import (
    BETTER,
    CHANGE_BOUNDS,
    CHANGES,
    GAP,
    INK,
    METRES,
    MINUTES,
    NOT_COMPUTED,
    OUT_OF_REACH,
    PAPER,
    PROPOSAL,
    REASONS,
    ROUNDS,
    SCORES,
    SHARES,
    UNKNOWN_INK,
    WORSE,
    Class,
    colour_of_minutes,
    colours_from_dark_to_light,
    ink_on,
)
from .rules import Rule, new_rule

ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons" / "categories"
SHARE = "part_au_dela_"
"""How the columns of shares beyond a threshold begin."""
DEPARTEMENT = 200_000
"""Of a map whose scale's denominator is larger, points are drawn smaller."""
CLOSE = 50_000
"""Of a map whose scale's denominator is smaller, zones are faint: what they lie on is looked at."""
_FIFTHS = (-math.inf, 0.2, 0.4, 0.6, 0.8, 1.0)
_DAYS = (-math.inf, 1.0, 2.0, 3.0, 5.0, 7.0)
Polygon = GeometryType.Polygon
Line = GeometryType.Line
Point = GeometryType.Point


# --- services ----------------------------------------------------------------------------------------------------


def services(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """One icon a category, on the colour of its theme; the legend goes by theme, with what the layer holds."""
    present = values_of(layer, "categorie")
    chosen = [category for category in categories().values() if category.code in present or not present]
    root = new_rule()
    for group in GROUPS.values():
        members = [category for category in chosen if category.groupe == group.code]
        if members:
            root.appendChild(_theme(group.libelle_fr if _in_french() else group.libelle_en, members))
    root.appendChild(_rule(tr("Without category"), service_symbol(categories()["autre"]), "ELSE"))
    if layer.fields().lookupField("anomalie") >= 0:
        root.appendChild(_rule(tr("Position to check"), marker("circle", "0,0,0,0", 7.0, GAP, 0.7), _is_misplaced()))
    # In the order of the table: the town halls, which are everywhere, under what is rare.
    codes = ", ".join(f"'{category.code}'" for category in chosen)
    return _drawn_by(QgsRuleBasedRenderer(root), f'array_find(array({codes}), "categorie")')


def with_new_categories(layer: QgsVectorLayer) -> QgsRuleBasedRenderer | None:
    """What draws a layer of services, with an icon for each category in it that has none; None where none lacks.

    A layer that is not drawn by rules is drawn as its user chose.
    """
    if not isinstance(layer.renderer(), QgsRuleBasedRenderer):
        return None
    kept, usual = layer.renderer().clone(), services(layer, {})
    root = kept.rootRule()
    drawn = {rule.filterExpression() for rule in root.descendants()}
    themes = {rule.label(): rule for rule in root.children()}
    is_changed = False
    for theme in usual.rootRule().children():
        fresh = [rule for rule in theme.children() if rule.filterExpression() not in drawn]
        if not fresh:
            continue
        is_changed, mine = True, themes.get(theme.label())
        if mine is None:
            others = (place for place, rule in enumerate(root.children()) if rule.isElse())
            root.insertChild(next(others, len(root.children())), theme.clone())
            continue
        for rule in fresh:
            mine.appendChild(rule.clone())
        mine.setFilterExpression(" OR ".join(rule.filterExpression() for rule in mine.children()))
    if not is_changed:
        return None
    kept.setOrderBy(usual.orderBy())
    return kept


def _is_misplaced() -> str:
    from ...core.registry.positions import MISPLACED  # the registries take a while to import

    return " OR ".join(f"""\"anomalie\" LIKE '%{code}%'""" for code in MISPLACED)


def service_symbol(category: Category, size: float = 4.8) -> QgsMarkerSymbol:
    """A disc in the theme's colour with the category's icon in it; smaller on maps of a whole département."""
    symbol = marker("circle", category.couleur, size, PAPER, 0.3)
    icon = ICONS / f"{category.icone}.svg"
    if icon.is_file():
        # Inside the style rather than beside it, so that a project opened elsewhere keeps its icons.
        drawing = QgsSvgMarkerSymbolLayer("base64:" + base64.b64encode(icon.read_bytes()).decode(), size * 0.62)
        drawing.setFillColor(QColor(ink_on(category.couleur)))
        drawing.setStrokeColor(QColor(ink_on(category.couleur)))
        drawing.setStrokeWidth(0)
        symbol.appendSymbolLayer(drawing)
    symbol.setDataDefinedSize(QgsProperty.fromExpression(f"{size} * if(@map_scale > {DEPARTEMENT}, 0.6, 1)"))
    return symbol


def _theme(label: str, members: list[Category]) -> Rule:
    codes = ", ".join(f"'{category.code}'" for category in members)
    theme = _rule(label, None, f'"categorie" IN ({codes})')
    for category in members:
        title = category.label(locale().name())
        theme.appendChild(_rule(title, service_symbol(category), f"\"categorie\" = '{category.code}'"))
    return theme


# --- access ------------------------------------------------------------------------------------------------------


def isochrones(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """From dark (near) to light (far); the nearest is drawn last, on top of those it lies in."""
    distance = facts.get("metric", next(iter(values_of(layer, "metric")), "time")) == "distance"
    cutoffs = sorted(float(value) for value in values_of(layer, "cutoff")) or [step.high for step in MINUTES[:-1]]
    colours = colours_from_dark_to_light(len(cutoffs)) if distance else [colour_of_minutes(cut) for cut in cutoffs]

    def rules() -> Iterator[Rule]:
        for cutoff, colour in zip(cutoffs, colours):
            label = tr("within {cost}").format(cost=cost_label(cutoff, distance))
            yield _rule(label, area(colour, INK, 0.1), f'abs("cutoff" - {cutoff!r}) < 1e-9')

    # Areas of one category lie over those of another; those of single places are all shown.
    if len(values_of(layer, "categorie")) > 1 and layer.fields().lookupField("nom") < 0:
        return _drawn_by(_branch_by_category(layer, facts, rules), '"cutoff"', ascending=False)
    root = new_rule()
    _append_all(root, rules())
    return _drawn_by(QgsRuleBasedRenderer(root), '"cutoff"', ascending=False)


def zones(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Share of the population beyond the threshold, which the legend names."""
    column = share_column(layer, facts)
    limit = column[len(SHARE) :].replace("_", ".")
    title = tr("people farther than {cost}").format(cost=cost_label(float(limit), facts.get("metric") == "distance"))
    hatched = [_unsure_rule(column)] if _states_interval(layer, column) else []
    return _branch_by_category(
        layer, facts, lambda: [*_share_rules(column), *(rule.clone() for rule in hatched)], title
    )


def unsure_zones(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer | None:
    """Nothing but the hatch of the zones whose class is not certain; None where the layer does not say it."""
    column, root = share_column(layer, facts), new_rule()
    if not _states_interval(layer, column):
        return None
    root.appendChild(_unsure_rule(column))
    return QgsRuleBasedRenderer(root)


def _states_interval(layer: QgsVectorLayer, column: str) -> bool:
    """Whether the layer says between what and what each share of a column is."""
    return {*_interval_columns(column), "population", "pop_non_calculee"} <= set(layer.fields().names())


def _interval_columns(column: str) -> tuple[str, str]:
    people = column.replace("part", "pop", 1)
    return f"{people}_min", f"{people}_max"


def _unsure_rule(column: str) -> Rule:
    """The zones whose class is another at one end of the interval of their share than at the other."""
    bounds = ", ".join(repr(float(step.high)) for step in SHARES[:-1])
    people = """("population" - coalesce("pop_non_calculee", 0))"""
    least, most = (
        f'array_length(array_filter(array({bounds}), @element < "{end}" / {people}))'
        for end in _interval_columns(column)
    )
    return _rule(tr("class not certain"), unsure_symbol(), f'"{column}" IS NOT NULL AND {least} <> {most}')


def unsure_symbol() -> QgsFillSymbol:
    """A hatch without ground, across that of the gaps: dark lines in light ones, read on pale and on dark zones."""
    symbol = QgsFillSymbol.createSimple({"style": "no", "outline_style": "no", "color": INK})
    for colour, width in ((PAPER, 0.6), (INK, 0.22)):
        hatch = QgsLinePatternFillSymbolLayer()
        hatch.setLineAngle(135)
        hatch.setDistance(1.8)
        hatch.setSubSymbol(line(colour, width))
        symbol.appendSymbolLayer(hatch)
    return symbol


def round_trips(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Where people can go and be back, and why not elsewhere."""

    def rules() -> Iterator[Rule]:
        yield _rule(tr("There and back"), symbol_for(layer, BETTER), '"possible"')
        for code, reason in trip_reasons().items():
            yield _rule(reason, symbol_for(layer, REASONS[code]), f"\"code_raison\" = '{code}'")
        yield _rule(tr("Not computed"), unknown_symbol(layer), "ELSE")

    return _branch_by_category(layer, facts, rules)


def trip_reasons() -> dict[str, str]:
    """Why no round trip is possible, by code."""
    return {
        "sans_arret": tr("No stop within walking distance"),
        "sans_course": tr("No way there on that day"),
        "ferme": tr("Closed whenever one can be there"),
        "sans_retour": tr("No way back in time"),
        "horaires_inconnus": tr("Opening hours unknown"),
    }


def round_trip_zones(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Share of the population that can go and be back: dark is well served."""

    def rules() -> Iterator[Rule]:
        for low, high, colour in zip(_FIFTHS[:-1], _FIFTHS[1:], SCORES):
            label = f"{_figure(100 * max(low, 0.0))} – {_figure(100 * high)}{NARROW}%"
            yield _rule(label, area(colour, "#7a7a7a", 0.2), _within("part_possible", Class(low, high, colour)))
        yield _rule(tr("Not computed"), unknown_area(), "ELSE")

    return _branch_by_category(layer, facts, rules, tr("There and back"))


def week(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Days of the week on which people can go and be back, on average: dark is well served."""

    def rules() -> Iterator[Rule]:
        for low, high, colour in zip(_DAYS[:-1], _DAYS[1:], SCORES):
            label = tr("{low} – {high} days").format(low=_figure(max(low, 0.0)), high=_figure(high))
            step = Class(low, high, colour)
            yield _rule(label, area(colour, "#7a7a7a", 0.2), _within("jours_par_semaine", step, 1e-9))
        yield _rule(tr("Not computed"), unknown_area(), "ELSE")

    return _branch_by_category(layer, facts, rules, tr("days a week there and back"))


def modes(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Share of the people who are near by car only."""
    title = tr("people near by car only")
    return _branch_by_category(layer, facts, lambda: _share_rules("part_depend_voiture"), title)


def stop_places(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Places with a stop near, and without."""
    root = _rule("", None, "")
    _append_all(
        root,
        (
            _rule(tr("No stop near"), symbol_for(layer, WORSE), '"zone_blanche"'),
            _rule(tr("A stop near"), symbol_for(layer, BETTER), 'NOT "zone_blanche"'),
            _rule(tr("Not computed"), unknown_symbol(layer), "ELSE"),
        ),
    )
    return QgsRuleBasedRenderer(root)


def gaps(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Badly served areas: one strong hue, hatched so that the map below is still read; farther is denser.

    They lie in one another: those beyond one threshold are shown.
    """
    thresholds = sorted(float(value) for value in values_of(layer, "seuil"))
    distance = facts.get("metric") == "distance"
    if not thresholds:
        return _branch_by_category(layer, facts, lambda: [_rule("", gap_symbol(), "")])
    shown = facts["threshold"] if facts.get("threshold") in thresholds else thresholds[-1]

    def rules() -> Iterator[Rule]:
        for step, limit in enumerate(thresholds, start=1):
            label = tr("over {cost}").format(cost=cost_label(limit, distance))
            rule = _rule(label, gap_symbol(2.4 / step), f'abs("seuil" - {limit!r}) < 1e-9')
            rule.setActive(limit == shown)
            yield rule

    return _branch_by_category(layer, facts, rules)


def gap_symbol(spacing: float = 2.4) -> QgsFillSymbol:
    """A hatched area; ``spacing`` of the hatch in millimetres."""
    symbol = QgsFillSymbol.createSimple({"color": _rgba(GAP, 40), "outline_color": GAP, "outline_width": "0.2"})
    hatch = QgsLinePatternFillSymbolLayer()
    hatch.setLineAngle(45)
    hatch.setDistance(spacing)
    hatch.setSubSymbol(line(_rgba(GAP, 190), 0.2))
    symbol.appendSymbolLayer(hatch)
    return symbol


def demand(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Where people live, by the cost to what they need; grey where that was not computed or is out of reach.

    The legend names the service.
    """
    column, columns = cost_column(layer, facts), _cost_columns(layer)
    service = next((category_label(code) for code in columns if columns[code] == column), "")
    known = column not in facts.get("not_computed", ())
    renderer = _by_cost(layer, column, facts.get("metric") == "distance", service, known)
    weight = facts.get("weight") or first_column(layer, "population")
    if layer.geometryType() == Point and layer.fields().lookupField(weight) >= 0:
        _size_by_people(renderer, weight)
    return renderer


def _size_by_people(renderer: QgsRuleBasedRenderer, column: str) -> None:
    """The more people, the larger the dot: 1.4 mm for a household, 4 mm for 350 people and more."""
    size = f'min(4, 1.1 + 0.155 * sqrt(max(coalesce("{column}", 0), 0))) * if(@map_scale > {DEPARTEMENT}, 0.6, 1)'
    for rule in renderer.rootRule().descendants():
        if rule.symbol() is not None:
            rule.symbol().setDataDefinedSize(QgsProperty.fromExpression(size))


def cost_column(layer: QgsVectorLayer, facts: dict[str, Any]) -> str:
    """The column of a layer of costs that its map shows."""
    column = facts.get("column") or _cost_columns(layer).get(facts.get("category", ""))
    return column or first_column(layer, "cout", "minutes")


def _cost_columns(layer: QgsVectorLayer) -> dict[str, str]:
    """The columns of costs, by the category of their service."""
    return {code: f"cout_{code}" for code in categories() if layer.fields().lookupField(f"cout_{code}") >= 0}


def basket(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Mean time to the basket."""
    return _by_cost(layer, "cout_panier", facts.get("metric") == "distance")


def score(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Five classes that hold a fifth of the population each, dark where access is good; grey where it is nil."""
    rows = [
        (_number(feature["score"]), _number(feature[facts["weight"]]) if facts.get("weight") else 1.0)
        for feature in layer.getFeatures()
    ]
    value, weight = np.array(rows, dtype=float).reshape(-1, 2).T
    usable = np.isfinite(value) & np.isfinite(weight) & (value > 0)
    root = new_rule()
    root.appendChild(_rule("0", symbol_for(layer, NOT_COMPUTED), '"score" = 0'))
    bounds = quantile_classes(weight[usable], value[usable], len(SCORES)) if usable.any() else np.empty(0)
    low = 0.0
    for high, colour in zip(bounds, SCORES):
        label = f"{_figure(low)} – {_figure(high)}"
        root.appendChild(_rule(label, symbol_for(layer, colour), f'"score" > {low!r} AND "score" <= {float(high)!r}'))
        low = float(high)
    root.appendChild(_rule(tr("Not computed"), unknown_symbol(layer), "ELSE"))
    return QgsRuleBasedRenderer(root)


def scenario(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Minutes gained and lost around a neutral middle; those who lose have a symbol of their own, read in grey too."""
    column = facts.get("column") or first_column(layer, "ecart", "gain", "difference")
    distance = facts.get("metric") == "distance"
    root = new_rule()
    if layer.fields().lookupField("effet") >= 0:
        for code, label, colour in (
            ("gagne_acces", tr("Gets a way there"), CHANGES[0]),
            ("perd_acces", tr("No way there any more"), CHANGES[-1]),
        ):
            root.appendChild(_rule(label, _changed(layer, colour, colour == CHANGES[-1]), f"\"effet\" = '{code}'"))
    for label, step in change_classes(distance):
        lost = step.low >= 0
        root.appendChild(_rule(label, _changed(layer, step.colour, lost), _change_within(column, step)))
    words = tr("Not computed or out of reach")
    root.appendChild(_rule(words, unknown_symbol(layer), f'"{column}" IS NULL'))
    return QgsRuleBasedRenderer(root)


def change_classes(distance: bool) -> list[tuple[str, Class]]:
    """What the legend says of each class of changes, and the class; negative is gained, as a new cost less an old."""
    small, some, much = CHANGE_BOUNDS["m" if distance else "min"]
    bounds = (-math.inf, -much, -some, -small, small, some, much, math.inf)
    gained, lost, middle = tr("{cost} gained"), tr("{cost} lost"), len(CHANGES) // 2
    classes = []
    for rank, (low, high, colour) in enumerate(zip(bounds, bounds[1:], CHANGES)):
        least, most = sorted((abs(low), abs(high)))
        if rank == middle:
            label = tr("less than {cost} of change").format(cost=cost_label(small, distance))
        else:
            label = (gained if rank < middle else lost).format(cost=span_label(least, most, distance))
        classes.append((label, Class(low, high, colour)))
    return classes


def _change_within(column: str, step: Class) -> str:
    """Bounds belong to the class farther from no change."""
    low, high = (f"{bound!r}" if math.isfinite(bound) else "" for bound in (step.low, step.high))
    signs = (">", "<") if step.low < 0 < step.high else ((">", "<=") if step.high <= 0 else (">=", "<"))
    parts = [f'"{column}" {sign} {bound}' for sign, bound in zip(signs, (low, high)) if bound]
    return " AND ".join(parts)


def _changed(layer: QgsVectorLayer, colour: str, lost: bool) -> QgsSymbol:
    """A disc or a plain area; a triangle or a hatched area for those who lose."""
    symbol = symbol_for(layer, colour)
    if not lost:
        return symbol
    if layer.geometryType() == Point:
        symbol.symbolLayer(0).setShape(MarkerShape.Triangle)
    elif layer.geometryType() == Polygon:
        hatch = QgsLinePatternFillSymbolLayer()
        hatch.setLineAngle(45)
        hatch.setDistance(2.4)
        hatch.setSubSymbol(line(INK, 0.15))
        symbol.appendSymbolLayer(hatch)
    return symbol


# --- where to open -----------------------------------------------------------------------------------------------


def sites(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Proposed places: a star in a hue that nothing else has."""
    return QgsSingleSymbolRenderer(marker("star", PROPOSAL, 7.0, INK, 0.4))


def assignment(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Who goes where: hair lines towards the proposed places; those towards places already open are not shown."""
    if layer.fields().lookupField("site_type") < 0:
        return QgsSingleSymbolRenderer(line(_rgba(INK, 110), 0.15))
    root = new_rule()
    for code, label, shown in (
        ("nouveau", tr("To a place proposed"), True),
        ("existant", tr("To a place open"), False),
    ):
        rule = _rule(label, line(_rgba(INK, 110), 0.15), f"\"site_type\" = '{code}'")
        rule.setActive(shown)
        root.appendChild(rule)
    return QgsRuleBasedRenderer(root)


def rounds(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Each day's round in a colour of its own, as long as there are colours."""
    root = new_rule()
    for day in sorted(int(day) for day in values_of(layer, "tournee")) or [1]:
        root.appendChild(_rule(str(day), line(ROUNDS[(day - 1) % len(ROUNDS)], 0.8), f'"tournee" = {day}'))
    return QgsRuleBasedRenderer(root)


def critical(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Roads by what their cut would do: the widest are the first ten."""
    root = new_rule()
    root.appendChild(_rule(tr("The first ten"), line(GAP, 1.6), '"rang" <= 10'))
    root.appendChild(_rule(tr("The others"), line(GAP, 0.7), '"rang" > 10'))
    return _drawn_by(QgsRuleBasedRenderer(root), '"rang"', ascending=False)


def network(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Roads as a quiet background, or their junctions."""
    if layer.geometryType() == Point:
        return QgsSingleSymbolRenderer(marker("circle", "#9a9a9a", 0.8, "", 0))
    return QgsSingleSymbolRenderer(line("#9a9a9a", 0.2))


def problems(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Rows that could not be used: grey, crossed."""
    if layer.geometryType() != Point:
        return QgsSingleSymbolRenderer(symbol_for(layer, NOT_COMPUTED))
    return QgsSingleSymbolRenderer(marker("cross2", "#6b6b6b", 2.6, "#6b6b6b", 0.5))


def matches(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Pairs by their certainty: those to check stand out, on top."""
    root = new_rule()
    for code, label, colour in (("a_verifier", tr("Pair to check"), PROPOSAL), ("sur", tr("Sure pair"), BETTER)):
        root.appendChild(_rule(label, marker("circle", colour, 3.2, INK, 0.3), f"\"zone\" = '{code}'"))
    return _drawn_by(QgsRuleBasedRenderer(root), '"zone"', ascending=False)


def edition_changes(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """What became of each place from one edition of a referential to the next; a line leads to where it has gone."""
    signs = (("star", 2, 4.4), ("circle", 0, 3.0), ("triangle", 4, 4.0), ("square", 3, 3.4), ("cross_fill", 1, 4.4))
    root = new_rule()
    for (code, label), (shape, rank, size) in zip(edition_natures().items(), signs):
        colour = ROUNDS[rank]
        symbol = marker(shape, colour, size, INK, 0.25)
        if code == "deplacement":
            symbol.appendSymbolLayer(_way_from("lon_avant", "lat_avant"))
        root.appendChild(_rule(label, symbol, f"\"nature\" = '{code}'"))
    return QgsRuleBasedRenderer(root)


def edition_natures() -> dict[str, str]:
    """What may become of a place from one edition to the next, in words."""
    return {
        "ajout": tr("Place added"),
        "modification": tr("Place changed"),
        "deplacement": tr("Place moved"),
        "fusion": tr("Place merged into another"),
        "fermeture": tr("Place closed"),
    }


def _way_from(lon: str, lat: str) -> QgsGeometryGeneratorSymbolLayer:
    """An arrow from a place in EPSG:4326, of which two columns tell, to the row's own."""
    options = {"geometryModifier": f'make_line(make_point("{lon}", "{lat}"), $geometry)', "SymbolType": "Line"}
    way = QgsGeometryGeneratorSymbolLayer.create(options)
    way.setSubSymbol(line(ROUNDS[4], 0.5))
    return way


def corrections(layer: QgsVectorLayer, facts: dict[str, Any]) -> QgsFeatureRenderer:
    """Proposals by where they stand: to send, sent, accepted, refused."""
    stages = (
        (tr("To be sent"), ("brouillon", "en_attente"), PROPOSAL),
        (tr("Sent"), ("envoyee", "transmise"), "#41b6c4"),
        (tr("Accepted"), ("acceptee",), BETTER),
        (tr("Needs you: refused, in conflict or in error"), ("rejetee", "conflit", "erreur"), WORSE),
    )
    root = new_rule()
    for label, states, colour in stages:
        names = ", ".join(f"'{state}'" for state in states)
        root.appendChild(_rule(label, marker("diamond", colour, 4.2, INK, 0.3), f'"etat" IN ({names})'))
    return QgsRuleBasedRenderer(root)


# --- labels ------------------------------------------------------------------------------------------------------


def labels(
    expression: str, largest_scale: float = 0, colour: str = INK, size: float = 8, beside: float = 0
) -> QgsVectorLayerSimpleLabeling:
    """Text with a white halo; ``largest_scale`` is the denominator beyond which it is hidden (0: never).

    ``beside``: millimetres from the middle of a point, so that its icon stays in sight.
    """
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.8)
    halo.setColor(QColor(PAPER))
    text = QgsTextFormat()
    text.setSize(size)
    text.setSizeUnit(RenderUnit.Points)
    text.setColor(QColor(colour))
    text.setBuffer(halo)
    settings = QgsPalLayerSettings()
    settings.fieldName = expression
    settings.isExpression = True
    settings.setFormat(text)
    if beside:
        settings.placement = LabelPlacement.AroundPoint
        settings.dist = beside
        settings.distUnits = RenderUnit.Millimeters
    if largest_scale:
        settings.scaleVisibility = True
        settings.minimumScale = largest_scale
    return QgsVectorLayerSimpleLabeling(settings)


# --- symbols and rules -------------------------------------------------------------------------------------------


def marker(shape: str, colour: str, size: float, outline: str, width: float) -> QgsMarkerSymbol:
    style = {"outline_color": outline, "outline_width": str(width)} if outline else {"outline_style": "no"}
    return QgsMarkerSymbol.createSimple({"name": shape, "color": colour, "size": str(size), **style})


def line(colour: str, width: float) -> QgsLineSymbol:
    return QgsLineSymbol.createSimple({"line_color": colour, "line_width": str(width), "capstyle": "round"})


def area(colour: str, outline: str, width: float) -> QgsFillSymbol:
    return QgsFillSymbol.createSimple({"color": colour, "outline_color": outline, "outline_width": str(width)})


def symbol_for(layer: QgsVectorLayer, colour: str) -> QgsSymbol:
    """A symbol of the layer's own geometry."""
    kind = layer.geometryType()
    if kind == Polygon:
        return area(colour, PAPER, 0.2)
    if kind == Line:
        return line(colour, 0.6)
    symbol = marker("circle", colour, 1.8, _rgba(INK, 90), 0.1)
    symbol.setDataDefinedSize(QgsProperty.fromExpression(f"1.8 * if(@map_scale > {DEPARTEMENT}, 0.6, 1)"))
    return symbol


def unknown_symbol(layer: QgsVectorLayer) -> QgsSymbol:
    """What was not computed: a ring or dots, so that no class of any ramp looks like it, in print and in grey too."""
    if layer.geometryType() == Polygon:
        return unknown_area()
    if layer.geometryType() == Line:
        return line(NOT_COMPUTED, 0.6)
    symbol = marker("circle", _rgba(NOT_COMPUTED, 0), 1.8, UNKNOWN_INK, 0.3)
    symbol.setDataDefinedSize(QgsProperty.fromExpression(f"1.8 * if(@map_scale > {DEPARTEMENT}, 0.6, 1)"))
    return symbol


def unknown_area() -> QgsFillSymbol:
    """White dots on grey."""
    symbol = area(NOT_COMPUTED, "#7a7a7a", 0.2)
    dots = QgsPointPatternFillSymbolLayer()
    dots.setDistanceX(1.6)
    dots.setDistanceY(1.6)
    dots.setDisplacementX(0.8)
    dots.setSubSymbol(marker("circle", PAPER, 0.8, "", 0))
    symbol.appendSymbolLayer(dots)
    return symbol


def cost_label(cost: float, distance: bool) -> str:
    """A cost with its unit: ``15 min``, ``800 m``, ``1,5 km``."""
    if not distance:
        return f"{_figure(cost)}{NO_BREAK}min"
    return f"{_figure(cost / 1000)}{NO_BREAK}km" if cost >= 1000 else f"{_figure(cost)}{NO_BREAK}m"


def span_label(low: float, high: float, distance: bool) -> str:
    """A class of costs in words: ``up to 5 min``, ``5 to 10 min``, ``over 1 km``."""
    if not math.isfinite(high):
        return tr("over {cost}").format(cost=cost_label(low, distance))
    most = cost_label(high, distance)
    if not math.isfinite(low):
        return tr("up to {cost}").format(cost=most)
    same = not distance or (low >= 1000) == (high >= 1000)
    least = cost_label(low, distance)
    return tr("{low} to {high}").format(low=least.rpartition(NO_BREAK)[0] if same else least, high=most)


def category_label(code: str) -> str:
    """The category's name, or the code itself when the table does not know it."""
    category = categories().get(code)
    return category.label(locale().name()) if category else code


def service_in_sentences(code: str) -> Message | str:
    """A category where a sentence names it; those without one are services."""
    return category_label(code) if code else msg("a service")


def share_column(layer: QgsVectorLayer, facts: dict[str, Any]) -> str:
    """The column of shares to show: that of ``facts["threshold"]``, or of the longest one."""
    columns = [field.name() for field in layer.fields() if field.name().startswith(SHARE)]
    wanted = SHARE + f"{facts['threshold']:g}".replace(".", "_") if "threshold" in facts else ""
    return wanted if wanted in columns else (columns or [f"{SHARE}20"])[-1]


def first_column(layer: QgsVectorLayer, *wanted: str) -> str:
    """The layer's first column that is, or begins with, one of these, in their order."""
    names = [field.name() for field in layer.fields()]
    matches = (name for start in wanted for name in names if name == start or name.startswith(start + "_"))
    return next(matches, wanted[0])


def values_of(layer: QgsVectorLayer, column: str) -> set:
    """The values of a column, empty ones apart; none when the layer has no such column."""
    position = layer.fields().lookupField(column)
    return {value for value in layer.uniqueValues(position) if value} if position >= 0 else set()


def _branch_by_category(
    layer: QgsVectorLayer,
    facts: dict[str, Any],
    rules: Callable[[], Iterable[Rule]],
    title: str = "",
) -> QgsRuleBasedRenderer:
    """One branch of the legend a category, as their rows lie on top of each other; one is shown.

    That of ``facts["category"]``, or the first one. ``title`` follows the names of the categories.
    """
    found = sorted(values_of(layer, "categorie"))
    shown = facts["category"] if facts.get("category") in found else next(iter(found), "")
    root = new_rule()
    if not found:
        _append_all(root, [_branch(title, rules())] if title else rules())
    for code in found:
        condition = QgsExpression.createFieldEqualityExpression("categorie", code)
        name = category_label(code)
        label = tr("{service}: {title}").format(service=name, title=title) if title else name
        branch = _branch(label, rules(), condition)
        branch.setActive(code == shown)
        root.appendChild(branch)
    return QgsRuleBasedRenderer(root)


def _branch(label: str, rules: Iterable[Rule], condition: str = "") -> Rule:
    branch = _rule(label, None, condition)
    _append_all(branch, rules)
    return branch


def _drawn_by(renderer: QgsRuleBasedRenderer, expression: str, ascending: bool = True) -> QgsRuleBasedRenderer:
    """The renderer, drawing rows in the order of an expression, the last one on top."""
    renderer.setOrderBy(QgsFeatureRequest.OrderBy([QgsFeatureRequest.OrderByClause(expression, ascending)]))
    renderer.setOrderByEnabled(True)
    return renderer


def _by_cost(
    layer: QgsVectorLayer, column: str, distance: bool, title: str = "", known: bool = True
) -> QgsFeatureRenderer:
    """``known``: whether an empty cost means that no way leads there, where nothing else is said."""
    root = new_rule()
    classes = root
    if title:
        classes = _branch(title, ())
        root.appendChild(classes)
    for step in METRES if distance else MINUTES:
        label = span_label(step.low, step.high, distance)
        classes.appendChild(_rule(label, symbol_for(layer, step.colour), _within(column, step, NOISE)))
    _append_all(classes, _without_cost(layer, column, known))
    return QgsRuleBasedRenderer(root)


def _without_cost(layer: QgsVectorLayer, column: str, known: bool) -> Iterator[Rule]:
    """Grey for what was not computed, which has its reason; a colour for the places from where no way leads there."""
    if known and layer.fields().lookupField("raison") >= 0:
        nowhere = f'"{column}" IS NULL AND "raison" IS NULL'
        yield _rule(tr("No way leads there"), symbol_for(layer, OUT_OF_REACH), nowhere)
        yield _rule(tr("Not computed"), unknown_symbol(layer), "ELSE")
    else:
        words = tr("Not computed or out of reach") if known else tr("Not computed")
        yield _rule(words, unknown_symbol(layer), "ELSE")


def zones_by(column: str) -> QgsFeatureRenderer:
    """Shares of the population, of a column of any name."""
    root = new_rule()
    _append_all(root, _share_rules(column))
    return QgsRuleBasedRenderer(root)


def _share_rules(column: str) -> list[Rule]:
    rules = []
    for step in SHARES:
        rules.append(_rule(share_label(step), _zone_symbol(step.colour), _within(column, step)))
    rules.append(_rule(tr("Not computed"), unknown_area(), "ELSE"))
    return rules


def share_label(step: Class) -> str:
    """A class of shares in words."""
    low, high = (_figure(100 * bound) if math.isfinite(bound) else "" for bound in (step.low, step.high))
    if not low:
        return tr("nobody")
    return tr("{low} to {high} %").format(low=low, high=high) if high else tr("over {share} %").format(share=low)


def _zone_symbol(colour: str) -> QgsFillSymbol:
    """A zone whose colour fades as one comes close, where roads, people and the ground are to be read."""
    symbol = area(colour, "#7a7a7a", 0.2)
    faded = f"set_color_part('{colour}', 'alpha', if(@map_scale < {CLOSE}, 90, 255))"
    symbol.symbolLayer(0).setDataDefinedProperty(FILL_COLOUR, QgsProperty.fromExpression(faded))
    return symbol


def _within(column: str, step: Class, noise: float = 0.0) -> str:
    """The rows of a class; ``noise``: by how much, of it, a value may exceed a bound that it is meant to equal."""
    low, high = (bound * (1 + noise) for bound in (step.low, step.high))
    bounds = [f'"{column}" > {low!r}'] if math.isfinite(low) else []
    bounds += [f'"{column}" <= {high!r}'] if math.isfinite(high) else []
    return " AND ".join(bounds)


def _rule(label: str, symbol: QgsSymbol | None, condition: str) -> Rule:
    return new_rule(symbol, condition, literal(label))


def _append_all(parent: Rule, children: Iterable[Rule]) -> None:
    for child in children:
        parent.appendChild(child)


def _rgba(colour: str, alpha: int) -> str:
    parsed = QColor(colour)
    return f"{parsed.red()},{parsed.green()},{parsed.blue()},{alpha}"


def _figure(value: float) -> str:
    """A number without needless decimals, with the decimal mark of the user's country."""
    decimals = next((places for places in range(4) if math.isclose(round(value, places), value, rel_tol=1e-3)), 4)
    return number(value, decimals)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _in_french() -> bool:
    return locale().name().startswith("fr")
