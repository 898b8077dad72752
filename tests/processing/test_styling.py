"""Every layer arrives dressed: colours, titles with units, words for codes, a form, and where it comes from."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from carto_services_publics.core.categories import categories
from carto_services_publics.processing import styling
from carto_services_publics.processing.styling import STYLES, UnknownStyle, apply_style, palette
from qgis.core import QgsFeature, QgsGeometry, QgsRenderContext, QgsVectorLayer

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo" / "demo.gpkg"
HALF = "POLYGON((0 0, 1 0, 1 1, 0 1, 0 0))"


def memory_layer(definition, *rows):
    """A layer in memory; each row is a WKT and attributes."""
    layer = QgsVectorLayer(definition, "essai", "memory")
    for wkt, *attributes in rows:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        feature.setAttributes(attributes)
        layer.dataProvider().addFeature(feature)
    return layer


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
    assert any(theme in themes for theme in ("Santé", "Health"))
    assert not any(theme in themes for theme in ("Justice et droit", "Justice and law"))
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
    assert demo_services.attributeAlias(fields.lookupField("horaires")) in ("Opening hours", "Horaires")
    choices = demo_services.editorWidgetSetup(fields.lookupField("categorie")).config()["map"]
    assert {"la_poste"} <= {code for choice in choices for code in choice.values()}
    assert len(demo_services.editFormConfig().tabs()) == 4
    assert demo_services.editFormConfig().readOnly(fields.lookupField("id"))
    assert "2026-11-23" in demo_services.metadata().abstract()
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
    assert legend(layer) == ["≤ 5 min", "≤ 10 min", "≤ 15 min"]
    far, near, middle = (sum(bytes.fromhex(colour[1:])) for colour in colours(layer))
    assert near < middle < far
    assert layer.renderer().orderByEnabled() and "DESC" in layer.renderer().orderBy().dump()


def test_a_cutoff_has_the_same_colour_on_every_map(qgis_app):
    one = memory_layer("Polygon?field=cutoff:double", (HALF, 10.0), (HALF, 20.0))
    other = memory_layer("Polygon?field=cutoff:double", (HALF, 20.0), (HALF, 45.0))
    apply_style(one, "isochrones")
    apply_style(other, "isochrones")
    assert colours(one)[1] == colours(other)[0] == "#41b6c4"


def test_distances_are_written_in_metres(qgis_app):
    layer = memory_layer(
        "Polygon?field=cutoff:double&field=metric:string", (HALF, 500.0, "distance"), (HALF, 2000.0, "distance")
    )
    apply_style(layer, "isochrones")
    assert legend(layer) == ["≤ 500 m", "≤ 2 km"]


def test_a_zone_darkens_with_the_share_badly_served_and_is_grey_when_not_computed(qgis_app):
    rows = [(HALF, share, share) for share in (0.0, 0.05, 0.3, 1.0, None)]
    layer = memory_layer("Polygon?field=pop_au_dela_20:double&field=part_au_dela_20:double", *rows)
    apply_style(layer, "coverage")
    none, few, some, all_of_them, unknown = colours(layer)
    assert len({none, few, some, all_of_them, unknown}) == 5
    assert few == "#fef0d9", "5 % belongs to the class that ends at 5 %"
    assert unknown == palette.NOT_COMPUTED
    title = layer.attributeAlias(layer.fields().lookupField("pop_au_dela_20"))
    assert title in ("Population beyond 20 min", "Population à plus de 20 min")


def test_zones_by_category_lie_in_branches_of_which_one_is_shown(qgis_app):
    layer = memory_layer(
        "Polygon?field=categorie:string&field=part_au_dela_10:double", (HALF, "mairie", 0.3), (HALF, "la_poste", 0.6)
    )
    apply_style(layer, "coverage")
    assert [(rule.label(), rule.active()) for rule in layer.renderer().rootRule().children()] in (
        [("La Poste", True), ("Mairie", False)],
        [("Post office", True), ("Town hall", False)],
    )


def test_the_threshold_asked_for_is_the_one_shown(qgis_app):
    layer = memory_layer("Polygon?field=part_au_dela_10:double&field=part_au_dela_7_5:double", (HALF, 0.0, 0.3))
    apply_style(layer, "coverage", {"threshold": 7.5})
    assert colours(layer) == ["#fc8d59"]
    title = layer.attributeAlias(1)
    assert "7.5 min" in title or "7,5 min" in title


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
    assert legend(layer)[:3] == ["≤ 500 m", "≤ 1 km", "≤ 2 km"]
    assert "(m)" in layer.attributeAlias(0)


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


@pytest.mark.parametrize("kind", sorted(STYLES))
def test_every_style_bears_a_layer_without_rows_or_columns(qgis_app, kind):
    geometry = {"isochrones": "Polygon", "coverage": "Polygon", "gaps": "Polygon", "assignment": "LineString"}
    geometry["rounds"] = "LineString"
    layer = QgsVectorLayer(f"{geometry.get(kind, 'Point')}?field=score:double&field=autre:string", "vide", "memory")
    apply_style(layer, kind)
    assert layer.renderer() is not None


@pytest.mark.parametrize("kind", sorted(STYLES))
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
    assert layer.attributeAlias(0) in ("Reason", "Raison")


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
