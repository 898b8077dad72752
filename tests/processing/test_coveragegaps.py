"""Coverage gaps, from layers to figures a Schéma départemental can stand on."""

from __future__ import annotations

import pytest
from carto_services_publics.core.network import BuildOptions, build_network
from carto_services_publics.processing.styling.columns import alias
from qgis.core import QgsFeature, QgsFeatureRequest, QgsProcessingException, QgsVectorLayer

SERVICES = [
    ("POINT(10000 0)", "s1", "mairie", "Sa 09:00-12:00"),
    ("POINT(50000 0)", "s2", "mairie", "Mo-Fr 09:00-17:00"),
    ("POINT(0 0)", "s3", "la_poste", ""),
]
DEMAND = [
    ("POINT(0 10)", "a", 100.0),  # 10 minutes from s1
    ("POINT(30000 10)", "b", 30.0),  # 20 minutes from s1 and s2
    ("POINT(59000 10)", "c", 7.0),  # 9 minutes from s2
    ("POINT(59000 90000)", "d", 5.0),  # off the network
]
ZONES = [
    ("POLYGON((-1 -1, 20000 -1, 20000 100, -1 100, -1 -1))", "west", "Ouest"),
    ("POLYGON((20000 -1, 60000 -1, 60000 99999, 20000 99999, 20000 -1))", "east", "Est"),
    ("POLYGON((90000 0, 90001 0, 90001 1, 90000 0))", "empty", "Vide"),
]


@pytest.fixture
def layers(draw, road):
    return {
        "DEMAND": draw("Point", "id:string,population:double", DEMAND),
        "DEMAND_WEIGHT": "population",
        "SERVICES": draw("Point", "id:string,categorie:string,horaires:string", SERVICES),
        "CATEGORY_FIELD": "categorie",
        "NETWORK": road,
        "THRESHOLDS": "10,20",
        "ZONES": draw("Polygon", "code:string,population:string", ZONES),
        "ZONE_ID": "code",
    }


def test_figures_by_zone_and_category(run, rows, layers):
    found, said = run("coveragegaps", **layers)
    by = {(row["zone_id"], row["categorie"]): row for row in rows(found["OUTPUT"])}
    assert len(by) == 6
    west = by["west", "mairie"]
    assert west["population"] == 100
    assert west["pop_au_dela_10"] == 0  # exactly ten minutes is within ten minutes
    assert west["part_au_dela_10"] == 0
    assert west["cout_moyen"] == west["cout_median"] == pytest.approx(10)
    east = by["east", "mairie"]
    assert east["population"] == 42
    assert east["pop_non_calculee"] == 5  # off the network: not far, unknown
    assert east["pop_au_dela_10"] == 30
    assert east["part_au_dela_10"] == pytest.approx(30 / 37)
    assert east["pop_au_dela_20"] == east["part_au_dela_20"] == 0
    assert east["pop_non_atteinte"] == 0
    assert east["cout_moyen"] == pytest.approx((30 * 20 + 7 * 9) / 37)
    assert east["cout_median"] == pytest.approx(20)
    empty = by["empty", "mairie"]
    assert empty["population"] == 0
    assert empty["part_au_dela_10"] is None
    assert empty["cout_moyen"] is None
    assert sum(row["population"] for row in rows(found["OUTPUT"]) if row["categorie"] == "la_poste") == 142
    assert "30 people (21.9 %) are more than 10 min from: Town hall – by car." in said
    assert "5 people could not be computed" in said and "buildings" in said


def test_no_way_is_beyond_every_threshold_and_not_computed_is_beyond_none(run, rows, layers):
    found, said = run("coveragegaps", OPEN_AT="dimanche 3:00", **layers)
    mairie = [row for row in rows(found["OUTPUT"]) if row["categorie"] == "mairie"]
    sums = {name: sum(row[name] for row in mairie) for name in ("pop_non_atteinte", "pop_non_calculee")}
    assert sums == {"pop_non_atteinte": 137, "pop_non_calculee": 5}
    assert sum(row["pop_au_dela_20"] for row in mairie) == 137
    assert {row["zone_id"]: row["part_au_dela_20"] for row in mairie} == {"west": 1.0, "east": 1.0, "empty": None}
    assert "137 people (100 %) are more than 20 min from: Town hall – by car, places open on" in said
    assert "137 people cannot reach at all: Town hall" in said


