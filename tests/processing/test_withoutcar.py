"""Living without a car: the week, who depends on the car, places without a stop, as the toolbox does it."""

from __future__ import annotations

import base64
import re
import zipfile
from html import unescape

import pytest
from carto_services_publics.core.network import BuildOptions, build_network
from carto_services_publics.processing.styling import palette
from qgis.core import QgsProcessingException
from qgis.PyQt.QtGui import QColor, QImage

from .conftest import drawn
from .test_buildtransit import town  # noqa: F401  (a fixture)

AROUND = "POLYGON((699000 6599000,720000 6599000,720000 6601000,699000 6601000,699000 6599000))"


@pytest.fixture
def asked(town, draw):  # noqa: F811
    return {
        "DEMAND": draw(
            "Point",
            "id:string,population:double",
            [
                ("POINT(700500 6600000)", "a", 10.0),
                ("POINT(708000 6600000)", "middle", 5.0),
                ("POINT(718800 6600000)", "beside", 3.0),
                ("POINT(0 0)", "lost", 2.0),
            ],
        ),
        "DEMAND_ID": "id",
        "DEMAND_WEIGHT": "population",
        "SERVICES": draw(
            "Point",
            "id:string,categorie:string,horaires:string",
            [
                ("POINT(719500 6600000)", "far", "mairie", "Tu,We 09:00-12:00"),
                ("POINT(719500 6600000)", "never", "la_poste", "off"),
            ],
        ),
        "CATEGORY_FIELD": "categorie",
        "FEEDS": str(town / "feed.zip"),
        "NETWORK": str(town / "foot.network"),
        "DATE": "2025-03-04",
        "HOME": "11:20",
    }


def by_car(town, start=0):  # noqa: F811
    """Ten times as fast as on foot; the first ``start`` km have no road."""
    from osgeo import ogr

    path = town / "car.gpkg"
    path.write_bytes((town / "streets.gpkg").read_bytes())
    source = ogr.Open(str(path), 1)
    source.ExecuteSQL(f'UPDATE "{source.GetLayer(0).GetName()}" SET minutes = 1')
    source.ExecuteSQL(f'DELETE FROM "{source.GetLayer(0).GetName()}" WHERE fid <= {start}')
    source = None
    build_network(str(path), BuildOptions(preset="generic", cost_field="minutes"), town / "car.network")
    return str(town / "car.network")


def test_the_week_tells_on_which_days_one_can_go_and_be_back(run, rows, asked):
    found, said = run("withoutcar", **asked)
    week = {row["categorie"]: row for row in rows(found["WEEK"])}
    # The buses run on Tuesdays: « a » goes and is back; who lives beside the counter walks, on both days it is
    # open; from the middle one would be back on foot at 11:25.
    days = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    shares = [week["mairie"][f"part_{day}"] for day in days]
    assert shares == pytest.approx([0, 13 / 18, 3 / 18, 0, 0, 0, 0])
    assert week["mairie"]["jours_par_semaine"] == pytest.approx(16 / 18)
    assert (week["mairie"]["population"], week["mairie"]["pop_non_calculee"]) == (20, 2)
    assert week["la_poste"]["jours_par_semaine"] == 0
    assert "0\u202f%, 72\u202f%, 17\u202f%, 0\u202f%" in said
    stops = {row["stop_id"]: [row[day] for day in days] for row in rows(found["STOPS"])}
    assert stops == {"west": [0, 2, 0, 0, 0, 0, 1], "east": [0, 1, 0, 0, 0, 0, 0]}


def test_who_is_near_by_car_only(run, rows, asked, town):  # noqa: F811
    found, _ = run("withoutcar", **asked, NETWORK_CAR=by_car(town), THRESHOLD=30, WINDOW="07:45-08:05")
    row = next(row for row in rows(found["MODES"]) if row["categorie"] == "mairie")
    # Half of the minutes bring « a » there in 29 minutes by bus (5 + 10 + 5, and waiting); « middle » is 115 min away
    # on foot, 11.5 by car.
    assert [row[f"pop_{name}"] for name in ("a_pied", "transport", "voiture", "depend_voiture")] == [3, 13, 18, 5]
    assert row["part_depend_voiture"] == pytest.approx(5 / 18) and row["pop_non_calculee"] == 2
    without, _ = run("withoutcar", **asked)
    row = next(row for row in rows(without["MODES"]) if row["categorie"] == "mairie")
    assert row["pop_voiture"] is None and row["part_depend_voiture"] is None and row["pop_a_pied"] == 3


