"""The atlas on a print layout that the user changed, and its pages by EPCI."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from carto_services_publics.processing.report_inputs import ReportInputError
from carto_services_publics.processing.report_pages import group_column, groups_of
from qgis.core import (
    QgsFeature,
    QgsField,
    QgsGeometry,
    QgsLayoutItemLabel,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QVariant

SHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
CATEGORIES = ("mairie", "la_poste")


@pytest.fixture(scope="module")
def found(provider, demo_gpkg):
    """The coverage of the demonstration, its communes in two EPCI and one in none."""
    import processing

    services = QgsVectorLayer(f"{demo_gpkg}|layername=services", "services", "ogr")
    services.setSubsetString(f"categorie in {CATEGORIES}")
    given = {
        "DEMAND": f"{demo_gpkg}|layername=demande",
        "DEMAND_WEIGHT": "population",
        "SERVICES": services,
        "CATEGORY_FIELD": "categorie",
        "NETWORK": f"{demo_gpkg}|layername=routes",
        "PROFILE": "foot",
        "THRESHOLDS": "10,20",
        "ZONES": f"{demo_gpkg}|layername=communes",
        "ZONE_ID": "code_insee",
        **dict.fromkeys(("OUTPUT", "DEMAND_OUT"), "memory:"),
    }
    made = processing.run("cartoservices:coveragegaps", given)
    coverage = made["OUTPUT"]
    coverage.dataProvider().addAttributes([QgsField("siren_epci", QVariant.String)])
    coverage.updateFields()
    codes = sorted({row["zone_id"] for row in coverage.getFeatures()} - {None})
    epci = dict(zip(codes, ["200030195", *["240600551"] * (len(codes) - 2), ""]))
    place = coverage.fields().lookupField("siren_epci")
    changed = {row.id(): {place: epci.get(row["zone_id"])} for row in coverage.getFeatures()}
    coverage.dataProvider().changeAttributeValues(changed)
    return {"COVERAGE": coverage, "DEMAND": made["DEMAND_OUT"], "SERVICES": services, "DEMAND_WEIGHT": "population"}


@pytest.fixture
def atlas(found, tmp_path):
    """Makes an atlas; its pages as texts, and what was said."""
    import processing

    def make(**asked) -> tuple[list[str], list[str]]:
        feedback, pdf = QgsProcessingFeedback(False), tmp_path / "atlas.pdf"
        files = {"HTML": str(tmp_path / "page.html"), "PDF": str(pdf)}
        processing.run("cartoservices:accessreport", {**found, **files, **asked}, feedback=feedback)
        text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
        return [page for page in text.stdout.split("\f") if page.strip()], feedback.textLog().splitlines()

    return make


def own_layout():
    """The layout opened in the project, as its button opens it; it goes with the test."""
    from carto_services_publics.processing.atlas_layout import open_in_project

    return open_in_project(QgsProject.instance())


@pytest.fixture
def opened(qgis_app):
    """The layout that the user opens, in the project while one test runs."""
    yield own_layout()
    QgsProject.instance().layoutManager().removeLayout(own_layout())


def test_what_the_user_changed_in_the_project_is_on_each_page(found, atlas, opened):
    assert own_layout() is opened, "opened twice, it is the same"
    opened.itemById("pied").attemptMove(QgsLayoutPoint(15, 3))
    note = QgsLayoutItemLabel(opened)
    note.setText("Document de travail du service")
    opened.addLayoutItem(note)
    note.attemptMove(QgsLayoutPoint(120, 3))
    note.attemptResize(QgsLayoutSize(70, 6))
    opened.removeLayoutItem(opened.itemById("localisation"))
    pages, said = atlas(SIGNATURE="Camille Exemple")
    zones = {row["zone_id"] for row in found["COVERAGE"].getFeatures()}
    assert len(pages) == len(zones)
    assert all("Document de travail du service" in page and "Camille Exemple" in page for page in pages)
    assert all("Carto Services Publics" in next(filter(str.strip, page.split("\n"))) for page in pages), "on top now"
    assert not any("Nom de la zone" in page or "Signature" in page for page in pages)
    assert any("« localisation »" in words for words in said)
    assert opened.itemById("nom").text() == "Nom de la zone", "the user's own layout is left as it was"


def test_a_template_is_what_the_user_saved(found, atlas, opened, tmp_path):
    from qgis.core import QgsReadWriteContext

    template = tmp_path / "mon modèle.qpt"
    opened.itemById("titre").setVisibility(False)
    opened.itemById("signature").setText("La directrice des services au public")
    opened.itemById("tableau").multiFrame().setColumnWidths([60, 30, 15, 15, 20, 15, 15])
    assert opened.saveAsTemplate(str(template), QgsReadWriteContext())
    opened.itemById("signature").setText("Signature")
    pages, said = atlas(TEMPLATE=str(template))
    assert all("La directrice des services au public" in page for page in pages), "nobody else signs"
    assert not any("«" in words for words in said), "nothing lacks"


@pytest.mark.parametrize("content", ["pas un modèle", "<qgis/>", "<Layout/>", None])
def test_what_is_no_template_is_said(atlas, tmp_path, content):
    path = tmp_path / "autre.qpt"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(QgsProcessingException, match=r"autre\.qpt"):
        atlas(TEMPLATE=str(path))


def test_a_page_for_each_epci_has_the_sums_of_its_zones(found, atlas):
    pages, _said = atlas(PAGES="groups")
    names = [re.split(r"\n+", page.strip())[1].strip() for page in pages]
    assert len(pages) == 3 and names[-1] == "Sans groupe", names
    rows = [row for row in found["COVERAGE"].getFeatures() if row["categorie"] == "mairie"]
    for page, code in zip(pages, sorted(("200030195", "240600551"), key=lambda code: names_of()[code].casefold())):
        own = [row for row in rows if row["siren_epci"] == code]
        assert names_of()[code] in page
        people = sum(row["population"] for row in own)
        count, shown = re.search(r"(\d+) zones? ; (.+?) habitants", page).groups()
        assert (int(count), int(re.sub(r"\D", "", shown))) == (len(own), round(people))
        beyond = sum(row["pop_au_dela_20"] for row in own)
        share = beyond / sum(row["population"] - row["pop_non_calculee"] for row in own)
        line = next(text for text in page.split("\n") if re.match(r"\s*Mairie\s+\d", text))
        assert f"{100 * share:.1f}".replace(".", ",") in line
        assert all(row["nom"] in page for row in own if row["nom"])


def names_of() -> dict[str, str]:
    from carto_services_publics.core.territories import find

    return {code: find(code).name for code in ("200030195", "240600551")}


def test_zones_stand_after_their_epci_and_beside_its_figures(found, atlas):
    pages, _said = atlas(PAGES="both")
    zones = {row["zone_id"] for row in found["COVERAGE"].getFeatures()}
    assert len(pages) == len(zones) + 3
    names = [re.split(r"\n+", page.strip())[1].strip() for page in pages]
    first = names.index(names_of()["240600551"])
    group, members = pages[first], pages[first + 1 : first + 3]
    share = re.search(r"Mairie\s+.*?([\d,]+)\s*%", group)[1]
    assert all(re.search(rf"Mairie\s+.*?[\d,]+\s*%\s+{share}\s*%", page) for page in members)


def test_groups_of_which_no_column_speaks_are_asked_for(found, atlas):
    layer = found["COVERAGE"].clone()
    layer.dataProvider().deleteAttributes([layer.fields().lookupField("siren_epci")])
    layer.updateFields()
    with pytest.raises(QgsProcessingException, match="name the one that groups them"):
        atlas(COVERAGE=layer, PAGES="groups")


def zones_with(**columns):
    """Zones whose columns hold these values."""
    fields = "&".join(f"field={name}:string" for name in ("zone_id", *columns))
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:2154&{fields}", "zones", "memory")
    for number, values in enumerate(zip(*columns.values())):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([str(number), *values])
        layer.dataProvider().addFeatures([feature])
    return layer


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("nom_epci", ["CC Forêts, Seine et Suzon", "CC Forêts, Lacs, Terres"], 2),
        ("bassin", ["Nord / littoral", "Nord / montagne"], 2),
        ("codes_siren_des_epci", ["200054781/200058519", "200054781"], 1),
        ("siren_epci", ["200030195", "NR"], 1),
        ("siren_epci", ["200030195", "ZZZZZZZZZ"], 1),
        ("siren_epci", ["200030195", None], 1),
    ],
)
def test_a_group_is_its_whole_name_and_none_where_official_files_say_none(qgis_app, column, values, expected):
    groups = groups_of(zones_with(**{column: values}), column)
    assert len(groups.names) == expected and set(groups.of_zone) == {"0", "1"}
    assert {code for code in groups.of_zone.values() if code} == set(groups.names)
    if not column.startswith(("siren", "codes")):
        assert sorted(groups.names.values()) == sorted(values)


def test_of_columns_that_might_say_the_epci_the_first_that_does_is_taken(qgis_app):
    zones = zones_with(siren_epci=[None, " "], nom_epci=["CC du Cap Corse", None])
    assert group_column(zones, "") == "nom_epci"
    with pytest.raises(ReportInputError):
        group_column(zones_with(siren_epci=[None, ""]), "")
    with pytest.raises(ReportInputError, match="siren_epci"):
        groups_of(zones, "siren_epci")


def test_services_are_counted_in_the_zone_where_they_lie(provider):
    from types import SimpleNamespace

    from carto_services_publics.processing.report_pages import places_by_zone

    zones = QgsVectorLayer("Polygon?crs=EPSG:2154&field=zone_id:string&field=categorie:string", "", "memory")
    services = QgsVectorLayer("Point?crs=EPSG:2154&field=categorie:string", "", "memory")
    communes = {"a": "POLYGON((0 0,10 0,10 10,0 10,0 0))", "b": "POLYGON((10 0,20 0,20 10,10 10,10 0))"}
    places = ("x", "POINT(1 1)"), ("x", "POINT(2 9)"), ("y", "POINT(15 5)"), ("y", "POINT(50 5)")
    for layer, rows in (
        (zones, [([key, "x"], shape) for key, shape in communes.items()]),
        (services, [([category], shape) for category, shape in places]),
    ):
        for values, shape in rows:
            row = QgsFeature(layer.fields())
            row.setAttributes(values)
            row.setGeometry(QgsGeometry.fromWkt(shape))
            layer.dataProvider().addFeature(row)
    results = SimpleNamespace(layers={"COVERAGE": zones, "SERVICES": services}, headline=SimpleNamespace(category="x"))
    assert places_by_zone(results) == {("a", "x"): 2, ("b", "y"): 1}