def test_where_nobody_can_be_computed_there_is_no_figure(run, layers, draw):
    layers["DEMAND"] = draw("Point", "id:string,population:double", [DEMAND[-1], ("POINT(0 0)", "nobody", 0.0)])
    with pytest.raises(QgsProcessingException, match="Nobody's place could be put on the network"):
        run("coveragegaps", **layers)


def test_services_that_cannot_be_placed_are_not_far(run, rows, layers, draw):
    far = [
        (wkt.replace("0 0)", "0 90000)"), *rest) if rest[1] == "la_poste" else (wkt, *rest) for wkt, *rest in SERVICES
    ]
    layers["SERVICES"] = draw("Point", "id:string,categorie:string,horaires:string", far)
    found, said = run("coveragegaps", **layers)
    post = [row for row in rows(found["OUTPUT"]) if row["categorie"] == "la_poste"]
    assert sum(row["pop_non_calculee"] for row in post) == sum(row["population"] for row in post) == 142
    assert [row["part_au_dela_10"] for row in post] == [None] * 3
    assert "Nobody's journey could be computed to: Post office – by car." in said
    layers["SERVICES"] = draw(
        "Point", "id:string,categorie:string,horaires:string", [row for row in far if row[2] == "la_poste"]
    )
    with pytest.raises(QgsProcessingException, match="None of the services"):
        run("coveragegaps", **layers)


def test_demand_keeps_its_columns_and_gets_one_cost_a_category(run, rows, layers):
    found, _ = run("coveragegaps", **layers)
    a, b, _, d = rows(found["DEMAND_OUT"])
    assert (a["id"], a["population"], a["zone_id"]) == ("a", 100, "west")
    assert a["cout_mairie"] == pytest.approx(10)
    assert a["cout_la_poste"] == pytest.approx(0)
    assert b["cout_la_poste"] == pytest.approx(30)
    assert d["cout_mairie"] is None
    assert "nearest road" in d["raison"]
    assert [row["couche"] for row in rows(found["FAILED"])] == ["DEMAND"]


def test_gaps_are_areas_ranked_by_population(run, rows, layers):
    found, _ = run("coveragegaps", **layers)
    beyond_ten = [row for row in rows(found["GAPS"]) if (row["categorie"], row["seuil"]) == ("mairie", 10)]
    assert [(row["rang"], row["population"]) for row in beyond_ten] == [(1, 30)]
    assert beyond_ten[0]["part"] == pytest.approx(30 / 137)
    found, _ = run("coveragegaps", OPEN_AT="dimanche 3:00", **layers)
    first = next(row for row in rows(found["GAPS"]) if row["categorie"] == "mairie")
    assert first["pop_non_atteinte"] == first["population"] and first["cout_moyen"] is None


def test_only_places_open_on_saturday_count(run, rows, layers):
    found, said = run("coveragegaps", OPEN_AT="samedi 10:00", **layers)
    costs = {row["id"]: (row["cout_mairie"], row["cout_la_poste"]) for row in rows(found["DEMAND_OUT"])}
    assert costs["c"] == (pytest.approx(49), None)
    assert "1 of 3 places are open; 1 of unknown hours do not count" in said
    found, said = run("coveragegaps", OPEN_AT="samedi 10:00", UNKNOWN_HOURS="open", **layers)
    assert {row["id"]: row["cout_la_poste"] for row in rows(found["DEMAND_OUT"])}["a"] == pytest.approx(0)


def test_the_week_hour_by_hour(run, rows, layers):
    found, _ = run("coveragegaps", OPEN_AT="dimanche 3:00", **layers)
    week = {(row["categorie"], row["seuil"], row["jour"], row["heure"]): row for row in rows(found["TIMETABLE"])}
    assert len(week) == 2 * 2 * 168
    assert week["mairie", 10, 6, 10]["population"] == 100  # Saturday: the first town hall
    assert week["mairie", 10, 6, 12]["population"] == 0
    assert week["mairie", 10, 1, 10]["population"] == 7  # Monday: the second
    assert week["mairie", 20, 1, 10]["part"] == pytest.approx(37 / 137)
    assert week["la_poste", 20, 1, 10]["population"] == 0  # unknown hours do not count