def test_who_is_far_from_roads_by_car_only_is_not_computed_and_said(run, rows, asked, town):  # noqa: F811
    found, said = run("withoutcar", **asked, NETWORK_CAR=by_car(town, 4), THRESHOLD=30)
    row = next(row for row in rows(found["MODES"]) if row["categorie"] == "mairie")
    assert (row["pop_non_calculee"], row["pop_voiture"], row["pop_depend_voiture"]) == (12, 8, 5)
    assert row["part_depend_voiture"] == pytest.approx(5 / 8)
    assert "10 people are too far from the roads by car" in said
    assert [row["identifiant"] for row in rows(found["FAILED"])] == ["a", "lost"]
    week = next(row for row in rows(found["WEEK"]) if row["categorie"] == "mairie")
    assert week["pop_non_calculee"] == 2 and all(row["raison"] is None for row in rows(found["PLACES"])[:3])
    # No place of a service is on those roads: nobody's journey by car is known.
    found, _ = run("withoutcar", **{**asked, "SERVICES": asked["DEMAND"], "CATEGORY_FIELD": "id"},
                   NETWORK_CAR=by_car(town, 4))  # fmt: skip
    modes = {row["categorie"]: row for row in rows(found["MODES"])}
    assert (modes["a"]["pop_non_calculee"], modes["a"]["part_depend_voiture"]) == (20, None)
    assert modes["beside"]["pop_non_calculee"] == 12


def ends_on_wednesday(town):  # noqa: F811
    """The feed, of Tuesday and Wednesday alone."""
    path = town / "short.zip"
    with zipfile.ZipFile(town / "feed.zip") as source, zipfile.ZipFile(path, "w") as out:
        for name in source.namelist():
            text = source.read(name).decode()
            out.writestr(name, text.replace("20250101,20251231", "20250304,20250305"))
    return str(path)


def test_days_of_which_no_feed_speaks_are_left_empty(run, rows, asked, town):  # noqa: F811
    found, said = run("withoutcar", **{**asked, "FEEDS": ends_on_wednesday(town)})
    week = next(row for row in rows(found["WEEK"]) if row["categorie"] == "mairie")
    assert week["part_lundi"] is None and week["part_dimanche"] is None and week["jours_par_semaine"] is None
    assert [week["part_mardi"], week["part_mercredi"]] == pytest.approx([13 / 18, 3 / 18])
    assert "short.zip says nothing of 2025-03-03, 2025-03-06" in said and "–, 72\u202f%, 17\u202f%, –" in said
    # The other feed speaks of the whole week: its figures stand, and what is not known is said.
    both, said = run("withoutcar", **{**asked, "FEEDS": f"{ends_on_wednesday(town)};{town / 'feed.zip'}"})
    week = next(row for row in rows(both["WEEK"]) if row["categorie"] == "mairie")
    assert week["part_lundi"] == 0 and "short.zip says nothing of 2025-03-03" in said


def test_services_of_unknown_hours_are_said_and_no_desert(run, rows, asked, draw):
    there = "POINT(719500 6600000)"
    services = [(there, "a", "mairie", "Tu 09:00-12:00"), (there, "b", "mairie", None), (there, "c", "la_poste", "?")]
    asked["SERVICES"] = draw("Point", "id:string,categorie:string,horaires:string", services)
    found, said = run("withoutcar", **asked)
    week = {row["categorie"]: row for row in rows(found["WEEK"])}
    assert week["mairie"]["part_mardi"] == pytest.approx(13 / 18) and week["mairie"]["part_lundi"] == 0
    assert week["la_poste"]["part_mardi"] is None and week["la_poste"]["jours_par_semaine"] is None
    assert week["la_poste"]["pop_non_calculee"] == 2
    assert (
        "2 places of 3 have unknown hours" in said and "Post office, there and back from Monday to Sunday: –, –" in said
    )


