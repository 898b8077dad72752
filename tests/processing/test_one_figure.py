"""One question, one answer: what every algorithm and page says of it is what scipy alone finds.

A grid of roads with its own minutes each way, an island of roads that no service is on, people far from any road, and
services closed on Saturday: everybody is somewhere, and some can neither be near nor far.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from carto_services_publics.core.access.coverage import together
from carto_services_publics.core.network import BuildOptions, build_network
from qgis.core import QgsFeatureRequest, QgsProject, QgsSettings, QgsVectorFileWriter
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

SIDE, STEP = 9, 1000.0
ISLAND = 40_000.0
THRESHOLD = 6
PATIENCE = 60_000


class Territory:
    """Layers, and the same worked out by Dijkstra on the arcs alone."""

    def __init__(self, draw, folder: Path) -> None:
        random = np.random.default_rng(15)
        junctions = [(x * STEP + shift, y * STEP) for shift in (0.0, ISLAND) for x in range(SIDE) for y in range(SIDE)]
        number = {place: index for index, place in enumerate(junctions)}
        arcs = [
            (number[x, y], number[there])
            for x, y in junctions
            for there in ((x + STEP, y), (x, y + STEP))
            if there in number
        ]
        minutes = random.integers(1, 9, len(arcs)) / 2
        roads = [
            (f"LINESTRING({junctions[a][0]} {junctions[a][1]}, {junctions[b][0]} {junctions[b][1]})", float(m))
            for (a, b), m in zip(arcs, minutes)
        ]
        layer = draw("LineString", "minutes:double", roads)
        self.network = str(folder / "grid.network")
        build_network(saved(layer, folder / "roads.gpkg"), BuildOptions("generic", cost_field="minutes"), self.network)

        people = random.integers(1, 200, len(junctions)).astype(float)
        rows = [(f"POINT({x} {y})", str(n), float(people[n])) for n, (x, y) in enumerate(junctions)]
        lost = [(f"POINT({x} 90000)", f"far {x}", 1000.0 + x) for x in range(3)]
        lost.append((None, "nowhere", 400.0))
        self.demand = draw("Point", "id:string,population:double", rows + lost)
        self.not_computed = 1000.0 + 1001 + 1002 + 400
        self.computed = float(people.sum())
        places = random.choice(SIDE * SIDE, 6, replace=False)
        self.services = draw(
            "Point",
            "id:string,nom:string,categorie:string,horaires:string,producteur:string,version:string",
            [
                (
                    f"POINT({junctions[place][0]} {junctions[place][1]})",
                    f"s{rank}",
                    f"s{rank}",
                    ("mairie", "pharmacie")[rank // 3],
                    ("Mo-Fr 09:00-17:00", "Mo-Sa 09:00-17:00", "")[rank % 3],
                    "dila",
                    "1",
                )
                for rank, place in enumerate(places)
            ],
        )
        west = "POLYGON((-1 -1, 4500 -1, 4500 9000, -1 9000, -1 -1))"
        east = "POLYGON((4500 -1, 99999 -1, 99999 99999, 4500 99999, 4500 -1))"
        self.zones = draw("Polygon", "code_insee:string,nom:string", [(west, "W", "West"), (east, "E", "East")])
        size = len(junctions)
        tail, head = np.array(arcs).T
        graph = coo_matrix(
            (np.tile(minutes, 2), (np.append(tail, head), np.append(head, tail))), shape=(size, size)
        ).tocsr()
        self._time = {"": dijkstra(graph, indices=places[:3], min_only=True)}
        self._time["samedi 10:00"] = dijkstra(graph, indices=places[1:2], min_only=True)
        self._people = people

    @property
    def population(self) -> float:
        return self.computed + self.not_computed

    def beyond(self, moment: str) -> float:
        return float(self._people[~(self._time[moment] <= THRESHOLD)].sum())

    def unreached(self, moment: str) -> float:
        return float(self._people[np.isinf(self._time[moment])].sum())

    def mean(self, moment: str) -> float:
        reached = np.isfinite(self._time[moment])
        return float(self._people[reached] @ self._time[moment][reached] / self._people[reached].sum())


def saved(layer, path: Path) -> str:
    options = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), layer.transformContext(), options)
    return str(path)


@pytest.fixture
def territory(draw, provider, tmp_path):
    return Territory(draw, tmp_path)


@pytest.fixture(params=["", "samedi 10:00"], ids=["at any time", "on Saturday"])
def moment(request):
    return request.param


@pytest.fixture
def asked(territory, moment):
    """What the algorithms that take services ask alike."""
    return {
        "DEMAND": territory.demand,
        "DEMAND_WEIGHT": "population",
        "SERVICES": territory.services,
        "CATEGORY_FIELD": "categorie",
        "NETWORK": territory.network,
        "OPEN_AT": moment,
    }


def whole(layer, rows, category: str = "mairie") -> tuple[float, ...]:
    """Population, not computed, unreached, beyond, of a coverage by zone."""
    mine = [row for row in rows(layer) if row["categorie"] == category]
    columns = ("population", "pop_non_calculee", "pop_non_atteinte", f"pop_au_dela_{THRESHOLD}")
    return tuple(sum(row[name] for row in mine) for name in columns)


def plain(text: str) -> str:
    """A text whose numbers have no space."""
    return re.sub(r"(?<=\d)[\s\u202f\xa0,](?=\d{3})", "", " ".join(text.split()))


def test_coverage_by_zone_by_place_by_area_and_by_group(run, rows, asked, territory, moment):
    found, said = run(
        "coveragegaps", **asked, THRESHOLDS=str(THRESHOLD), ZONES=territory.zones, ZONE_ID="code_insee",
        GROUPS=["population"],
    )  # fmt: skip
    expected = (territory.population, territory.not_computed, territory.unreached(moment), territory.beyond(moment))
    assert whole(found["OUTPUT"], rows) == pytest.approx(expected)
    share = 100 * territory.beyond(moment) / territory.computed
    assert f"{territory.beyond(moment):.0f} people ({share:.1f} %)" in plain(said)
    assert f"{territory.not_computed:.0f} people could not be computed" in plain(said)
    known = [row for row in rows(found["DEMAND_OUT"]) if not row["raison"]]
    far = [row for row in known if row["cout_mairie"] is None or row["cout_mairie"] > THRESHOLD]
    assert sum(row["population"] for row in known) == territory.computed
    assert sum(row["population"] for row in far) == territory.beyond(moment)
    areas = [row for row in rows(found["GAPS"]) if row["categorie"] == "mairie"]
    assert sum(row["population"] for row in areas) == pytest.approx(territory.beyond(moment))
    for group in (row for row in rows(found["GROUPS_OUT"]) if row["categorie"] == "mairie"):
        assert group["population"] == territory.population and group["pop_non_calculee"] == territory.not_computed
        assert group["pop_au_dela"] == territory.beyond(moment)
        assert group["part_au_dela"] == pytest.approx(share / 100)
        assert group["cout_moyen"] == pytest.approx(territory.mean(moment))


def test_the_nearest_service_of_each_place(run, rows, asked, territory, moment):
    weight = asked.pop("DEMAND_WEIGHT")
    found, _ = run("nearestservice", **asked)
    wide = rows(found["WIDE"])
    known = [row for row in wide if not row["raison"]]
    assert sum(row[weight] for row in wide) == territory.population
    assert sum(row[weight] for row in known) == territory.computed
    far = [row for row in known if row["cout_mairie"] is None or row["cout_mairie"] > THRESHOLD]
    assert sum(row[weight] for row in far) == territory.beyond(moment)


def test_a_basket_of_one_service(run, rows, asked, territory, moment, tmp_path):
    basket = tmp_path / "panier.json"
    one = {"code": "mairie", "libelle": "Mairie", "categories": ["mairie"]}
    basket.write_text(json.dumps({"nom": "Un", "services": [one]}), encoding="utf-8")
    found, said = run("servicebasket", **asked, BASKET=str(basket), THRESHOLD=THRESHOLD)
    known = [row for row in rows(found["OUTPUT"]) if not row["raison"]]
    assert sum(row["population"] for row in known) == territory.computed
    assert sum(row["population"] for row in known if row["nb_manquants"]) == territory.beyond(moment)
    share = 100 * territory.beyond(moment) / territory.computed
    assert f"{territory.beyond(moment):.0f} people ({share:.1f} %) lack" in plain(said)
    for group in rows(found["GROUPS_OUT"]):
        assert group["population"] == territory.population and group["pop_non_calculee"] == territory.not_computed
        assert group["pop_au_dela"] == territory.beyond(moment)


def only_town_halls(territory):
    return territory.services.materialize(QgsFeatureRequest().setFilterExpression("\"categorie\" = 'mairie'"))


def test_the_same_sites_before_and_after(run, rows, asked, territory, moment):
    sites = only_town_halls(territory)
    found, said = run(
        "comparescenarios", **{name: asked[name] for name in ("DEMAND", "DEMAND_WEIGHT", "NETWORK", "OPEN_AT")},
        BEFORE=sites, AFTER=sites, THRESHOLDS=str(THRESHOLD), ZONES=territory.zones, ZONE_ID="code_insee",
    )  # fmt: skip
    summary = rows(found["SUMMARY"])
    of_zones = [row for row in summary if row["type"] == "zone"]
    sums = {name: sum(row[name] for row in of_zones) for name in summary[0] if name.startswith("pop")}
    for total in (summary[0], sums):
        assert total["population"] == territory.population
        assert total["pop_non_calculee"] == territory.not_computed
        assert total["pop_sans_acces"] == territory.unreached(moment)
        for then in ("avant", "apres"):
            assert total[f"pop_au_dela_{THRESHOLD}_{then}"] == territory.beyond(moment)
    assert summary[0]["cout_moyen_avant"] == pytest.approx(territory.mean(moment))
    assert f"{territory.not_computed:.0f} people could not be computed" in plain(said)


@pytest.mark.parametrize("moment", [""], ids=["at any time"])  # the page gives the places open at a moment
def test_where_to_open_starts_from_the_same_figures(provider, asked, territory, moment):
    import processing

    found = processing.run(
        "cartoservices:proposesites",
        {
            **{name: asked[name] for name in ("DEMAND", "DEMAND_WEIGHT", "NETWORK")},
            "EXISTING": only_town_halls(territory), "MODEL": "mclp", "SITES": 1, "THRESHOLD": THRESHOLD,
            "OUTPUT": "memory:",
        },
    )  # fmt: skip
    assert found["COMPUTED"] == territory.computed and found["NOT_COMPUTED"] == territory.not_computed
    assert found["OBJECTIVE"] - found["GAIN"] == pytest.approx(territory.computed - territory.beyond(moment))


@pytest.fixture
def pages(qgis_iface, qgis_new_project, qtbot, territory, moment):
    from carto_services_publics.ui.access_question import SETTINGS
    from carto_services_publics.ui.page_access import AccessPage
    from carto_services_publics.ui.page_action import SETTINGS as OF_ACTION
    from carto_services_publics.ui.page_action import ActionPage

    for settings in (SETTINGS, OF_ACTION):
        QgsSettings().remove(settings)
    QgsProject.instance().addMapLayers([territory.services, territory.demand, territory.zones])
    access = AccessPage(qgis_iface)
    action = ActionPage(qgis_iface, access, lambda: "")
    for page in (access, action):
        qtbot.addWidget(page)
    access.choose(territory.services, territory.demand, territory.zones, None, "car", str(THRESHOLD))
    access.weight.setField("population")
    access.network_file.setFilePath(territory.network)
    access.only_open.setChecked(bool(moment))
    access.weekday.setCurrentIndex(5)
    access.hour.setCurrentText("10:00")
    access.choose_service("mairie")
    return access, action


def test_the_pages(pages, qtbot, territory, moment):
    access, action = pages
    assert bool(access.open_at()) == bool(moment)
    access.run_gaps()
    qtbot.waitUntil(lambda: access.progress.run is None, timeout=PATIENCE)
    served = together([next(each for each in access._found if each.category == "mairie").served])
    assert (served.population, served.not_computed) == (territory.population, territory.not_computed)
    assert served.beyond[0] == territory.beyond(moment)
    share = 100 * territory.beyond(moment) / territory.computed
    words = plain(access.answer.text())
    lost = f"{territory.not_computed:.0f} people could not be computed"
    assert f"{territory.beyond(moment):.0f} " in words and f"({share:.1f} %)" in words and lost in words
    row = [each.category for each in access._found].index("mairie")
    assert plain(access.table.item(row, 0).text()).replace(" ", "") == f"{share:.1f}%"

    action.model.setCurrentIndex(action.model.findData("mclp"))
    action.sites.setValue(1)
    action.threshold.setValue(THRESHOLD)
    action.run()
    qtbot.waitUntil(lambda: action.progress.run is None, timeout=PATIENCE)
    words = plain(action.answer.text())
    assert f"(from {100 - share:.1f} % to" in words and lost in words

    scenario = action.scenario
    action.take_up_places()
    qtbot.waitUntil(lambda: "within" in scenario.words.text().lower(), timeout=PATIENCE)
    assert lost in plain(scenario.words.text())
    more = re.search(r"Within 6 min: (\d+) more", plain(scenario.words.text()))
    gain = re.search(r"1 place: (\d+) more", words)
    assert more[1] == gain[1]


def test_the_report(run, asked, territory, moment, tmp_path):
    gaps, _ = run("coveragegaps", **asked, THRESHOLDS=str(THRESHOLD), ZONES=territory.zones, ZONE_ID="code_insee")
    page = tmp_path / "rapport.html"
    run(
        "accessreport", COVERAGE=gaps["OUTPUT"], DEMAND=gaps["DEMAND_OUT"], DEMAND_WEIGHT="population",
        GAPS=gaps["GAPS"], SERVICES=territory.services, NETWORK=territory.network, OPEN_AT=moment, CATEGORY="mairie",
        HTML=str(page), PDF=str(tmp_path / "atlas.pdf"),
    )  # fmt: skip
    words = plain(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8")))
    assert f"{territory.beyond(moment):.0f}" in words
    assert f"{100 * territory.beyond(moment) / territory.computed:.1f}".replace(".", ",") in words
    assert f"{territory.not_computed:.0f} habitants n" in words