def test_by_hour_what_is_not_known_is_null_and_unknown_hours_are_counted(run, rows, layers, draw):
    found, said = run("coveragegaps", TIMETABLE="memory:", **layers)
    assert "1 of 3 places of unknown hours count as closed" in said
    assert (
        "1 of 3 places of unknown hours count as always open"
        in run("coveragegaps", TIMETABLE="memory:", UNKNOWN_HOURS=1, **layers)[1]
    )
    far = [(wkt.replace("0 0)", "0 90000)") if code == "s3" else wkt, code, *rest) for wkt, code, *rest in SERVICES]
    layers["SERVICES"] = draw("Point", "id:string,categorie:string,horaires:string", far)
    found, said = run("coveragegaps", TIMETABLE="memory:", **layers)
    post = [row for row in rows(found["TIMETABLE"]) if row["categorie"] == "la_poste"]
    assert len(post) == 2 * 168 and {(row["population"], row["part"]) for row in post} == {(None, None)}
    assert "unknown hours" not in said


def test_who_has_no_position_does_not_live_outside_the_zones(run, rows, layers, draw):
    layers["DEMAND"] = draw("Point", "id:string,population:double", [*DEMAND, (None, "nowhere", 11.0)])
    layers["ZONES"] = layers["ZONES"].materialize(_only("code = 'west'"))
    found, said = run("coveragegaps", **layers)
    assert "42 people live outside every zone" in said
    assert sum(row["population"] for row in rows(found["OUTPUT"]) if row["categorie"] == "mairie") == 153


def test_people_outside_every_zone_have_their_own_row(run, rows, layers):
    layers["ZONES"] = layers["ZONES"].materialize(_only("code = 'west'"))
    found, said = run("coveragegaps", **layers)
    mairie = [row for row in rows(found["OUTPUT"]) if row["categorie"] == "mairie"]
    assert [(row["zone_id"], row["population"]) for row in mairie] == [("west", 100), (None, 42)]
    assert "Outside every zone" in mairie[1]["raison"]
    assert "42 people live outside every zone" in said


def test_people_of_overlapping_zones_count_once_and_it_is_said(run, rows, layers):
    zones = layers["ZONES"].materialize(QgsFeatureRequest())
    found, said = run("coveragegaps", **layers)
    assert "Zones overlap" not in said
    again = [QgsFeature(zone) for zone in zones.getFeatures() if zone["code"] == "west"]
    zones.dataProvider().addFeatures(again)
    found, said = run("coveragegaps", **{**layers, "ZONES": zones})
    people = [row["population"] for row in rows(found["OUTPUT"]) if row["categorie"] == "mairie"]
    assert (
        sum(people) == 142 and "Zones overlap: 100 people live in several of them, and count in the first one" in said
    )


def test_without_zones_nor_categories_there_is_one_row(run, rows, layers):
    for name in ("ZONES", "ZONE_ID", "CATEGORY_FIELD"):
        del layers[name]
    found, _ = run("coveragegaps", **layers)
    (row,) = rows(found["OUTPUT"])
    assert row["population"] == 142
    assert (row["pop_au_dela_20"], row["pop_non_calculee"]) == (0, 5)
    assert "cout" in rows(found["DEMAND_OUT"])[0]


def test_weights_and_places_that_cannot_be_used_are_set_apart(run, rows, layers, draw):
    bad = [("POINT(0 0)", "n", None), ("POINT(0 0)", "m", -3.0), (None, "g", 4.0)]
    layers["DEMAND"] = draw("Point", "id:string,population:double", [*DEMAND, *bad])
    found, _ = run("coveragegaps", **layers)
    mairie = [row for row in rows(found["OUTPUT"]) if row["categorie"] == "mairie"]
    assert sum(row["population"] for row in mairie) == 146
    assert mairie[-1]["population"] == 4  # people without position are in no zone
    reasons = {row["id"]: row["raison"] for row in rows(found["DEMAND_OUT"])}
    assert "NULL" in reasons["n"]
    assert "negative" in reasons["m"]
    assert "geometry" in reasons["g"]
    assert len(rows(found["FAILED"])) == 4


def test_zones_of_people_are_merged_where_they_touch(run, rows, layers, draw):
    squares = [
        (f"POLYGON(({x} 0, {x + 1000} 0, {x + 1000} 500, {x} 500, {x} 0))", str(x), 1.0) for x in range(0, 40_000, 1000)
    ]
    layers["DEMAND"] = draw("Polygon", "id:string,population:double", squares)
    found, _ = run("coveragegaps", **layers)
    beyond = [row for row in rows(found["GAPS"]) if (row["categorie"], row["seuil"]) == ("mairie", 10)]
    assert len(beyond) == 1
    (area,) = (f.geometry() for f in found["GAPS"].getFeatures("categorie = 'mairie' and seuil = 10"))
    assert area.area() == pytest.approx(beyond[0]["population"] * 1000 * 500)