def test_places_without_a_stop_are_told_by_the_stops_of_the_day(run, rows, asked):
    found, said = run("withoutcar", **asked)
    places = {row["id"]: row for row in rows(found["PLACES"])}
    # Nobody gets on at the stop to the east but for the way back: it has a departure, at 11:00.
    assert [places[name]["zone_blanche"] for name in ("a", "middle", "beside", "lost")] == [False, True, False, None]
    assert places["a"]["marche_arret"] == pytest.approx(5, abs=0.01)
    assert places["middle"]["marche_arret"] == pytest.approx(70, abs=0.01)
    assert places["lost"]["raison"]
    assert "5 people live more than 10 minutes" in said
    sunday, _ = run("withoutcar", **{**asked, "DATE": "2025-03-09"})
    assert {row["id"]: row["zone_blanche"] for row in rows(sunday["PLACES"])}["beside"] is True


def test_a_week_without_service_is_an_error_and_no_desert(run, asked):
    with pytest.raises(QgsProcessingException, match="Nothing runs in the week"):
        run("withoutcar", **{**asked, "DATE": "2024-01-02"})


def test_a_network_on_foot_is_no_network_by_car(run, asked, town):  # noqa: F811
    with pytest.raises(QgsProcessingException, match="must be a network by car"):
        run("withoutcar", **asked, NETWORK_CAR=str(town / "foot.network"))


def test_the_report_has_a_section_of_it(run, rows, asked, town):  # noqa: F811
    zone = drawn("Polygon", "id:string", [(AROUND, "z")])
    living, _ = run("withoutcar", **asked, NETWORK_CAR=by_car(town), WINDOW="07:45-08:05", ZONES=zone, ZONE_ID="id")
    given = {name: asked[name] for name in ("DEMAND", "DEMAND_WEIGHT", "SERVICES", "CATEGORY_FIELD", "NETWORK")}
    zones = {"ZONES": zone, "PROFILE": "foot", "THRESHOLDS": "30"}
    coverage, _ = run("coveragegaps", **given, **zones)
    page = town / "page.html"
    layers = {"COVERAGE": coverage["OUTPUT"], "DEMAND": coverage["DEMAND_OUT"], "DEMAND_WEIGHT": "population"}
    more = {name: living[name] for name in ("WEEK", "MODES", "PLACES")}
    run("accessreport", **layers, **more, CATEGORY="mairie", HTML=str(page))
    text = re.sub(r"\s+", " ", unescape(page.read_text(encoding="utf-8")).replace("\u202f", " ").replace("\u00a0", " "))
    section = re.search(r'<section id="sans-voiture".*?</section>', text)[0]
    assert "<strong>5 habitants</strong> (27,8 %) n'ont pas d'arrêt" in section
    row = re.search(r"<th scope=\"row\">Mairie</th>(.*?)</tr>", section)[1]
    assert re.findall(r"<td>(.*?)</td>", row) == ["3 (16,7 %)", "13 (72,2 %)", "18 (100,0 %)", "5 (27,8 %)"]
    week = re.findall(r"<th scope=\"row\">Mairie</th>(.*?)</tr>", section)[1]
    assert re.findall(r">(\d+ %)<", week) == ["0 %", "72 %", "17 %", *["0 %"] * 4]
    maps = [unescape(words) for words in re.findall(r"<figcaption><strong>(.*?)</figcaption>", section)]
    assert maps == [
        "Aller-retour sans voiture : Mairie.</strong> Jours de la semaine où un habitant de la zone peut aller au "
        "guichet et rentrer, en moyenne ; 0,9 sur tout le territoire.",
        "Dépendants de la voiture : Mairie.</strong> Part des habitants à 30 min ou moins en voiture seulement ; "
        "27,8 % en tout.",
        "Arrêts à portée de marche.</strong> Lieux où l'on vit sans arrêt à portée de marche ; 27,8 % des "
        "habitants en tout.",
    ]
    pictures = [base64.b64decode(png) for png in re.findall(r"data:image/png;base64,([^\"]+)", section)]
    days, modes, stops = (QImage.fromData(picture) for picture in pictures)
    for picture, column in ((days, palette.SCORES[0]), (modes, palette.SHARES[4].colour)):
        middle, shade = picture.pixelColor(picture.width() // 2, picture.height() // 2), QColor(column)
        assert all(abs(some - other) < 15 for some, other in zip(middle.getRgb(), shade.getRgb()))
    shown = {stops.pixelColor(x, stops.height() // 2).name() for x in range(stops.width())}
    assert {palette.BETTER, palette.WORSE} <= shown, "the places on the road, not those of the legend"
    run("accessreport", **layers, HTML=str(page))
    assert "sans-voiture" not in page.read_text(encoding="utf-8")
