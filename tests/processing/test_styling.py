"""Every layer arrives dressed: colours, titles with units, words for codes, a form, and where it comes from."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from carto_services_publics.core.categories import categories
from carto_services_publics.processing import styling
from carto_services_publics.processing.styling import STYLES, UnknownStyle, apply_style, palette, renderers
from carto_services_publics.processing.styling.rules import new_rule
from qgis import core
from qgis.core import (
    QgsApplication,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsGeometry,
    QgsMarkerSymbol,
    QgsRenderContext,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage, QPainter

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo" / "demo.gpkg"
HALF = "POLYGON((0 0, 1 0, 1 1, 0 1, 0 0))"


def memory_layer(definition, *rows):
    """A layer in memory; each row is a WKT and attributes."""
    layer = QgsVectorLayer(definition, "essai", "memory")
    draw_rows(layer, *rows)
    return layer


def draw_rows(layer, *rows):
    for wkt, *attributes in rows:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        feature.setAttributes(attributes)
        layer.dataProvider().addFeature(feature)


def colour_of(layer, feature):
    """The fill of a row, as it would be drawn."""
    context = QgsRenderContext()
    context.expressionContext().setFields(layer.fields())
    context.expressionContext().setFeature(feature)
    renderer = layer.renderer()
    renderer.startRender(context, layer.fields())
    symbols = renderer.originalSymbolsForFeature(feature, context)
    renderer.stopRender(context)
    return symbols[0].color().name() if symbols else None


def colours(layer):
    return [colour_of(layer, feature) for feature in layer.getFeatures()]


def legend(layer):
    return [item.label() for item in layer.renderer().legendSymbolItems()]


@pytest.fixture
def demo_services(qgis_app, tmp_path):
    copy = shutil.copy(DEMO, tmp_path)  # QGIS leaves its mark in the GeoPackages it opens
    return QgsVectorLayer(f"{copy}|layername=services", "services", "ogr")


def test_services_are_grouped_by_theme_with_only_what_the_layer_holds(demo_services):
    apply_style(demo_services, "services")
    root = demo_services.renderer().rootRule()
    themes = [rule.label() for rule in root.children()]
    assert "Health" in themes and "Everyday life" in themes
    assert "Justice and law" not in themes
    codes = {
        code for rule in root.descendants() for code in categories() if rule.filterExpression().endswith(f"'{code}'")
    }
    assert codes == {feature["categorie"] for feature in demo_services.getFeatures()}


def test_each_service_is_drawn_in_its_themes_colour(demo_services):
    apply_style(demo_services, "services")
    for feature in demo_services.getFeatures():
        assert colour_of(demo_services, feature) == categories()[feature["categorie"]].couleur


def test_a_service_is_described_in_words_and_titles(demo_services):
    apply_style(demo_services, "services", {"source": "Référentiel", "licence": "ODbL", "read_on": "2026-11-23T10:00"})
    fields = demo_services.fields()
    assert demo_services.attributeAlias(fields.lookupField("horaires")) == "Opening hours"
    choices = demo_services.editorWidgetSetup(fields.lookupField("categorie")).config()["map"]
    assert {"la_poste"} <= {code for choice in choices for code in choice.values()}
    assert len(demo_services.editFormConfig().tabs()) == 4
    assert demo_services.editFormConfig().readOnly(fields.lookupField("id"))
    assert "23/11/2026" in demo_services.metadata().abstract()
    assert demo_services.metadata().licenses() == ["ODbL"]
    assert "nom" in demo_services.mapTipTemplate()


def test_isochrones_go_from_dark_to_light_and_the_nearest_is_drawn_last(qgis_app):
    layer = memory_layer(
        "Polygon?field=cutoff:double&field=metric:string",
        (HALF, 15.0, "time"),
        (HALF, 5.0, "time"),
        (HALF, 10.0, "time"),
    )
    apply_style(layer, "isochrones")
    assert legend(layer) == ["within 5\u00a0min", "within 10\u00a0min", "within 15\u00a0min"]
    far, near, middle = (sum(bytes.fromhex(colour[1:])) for colour in colours(layer))
    assert near < middle < far
    assert layer.renderer().orderByEnabled() and "DESC" in layer.renderer().orderBy().dump()


def test_a_cutoff_has_the_same_colour_on_every_map(qgis_app):
    one = memory_layer("Polygon?field=cutoff:double", (HALF, 10.0), (HALF, 20.0))
    other = memory_layer("Polygon?field=cutoff:double", (HALF, 20.0), (HALF, 45.0))
    apply_style(one, "isochrones")
    apply_style(other, "isochrones")
    assert colours(one)[1] == colours(other)[0] == palette.MINUTES[3].colour


def test_distances_are_written_in_metres(qgis_app):
    layer = memory_layer(
        "Polygon?field=cutoff:double&field=metric:string", (HALF, 500.0, "distance"), (HALF, 2000.0, "distance")
    )
    apply_style(layer, "isochrones")
    assert legend(layer) == ["within 500\u00a0m", "within 2\u00a0km"]


def test_a_zone_darkens_with_the_share_badly_served_and_is_grey_when_not_computed(qgis_app):
    rows = [(HALF, share, share) for share in (0.0, 0.05, 0.3, 1.0, None)]
    layer = memory_layer("Polygon?field=pop_au_dela_20:double&field=part_au_dela_20:double", *rows)
    apply_style(layer, "coverage")
    none, few, some, all_of_them, unknown = colours(layer)
    assert len({none, few, some, all_of_them, unknown}) == 5
    assert few == palette.SHARES[1].colour, "5 % belongs to the class that ends at 5 %"
    assert unknown == palette.NOT_COMPUTED
    title = layer.attributeAlias(layer.fields().lookupField("pop_au_dela_20"))
    assert title == "Population beyond 20 min"


def test_a_zone_whose_class_changes_within_its_interval_is_hatched_and_the_legend_says_so(qgis_app):
    """Classes end at 0, 5, 10, 25, 50 and 75 %; shares are of those who could be computed."""
    names = ("population", "pop_non_calculee", "part_au_dela_20", "pop_au_dela_20_min", "pop_au_dela_20_max")
    fields = "&".join(f"field={name}:double" for name in names)
    rows = [
        (HALF, 100, 0, 0.3, 26, 50),  # in (25 %, 50 %] at both ends
        (HALF, 100, 0, 0.3, 25, 50),  # 25 % belongs to the class below
        (HALF, 100, 50, 0.3, 13, 30),  # of 50 people: 26 to 60 %
        (HALF, 100, 0, 0.0, 0, 1),
        (HALF, 100, 0, 0.0, 0, 0),
        (HALF, 100, 100, None, 0, 0),  # nobody computed
    ]
    layer = memory_layer(f"Polygon?{fields}", *rows)
    apply_style(layer, "coverage")

    def is_hatched(feature):
        context = QgsRenderContext()
        context.expressionContext().setFields(layer.fields())
        context.expressionContext().setFeature(feature)
        renderer = layer.renderer()
        renderer.startRender(context, layer.fields())
        drawn = renderer.originalSymbolsForFeature(feature, context)
        found = any(part.layerType() == "LinePatternFill" for symbol in drawn for part in symbol.symbolLayers())
        renderer.stopRender(context)
        return found

    assert [is_hatched(feature) for feature in layer.getFeatures()] == [False, True, True, True, False, False]
    assert colours(layer)[-1] == palette.NOT_COMPUTED
    assert legend(layer)[-1] in ("class not certain", "classe incertaine")
    alone = renderers.unsure_zones(layer, {})
    assert len(alone.legendSymbolItems()) == 1
    layer.dataProvider().deleteAttributes([layer.fields().lookupField("pop_au_dela_20_max")])
    layer.updateFields()
    apply_style(layer, "coverage")
    assert renderers.unsure_zones(layer, {}) is None and "class not certain" not in legend(layer)


def test_zones_by_category_lie_in_branches_of_which_one_is_shown(qgis_app):
    layer = memory_layer(
        "Polygon?field=categorie:string&field=part_au_dela_10:double", (HALF, "mairie", 0.3), (HALF, "la_poste", 0.6)
    )
    apply_style(layer, "coverage")
    assert [(rule.label(), rule.active()) for rule in layer.renderer().rootRule().children()] == [
        ("Post office: people farther than 10\u00a0min", True),
        ("Town hall: people farther than 10\u00a0min", False),
    ]


def test_the_map_opens_on_what_the_answer_says(qgis_app):
    """The worst served category, beyond the longest threshold, on zones, areas and people alike."""
    facts = {"category": "mairie", "threshold": 20.0}
    zones = memory_layer(
        "Polygon?field=categorie:string&field=part_au_dela_10:double&field=part_au_dela_20:double",
        (HALF, "la_poste", 1.0, 0.0),
        (HALF, "mairie", 1.0, 0.3),
    )
    apply_style(zones, "coverage", facts)
    assert colours(zones) == [None, palette.SHARES[4].colour]
    areas = memory_layer(
        "Polygon?field=categorie:string&field=seuil:double",
        *((HALF, category, limit) for category in ("la_poste", "mairie") for limit in (10.0, 20.0)),
    )
    apply_style(areas, "gaps", facts)
    assert [colour is not None for colour in colours(areas)] == [False, False, False, True]
    people = memory_layer("Point?field=cout_la_poste:double&field=cout_mairie:double", ("POINT(0 0)", 4.0, 90.0))
    apply_style(people, "costs", facts)
    assert colours(people) == [palette.MINUTES[-1].colour]
    assert legend(people)[0] == "Town hall"


def test_without_more_said_the_longest_threshold_is_shown(qgis_app):
    zones = memory_layer("Polygon?field=part_au_dela_10:double&field=part_au_dela_30:double", (HALF, 1.0, 0.0))
    apply_style(zones, "coverage")
    assert colours(zones) == [palette.SHARES[0].colour]
    areas = memory_layer("Polygon?field=seuil:double", (HALF, 10.0), (HALF, 30.0))
    apply_style(areas, "gaps")
    assert [colour is not None for colour in colours(areas)] == [False, True]


def test_figures_are_read_without_needless_decimals(qgis_app):
    row = (HALF, "2A004", "Ajaccio", 70658.99999, 2252.6291, 0.0318802, None)
    layer = memory_layer(
        "Polygon?field=zone_id:string&field=nom:string&field=population:double&field=pop_au_dela_20:double"
        "&field=part_au_dela_20:double&field=cout_moyen:double",
        row,
    )
    apply_style(layer, "coverage")
    form = QgsApplication.fieldFormatterRegistry()

    def shown(column):
        position = layer.fields().lookupField(column)
        setup = layer.editorWidgetSetup(position)
        value = next(layer.getFeatures())[column]
        formatter = form.fieldFormatter(setup.type())
        return re.sub(r"\s", "", formatter.representValue(layer, position, setup.config(), None, value))

    assert shown("population").replace(",", "") == "70659"
    assert shown("part_au_dela_20").replace(",", ".") == "0.032"
    assert shown("cout_moyen") == "NULL"
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(next(layer.getFeatures()))
    tip = re.sub("[\u00a0\u202f,]", "", QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context))
    assert "Ajaccio" in tip and "70659" in tip and "2253" in tip


def test_only_the_ten_largest_gaps_are_labelled(qgis_app):
    layer = memory_layer("Polygon?field=rang:int&field=population:double", (HALF, 10, 8214.4), (HALF, 11, 3.0))
    apply_style(layer, "gaps")
    label = QgsExpression(layer.labeling().settings().fieldName)
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    said = []
    for feature in layer.getFeatures():
        context.setFeature(feature)
        said.append(re.sub(r"\D", "", label.evaluate(context)))
    assert said == ["8214", ""]


def test_the_rare_services_are_drawn_over_the_town_halls(demo_services):
    apply_style(demo_services, "services")
    clause = demo_services.renderer().orderBy().list()[0]
    assert clause.ascending() and clause.expression().expression().index("'mairie'") < 25


def test_only_the_ways_to_the_places_proposed_are_drawn(qgis_app):
    layer = memory_layer(
        "LineString?field=site_type:string", ("LINESTRING(0 0, 1 1)", "existant"), ("LINESTRING(0 0, 1 0)", "nouveau")
    )
    apply_style(layer, "assignment")
    assert [colour is not None for colour in colours(layer)] == [False, True]


def test_the_threshold_asked_for_is_the_one_shown(qgis_app):
    layer = memory_layer("Polygon?field=part_au_dela_10:double&field=part_au_dela_7_5:double", (HALF, 0.0, 0.3))
    apply_style(layer, "coverage", {"threshold": 7.5})
    assert colours(layer) == [palette.SHARES[4].colour]
    assert layer.attributeAlias(1) == "Share of the population beyond 7.5 min (0 to 1)"


def test_positions_to_check_are_ringed_on_the_map(qgis_app):
    layer = memory_layer(
        "Point?field=categorie:string&field=anomalie:string",
        ("POINT(0 0)", "mairie", "horaires_douteux;hors_commune"),
        ("POINT(0 0)", "mairie", "horaires_douteux"),
        ("POINT(0 0)", "mairie", None),
    )
    apply_style(layer, "services")
    [rule] = [rule for rule in layer.renderer().rootRule().children() if "hors_commune" in rule.filterExpression()]
    context = QgsExpressionContext()
    ringed = []
    for feature in layer.getFeatures():
        context.setFeature(feature)
        ringed.append(bool(QgsExpression(rule.filterExpression()).evaluate(context)))
    assert (ringed, rule.symbol().color().alpha()) == ([True, False, False], 0)


def test_anomalies_are_said_in_words_alone_or_together(qgis_app):
    layer = memory_layer(
        "Point?field=nom:string&field=anomalie:string",
        ("POINT(0 0)", "Mairie", "axes_inverses"),
        ("POINT(0 0)", "Poste", "horaires_douteux;hors_commune"),
        ("POINT(0 0)", "École", None),
    )
    apply_style(layer, "services")
    said = []
    for feature in layer.getFeatures():
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        context.setFeature(feature)
        said.append(QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context).partition("⚠ ")[2])
    assert said[0].startswith("Longitude and latitude exchanged<br>")
    assert said[1].startswith("Opening hours that are partly unreadable or contradictory; Outside its commune<br>")
    assert said[2] == ""


def test_columns_mean_what_their_layer_makes_them_mean(qgis_app):
    changes = '{"telephone": {"old": "04", "new": "<b>05"}}'
    pairs = memory_layer(
        "Point?field=zone:string&field=score:double&field=ecarts:string", ("POINT(0 0)", "a_verifier", 0.7, changes)
    )
    apply_style(pairs, "matches")
    assert [pairs.attributeAlias(column) for column in range(3)] == [
        "Certainty",
        "Likelihood (0 to 1)",
        "What my list says otherwise",
    ]
    assert colours(pairs) == [palette.PROPOSAL] and legend(pairs) == ["Pair to check", "Sure pair"]
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(pairs))
    context.setFeature(next(pairs.getFeatures()))
    tip = QgsExpression.replaceExpressionText(pairs.mapTipTemplate(), context)
    assert "Pair to check" in tip and "≠ telephone : 04 → &lt;b&gt;05" in tip
    days = {}
    for kind in ("coverage", "permanences"):
        layer = memory_layer("Point?field=jour:string", ("POINT(0 0)", "lundi"))
        apply_style(layer, kind)
        days[kind] = layer.attributeAlias(0)
    assert days == {"coverage": "Weekday (1 = Monday)", "permanences": "Weekday"}


def test_people_out_of_reach_are_grey_never_near(qgis_app):
    layer = memory_layer(
        "Point?field=cout_mairie:double", ("POINT(0 0)", 4.0), ("POINT(0 0)", 61.0), ("POINT(0 0)", None)
    )
    apply_style(layer, "costs")
    near, far, unreached = colours(layer)
    assert near == palette.MINUTES[0].colour and far == palette.MINUTES[-1].colour
    assert unreached == palette.NOT_COMPUTED
    assert "min" in layer.attributeAlias(0)


def test_distances_to_services_have_classes_of_their_own(qgis_app):
    layer = memory_layer("Point?field=cout_mairie:double", ("POINT(0 0)", 400.0), ("POINT(0 0)", 1500.0))
    apply_style(layer, "costs", {"metric": "distance"})
    assert colours(layer) == [palette.METRES[0].colour, palette.METRES[2].colour]
    assert legend(layer)[1:4] == ["up to 500\u00a0m", "500\u00a0m to 1\u00a0km", "1 to 2\u00a0km"], (
        "under the name of the service"
    )
    assert "(m)" in layer.attributeAlias(0)


def test_changes_are_classed_around_a_neutral_middle_and_losers_have_their_own_shape(qgis_app):
    changes = (-20.0, -15.0, -3.0, -1.0, 0.0, 0.9, 1.0, 5.0, 40.0, None)
    rows = [("POINT(0 0)", change, effect) for change, effect in zip(changes, [None] * 9 + ["gagne_acces"])]
    layer = memory_layer("Point?field=ecart:double&field=effet:string", *rows)
    apply_style(layer, "scenario")
    ranks = [palette.CHANGES.index(colour) for colour in colours(layer)]
    assert ranks == [0, 0, 2, 2, 3, 3, 4, 5, 6, 0]
    words = legend(layer)
    assert {"over 15\u00a0min gained", "1 to 5\u00a0min lost", "less than 1\u00a0min of change"} <= set(words)
    shapes = {
        item.symbol().symbolLayer(0).shape() for item in layer.renderer().legendSymbolItems() if "lost" in item.label()
    }
    others = {
        item.symbol().symbolLayer(0).shape()
        for item in layer.renderer().legendSymbolItems()
        if "gained" in item.label()
    }
    assert not shapes & others


def test_labels_say_what_their_number_is(qgis_app):
    areas = memory_layer(
        "Polygon?field=rang:integer&field=seuil:double&field=population:double", (HALF, 1, 20.0, 1234.0)
    )
    apply_style(areas, "gaps")
    context = QgsExpressionContext()
    context.setFields(areas.fields())
    context.setFeature(next(areas.getFeatures()))
    said = QgsExpression(areas.labeling().settings().fieldName).evaluate(context)
    assert said.startswith("1") and said.endswith("inh.")
    sites = memory_layer("Point?field=rang:integer&field=gain:double", ("POINT(0 0)", 2, 5.0))
    apply_style(sites, "sites")
    context.setFeature(next(sites.getFeatures()))
    assert QgsExpression(sites.labeling().settings().fieldName).evaluate(context) == "No. 2"


def test_what_the_algorithms_ask_for_exists():
    modules = (ROOT / "processing").glob("*.py")
    asked = re.compile(r'style="(\w+)"|"(\w+)", facts\b')
    kinds = {one or other for module in modules for one, other in asked.findall(module.read_text(encoding="utf-8"))}
    assert {"services", "isochrones", "coverage"} <= kinds <= set(STYLES)


def test_scores_are_classed_by_people_not_by_places(qgis_app):
    rows = [("POINT(0 0)", value, 1000.0 if value > 8 else 1.0) for value in range(1, 11)]
    layer = memory_layer("Point?field=score:double&field=pop:double", *rows)
    apply_style(layer, "score", {"weight": "pop"})
    assert len(set(colours(layer)[:8])) == 1, "hardly anybody lives where scores are low: one class"


SHAPES = {"Point": "POINT(0 0)", "LineString": "LINESTRING(0 0, 1 1)", "Polygon": HALF}
QUANTITIES = {"basket", "costs", "coverage", "roundtrip", "roundtrip_zones", "scenario", "score"}
DRAWN_BY_THEIR_COLUMNS = {"corrections", "critical", "editions", "isochrones", "matches", "rounds"}


@pytest.mark.parametrize("kind", sorted(STYLES))
def test_every_style_bears_a_layer_without_rows_or_columns(qgis_app, kind):
    geometry = {"isochrones": "Polygon", "coverage": "Polygon", "gaps": "Polygon", "assignment": "LineString"}
    geometry["rounds"] = geometry["critical"] = "LineString"
    layer = QgsVectorLayer(f"{geometry.get(kind, 'Point')}?field=score:double&field=autre:string", "vide", "memory")
    apply_style(layer, kind)
    draw_rows(layer, (SHAPES[geometry.get(kind, "Point")], None, None))
    (colour,) = colours(layer)
    if kind in QUANTITIES:
        assert colour == palette.NOT_COMPUTED
    else:
        assert (colour is None) == (kind in DRAWN_BY_THEIR_COLUMNS)


@pytest.mark.parametrize("kind", sorted(kind for kind, style in STYLES.items() if style.renderer))
def test_each_style_is_also_a_file_that_draws_the_same(qgis_app, kind, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    from build_styles import layer_of

    by_hand, dressed = layer_of(kind), layer_of(kind)
    message, loaded = by_hand.loadNamedStyle(str(ROOT / "resources" / "styles" / f"{kind}.qml"))
    apply_style(dressed, kind)
    assert loaded, message
    assert colours_of_legend(by_hand) == colours_of_legend(dressed)


def colours_of_legend(layer):
    return [item.symbol().color().name() for item in layer.renderer().legendSymbolItems() if item.symbol()]


def test_a_table_without_geometry_gets_its_titles(qgis_app):
    layer = QgsVectorLayer("None?field=raison:string&field=cout:double", "table", "memory")
    apply_style(layer, "problems")
    assert layer.attributeAlias(0) == "Reason"


def test_an_unknown_kind_is_named(qgis_app):
    with pytest.raises(UnknownStyle, match="nothing"):
        styling.style_for("nothing")


def test_colours_between_classes_are_blended():
    assert palette.colour_of_minutes(5) == palette.MINUTES[0].colour
    assert palette.colour_of_minutes(7.5) == palette.blend(palette.MINUTES[0].colour, palette.MINUTES[1].colour, 0.5)
    assert palette.colour_of_minutes(1) == palette.MINUTES[0].colour
    assert palette.colour_of_minutes(90) == palette.MINUTES[-1].colour
    assert palette.ink_on("#332288") == palette.PAPER and palette.ink_on("#ddcc77") == palette.INK


def test_what_comes_from_a_server_is_text_in_the_map_tip(qgis_app):
    from qgis.core import QgsExpression, QgsExpressionContext

    columns = ("nom", "categorie", "adresse", "commune", "horaires", "telephone", "anomalie")
    layer = QgsVectorLayer("Point?" + "&".join(f"field={name}:string" for name in columns), "services", "memory")
    apply_style(layer, "services")
    feature = QgsFeature(layer.fields())
    feature["nom"] = "<script>alert(1)</script> & Cie"
    context = QgsExpressionContext()
    context.setFeature(feature)
    context.setFields(layer.fields())
    tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    assert "<script" not in tip and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Cie" in tip
    assert "☎" not in tip


@pytest.mark.parametrize("kind", sorted(kind for kind, style in STYLES.items() if style.tip))
def test_no_column_of_any_layer_is_markup_in_its_map_tip(qgis_app, kind):
    texts = ("nom", "categorie", "type", "etat", "zone_id", "raison", "anomalie", "nom_local", "nom_reference", "zone")
    columns = [*(f"field={name}:string" for name in texts), "field=population:double", "field=cutoff:double"]
    layer = QgsVectorLayer("Point?" + "&".join(columns), kind, "memory")
    feature = QgsFeature(layer.fields())
    for name in texts:
        feature[name] = "<img src=x>"
    layer.dataProvider().addFeature(feature)
    apply_style(layer, kind)
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(next(layer.getFeatures()))
    tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    assert "<img" not in tip


@pytest.mark.parametrize("kind", ["gaps", "coverage"])
def test_a_category_of_one_s_own_with_an_apostrophe_is_drawn(qgis_app, kind):
    columns = "field=categorie:string&field=population:double&field=pop_au_dela_20:double&field=part_au_dela_20:double"
    row = ("Point d'accueil", 10.0, 5.0, 0.5)
    layer = memory_layer(f"Polygon?field=seuil:double&{columns}", (HALF, 20.0, *row))
    apply_style(layer, kind)
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    feature = next(layer.getFeatures())
    context.setFeature(feature)
    (branch,) = layer.renderer().rootRule().children()
    assert QgsExpression(branch.filterExpression()).evaluate(context) == 1
    assert colours(layer) != [None]


def test_a_profile_along_a_valley_shows_the_minutes_of_each_place(qgis_app):
    layer = memory_layer(
        "Point?crs=EPSG:2154&field=id:string&field=cout:double",
        ("POINT(700000 6400000)", "a", 12.5),
        ("POINT(700100 6400000)", "b", None),
    )
    apply_style(layer, "costs")
    if not hasattr(core, "QgsProfileRequest"):
        pytest.skip("this QGIS has no elevation profile")
    valley = core.QgsLineString([core.QgsPoint(699900, 6400000), core.QgsPoint(700200, 6400000)])
    request = core.QgsProfileRequest(valley).setCrs(layer.crs()).setTolerance(1)
    generator = layer.createProfileGenerator(request)
    assert generator.generateProfile()
    highest = {
        round(geometry.vertices().__next__().x()): max(vertex.z() for vertex in geometry.vertices())
        for geometry in generator.takeResults().asGeometries()
    }
    assert highest == {700000: 125.0, 700100: 0.0}


def test_corrections_are_dated_for_the_time_slider(qgis_app):
    layer = memory_layer(
        "Point?crs=EPSG:4326&field=uuid:string&field=cree_le:string&field=type:string&field=etat:string",
        ("POINT(3 44)", "u", "2026-03-06T10:00:00+01:00", "fermeture", "envoyee"),
    )
    apply_style(layer, "corrections")
    time = layer.temporalProperties()
    assert not time.isActive()
    context = QgsExpressionContext()
    context.setFeature(next(layer.getFeatures()))
    assert QgsExpression(time.startExpression()).evaluate(context).date().toString("yyyy-MM-dd") == "2026-03-06"


@pytest.mark.parametrize("kind", ["Point", "Polygon"])
def test_what_was_not_computed_has_a_texture_that_no_class_has(qgis_app, kind):
    """In a print in grey a plain grey could be any class: the middle of its symbol is not of one colour, or empty."""
    layer = QgsVectorLayer(f"{kind}?crs=EPSG:2154&field=cout_mairie:double&field=raison:string", "", "memory")
    apply_style(layer, "costs", {"column": "cout_mairie"})
    leaves = [rule for rule in layer.renderer().rootRule().descendants() if rule.symbol() is not None]
    plain = {rule.label(): _is_plain(rule.symbol()) for rule in leaves}
    unknown = {rule.label() for rule in leaves if rule.isElse()}
    assert unknown and not any(plain[label] for label in unknown)
    assert all(is_plain for label, is_plain in plain.items() if label not in unknown)


def _is_plain(symbol) -> bool:
    """Whether the middle of a symbol, drawn in grey on white, is one shade other than the paper's."""
    paper = QImage(60, 60, QImage.Format.Format_RGB32)
    paper.fill(QColor("white"))
    painter = QPainter(paper)
    painter.drawImage(0, 0, symbol.asImage(QSize(60, 60)))
    painter.end()
    picture = paper.convertToFormat(QImage.Format.Format_Grayscale8)
    reach = 2 if symbol.type() == QgsMarkerSymbol().type() else 20
    shades = {
        QColor(picture.pixel(x, y)).lightness()
        for x in range(30 - reach, 30 + reach)
        for y in range(30 - reach, 30 + reach)
    }
    return len(shades) == 1 and shades != {255}


def test_rules_are_made_by_qgis(qgis_app):
    """Those that Python makes are written to once QGIS has freed them."""
    rule = new_rule(None, "ELSE", "others", (0, 5000))
    assert not sip.ispycreated(rule)
    assert (rule.isElse(), rule.label(), rule.minimumScale(), rule.maximumScale()) == (True, "others", 5000, 0)
    made = re.compile(r"\bRule\((?!\))")
    folders = Path(styling.__file__).parents[1], Path(styling.__file__).parents[2] / "ui"
    modules = [module for folder in folders for module in folder.rglob("*.py")]
    assert [module.name for module in modules if made.search(module.read_text(encoding="utf-8"))] == ["rules.py"]