def test_very_many_zones_of_people_are_treated_as_points(run, rows, layers, draw, monkeypatch):
    from carto_services_publics.processing import coveragegaps

    monkeypatch.setattr(coveragegaps, "MOST_MERGED", 10)
    squares = [
        (f"POLYGON(({x} 0, {x + 500} 0, {x + 500} 500, {x} 500, {x} 0))", str(x), 1.0) for x in range(0, 40_000, 500)
    ]
    layers["DEMAND"] = draw("Polygon", "id:string,population:double", squares)
    found, said = run("coveragegaps", **layers)
    assert "cells of 500 m" in said
    beyond = [row for row in rows(found["GAPS"]) if (row["categorie"], row["seuil"]) == ("mairie", 10)]
    assert len(beyond) == 1
    assert beyond[0]["population"] == beyond[0]["nb_lieux"] > 20


def test_layers_in_another_crs_give_the_same_figures(run, rows, layers, draw):
    import processing

    layers["THRESHOLDS"] = "15,25"  # no place is exactly at a threshold, where reprojection would decide

    def figures():
        return [
            -1 if row[column] is None else row[column]
            for row in rows(run("coveragegaps", **layers)[0]["OUTPUT"])
            for column in ("population", "pop_au_dela_15", "cout_moyen", "cout_median")
        ]

    expected = figures()
    for name in ("DEMAND", "SERVICES", "ZONES"):
        result = processing.run(
            "native:reprojectlayer", {"INPUT": layers[name], "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"}
        )
        layers[name] = result["OUTPUT"]
    assert figures() == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("THRESHOLDS", "dix", "thresholds"),
        ("OPEN_AT", "samedi", "“Only places open at” “samedi”"),
        ("DEMAND", "empty", "“Demand” is empty"),
        ("SERVICES", "empty", "“Services” is empty"),
        ("ZONES", "empty", "“Zones” is empty"),
        ("DEMAND", "no crs", "no coordinate reference system"),
        ("ZONES", "no crs", "“Zones” has no coordinate reference system"),
        ("DEMAND_WEIGHT", "nobody", "no column"),
    ],
)
def test_what_cannot_be_used_ends_with_a_sentence(run, layers, draw, name, value, sentence):
    if value in ("empty", "no crs"):
        kind, some = ("Polygon", ZONES) if name == "ZONES" else ("Point", DEMAND)
        fields = "code:string,nom:string,population:double,categorie:string"
        value = draw(kind, fields, [] if value == "empty" else some, "EPSG:2154" if value == "empty" else "")
    with pytest.raises(QgsProcessingException, match=sentence):
        run("coveragegaps", **{**layers, name: value})


def test_demo_territory_has_exact_totals(run, rows, tmp_path, demo_gpkg):
    path = tmp_path / "foot.network"
    build_network(f"{demo_gpkg}|layername=routes", BuildOptions(profile="foot"), path)
    communes = QgsVectorLayer(f"{demo_gpkg}|layername=communes", "communes")
    found, _ = run(
        "coveragegaps",
        DEMAND=f"{demo_gpkg}|layername=demande",
        DEMAND_WEIGHT="population",
        SERVICES=f"{demo_gpkg}|layername=services",
        CATEGORY_FIELD="categorie",
        NETWORK=str(path),
        PROFILE="foot",
        THRESHOLDS="10",
        ZONES=communes,
        ZONE_ID="code_insee",
    )
    by_zone = rows(found["OUTPUT"])
    population = sum(feature["population"] for feature in communes.getFeatures())
    demand = rows(found["DEMAND_OUT"])
    for category in {row["categorie"] for row in by_zone}:
        mine = [row for row in by_zone if row["categorie"] == category]
        assert sum(row["population"] for row in mine) == population
        known = [row for row in demand if row["raison"] is None]
        costs = [(row["population"], row[f"cout_{category}"]) for row in known]
        beyond = sum(people for people, cost in costs if cost is None or cost > 10)
        assert sum(row["pop_au_dela_10"] for row in mine) == beyond
        gaps = [row for row in rows(found["GAPS"]) if row["categorie"] == category]
        assert sum(row["population"] for row in gaps) == beyond
        assert [row["rang"] for row in gaps] == list(range(1, len(gaps) + 1))


def test_the_result_says_how_the_roads_were_read_whatever_they_were_given_as(run, rows, demo_gpkg, layers, tmp_path):
    """A file of roads, a layer that QGIS alone sees so, another edition, and the network made of them."""
    roads = QgsVectorLayer(f"{demo_gpkg}|layername=routes", "routes", "ogr")
    edition = roads.materialize(QgsFeatureRequest().setLimit(max(roads.featureCount() - 5, 1)))
    edition.setName("routes 2027")
    built = tmp_path / "foot.network"
    build_network(f"{demo_gpkg}|layername=routes", BuildOptions(profile="foot"), built)
    layers = {
        name: f"{demo_gpkg}|layername={table}" for name, table in (("DEMAND", "demande"), ("SERVICES", "services"))
    }

    def said(network, **asked):
        found, _ = run("coveragegaps", **layers, NETWORK=network, THRESHOLDS="10", **{"PROFILE": "foot", **asked})
        (text,) = {row["lecture_routes"] for row in rows(found["OUTPUT"])}
        assert text and "2027" not in text and str(tmp_path) not in text
        return text

    (same,) = {said(network) for network in (f"{demo_gpkg}|layername=routes", roads, edition, str(built))}
    column = roads.fields().names()[-1]
    assert said(roads, SPEED_FIELD=column) == f"{same}; speed={column.lower()}"


def test_every_column_of_the_figures_has_a_title(run, layers):
    found, _ = run("coveragegaps", **layers)
    given = layers["ZONES"].fields().names()
    names = [name for name in found["OUTPUT"].fields().names() if name not in given]
    assert "pop_au_dela_10" in names and [name for name in names if not alias(name)] == []


def _only(expression):
    from qgis.core import QgsFeatureRequest

    return QgsFeatureRequest().setFilterExpression(expression)


def test_results_saved_to_a_geopackage_are_complete(run, rows, layers, tmp_path):
    outputs = {name: str(tmp_path / f"{name}.gpkg") for name in ("OUTPUT", "GAPS", "DEMAND_OUT", "FAILED")}
    in_memory, _ = run("coveragegaps", **layers)
    # a GeoPackage of zones brings its row number along, and each zone comes once a category
    zones = tmp_path / "zones.gpkg"
    layers["ZONES"] = _saved(layers["ZONES"], zones)
    run("coveragegaps", **layers, **outputs)
    for name, path in outputs.items():
        assert QgsVectorLayer(path, name).featureCount() == in_memory[name].featureCount(), name


def test_categories_that_would_share_a_column_keep_one_each(run, rows, layers, draw):
    services = [("POINT(0 0)", "s1", "a b", ""), ("POINT(10000 0)", "s2", "a_b", "")]
    layers["SERVICES"] = draw("Point", "id:string,categorie:string,horaires:string", services)
    found, _ = run("coveragegaps", **layers)
    first = rows(found["DEMAND_OUT"])[0]
    assert (first["cout_a_b"], first["cout_a_b__2"]) == (pytest.approx(0), pytest.approx(10))


def _saved(layer, path):
    from qgis.core import QgsVectorFileWriter

    options = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), layer.transformContext(), options)
    return QgsVectorLayer(str(path), "zones")


def test_coverage_weighed_by_need(run, rows, draw, road, tmp_path):
    table = tmp_path / "besoin.csv"
    table.write_text("colonne;poids;source\nvieux;3;une étude\nreste;1;\n", encoding="utf-8")
    demand = draw(
        "Point", "population:double,vieux:double", [("POINT(0 0)", 60.0, 0.0), ("POINT(30000 0)", 40.0, 30.0)]
    )
    services = draw("Point", "id:string", [("POINT(1000 0)", "a")])
    given = {"DEMAND": demand, "DEMAND_WEIGHT": "population", "SERVICES": services, "NETWORK": road, "THRESHOLDS": "10"}
    found, said = run("coveragegaps", NEED=str(table), **given)
    (row,) = rows(found["OUTPUT"])
    # Needs: 60 and 30 × 3 + 10 = 100, of 160 in all, for 100 people.
    assert row["population"] == pytest.approx(100) and row["part_au_dela_10"] == pytest.approx(100 / 160)
    assert "une étude" in said
    # A column named twice is no two groups; people counted twice are said.
    table.write_text("colonne;poids;source\nvieux;3;une étude\nVIEUX;3;\n", encoding="utf-8")
    with pytest.raises(QgsProcessingException, match="name one column"):
        run("coveragegaps", NEED=str(table), **given)
    table.write_text("colonne;poids;source\nvieux;3;une étude\npopulation;1;\n", encoding="utf-8")
    assert "At 1 place the columns" in run("coveragegaps", NEED=str(table), **given)[1]
