"""A country computed part by part gives what one run over all of it gives."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import carto_services_publics
import numpy as np
import pytest
from carto_services_publics.core.national import __main__ as national
from carto_services_publics.core.national import plan as plans
from carto_services_publics.core.national.__main__ import main
from carto_services_publics.core.network import BuildOptions, build_network, open_network
from carto_services_publics.core.parquet_files import NoParquet
from carto_services_publics.core.routing.local import Router
from carto_services_publics.core.vector_files import open_vector
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ROOT = Path(carto_services_publics.__file__).resolve().parent


class Country:
    """Layers of a made-up country of 80 × 80 km with gaps, one-way streets and islets."""

    SIDE, CORNER = 80_000.0, (600_000, 6_500_000)

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, np.random.default_rng(seed)
        self.reference = osr.SpatialReference()
        self.reference.ImportFromEPSG(2154)
        self.roads, self.demand = folder / "roads.gpkg", folder / "demand.gpkg"
        self.services, self.zones = folder / "services.csv", folder / "zones.gpkg"
        self._roads()
        self._demand(600)
        self._services(120)
        self._zones(8)

    def _layer(self, path: Path, kind: int, **fields: int):
        dataset = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
        layer = dataset.CreateLayer(path.stem, self.reference, kind)
        for name, sort in fields.items():
            layer.CreateField(ogr.FieldDefn(name, sort))
        return dataset, layer

    def _roads(self) -> None:
        size = 30
        step = self.SIDE / size
        places = np.stack(np.meshgrid(np.arange(size), np.arange(size)), axis=-1) * step + self.CORNER
        places = places + self.random.normal(0, step / 5, places.shape)
        dataset, layer = self._layer(self.roads, ogr.wkbLineString, vitesse=ogr.OFTReal, sens=ogr.OFTString)
        for i in range(size):
            for j in range(size):
                for k, m in ((i + 1, j), (i, j + 1)):
                    if k < size and m < size and self.random.random() < 0.75:
                        self._road(layer, places[i, j], places[k, m])
        for _islet in range(12):  # roads that nothing joins to the others
            start = self.random.uniform(0, self.SIDE, 2) + self.CORNER
            self._road(layer, start, start + self.random.normal(0, 300, 2))
        del layer, dataset

    def _road(self, layer, start: np.ndarray, end: np.ndarray) -> None:
        feature = ogr.Feature(layer.GetLayerDefn())
        line = ogr.Geometry(ogr.wkbLineString)
        for place in (start, (start + end) / 2 + self.random.normal(0, 60, 2), end):
            line.AddPoint_2D(*map(float, place))
        feature.SetGeometry(line)
        feature["vitesse"] = float(self.random.choice([30, 50, 80, 110]))
        feature["sens"] = str(self.random.choice(["double", "direct", "inverse"], p=[0.7, 0.15, 0.15]))
        layer.CreateFeature(feature)

    def _demand(self, count: int) -> None:
        dataset, layer = self._layer(self.demand, ogr.wkbPoint, habitants=ogr.OFTReal, ages=ogr.OFTReal)
        for place in self.random.uniform(-1500, self.SIDE + 1500, (count, 2)) + self.CORNER:
            feature = ogr.Feature(layer.GetLayerDefn())
            feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({place[0]} {place[1]})"))
            people = int(self.random.integers(0, 50))
            feature["habitants"], feature["ages"] = people, people // 5
            layer.CreateFeature(feature)
        del layer, dataset

    def _services(self, count: int) -> None:
        to_degrees = osr.CoordinateTransformation(self.reference, _degrees())
        with self.services.open("w", encoding="utf-8") as file:
            file.write("nom,longitude,latitude,categorie,guichets\n")
            for number, place in enumerate(self.random.uniform(0, self.SIDE, (count, 2)) + self.CORNER):
                lon, lat, _ = to_degrees.TransformPoint(*map(float, place))
                file.write(f"s{number},{lon!r},{lat!r},{'mairie' if number % 5 else 'rare'},{number % 4}\n")

    def _zones(self, side: int) -> None:
        dataset, layer = self._layer(self.zones, ogr.wkbPolygon, code=ogr.OFTString, dep=ogr.OFTString)
        step = self.SIDE / side
        for i in range(side):
            for j in range(side):
                west, south = self.CORNER[0] + i * step, self.CORNER[1] + j * step
                feature = ogr.Feature(layer.GetLayerDefn())
                ring = [(0, 0), (step, 0), (step, step), (0, step), (0, 0)]
                corners = ", ".join(f"{west + x} {south + y}" for x, y in ring)
                feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({corners}))"))
                feature["code"], feature["dep"] = f"{i:02d}{j:02d}", f"{i // 4}{j // 4}"
                layer.CreateFeature(feature)
        del layer, dataset

    def arguments(self, output: str, *more: str) -> list[str]:
        return [
            *("--roads", str(self.roads), "--preset", "generic", "--speed-field", "vitesse"),
            *("--direction-field", "sens", "--value-forward", "direct", "--value-backward", "inverse"),
            *("--demand", str(self.demand), "--weight", "habitants", "--groups", "ages"),
            *("--services", str(self.services), "--category-field", "categorie"),
            *("--zones", str(self.zones), "--zone-id", "code", "--thresholds", "3,6"),
            *("--output", str(self.folder / output), *more),
        ]

    def all_questions(self) -> list[str]:
        """Arguments that ask for a basket, scores and gaps."""
        needs = [("m", ["mairie"]), ("tous", ["mairie", "rare"]), ("r", ["rare"])]
        services = [{"code": code, "categories": categories} for code, categories in needs]
        (self.folder / "basket.json").write_text(json.dumps({"nom": "essai", "services": services}), encoding="utf-8")
        return [
            *("--basket", str(self.folder / "basket.json"), "--basket-threshold", "7", "--gaps", "--cell", "1000"),
            *("--steps", "4:1,9:0.4", "--capacity", "guichets"),
        ]

    def router(self) -> Router:
        """On all the roads."""
        directions = {"direction_field": "sens", "value_forward": "direct", "value_backward": "inverse"}
        path = self.folder / "all.network"
        build_network(str(self.roads), BuildOptions("generic", speed_field="vitesse", **directions), path)
        return Router(open_network(path))

    def places_of_services(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions (m, 2) in the roads' CRS, and categories (m,)."""
        from_degrees = osr.CoordinateTransformation(_degrees(), self.reference)
        lines = [line.split(",") for line in self.services.read_text(encoding="utf-8").splitlines()[1:]]
        xy = [from_degrees.TransformPoint(float(line[1]), float(line[2]))[:2] for line in lines]
        return np.array(xy), np.array([line[3] for line in lines])

    def rows(self, output: str, table: str, columns: str) -> list[tuple]:
        with sqlite3.connect(self.folder / output) as database:
            return database.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3").fetchall()


def _degrees() -> osr.SpatialReference:
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return degrees


_DEMAND = "fid_source, zone_id, raison, population, cout_mairie, cout_rare"
_ZONES = "zone_id, categorie, population, pop_au_dela_3, pop_au_dela_6, pop_non_atteinte, pop_non_calculee"


@pytest.fixture
def country(tmp_path) -> Country:
    return Country(tmp_path, 20261127)


def test_costs_are_those_of_a_plain_search_over_all_the_roads(country):
    assert main(country.arguments("all.gpkg", "--territory-field", "dep")) == 0
    router = country.router()
    demand = _places(country.demand)
    where, kinds = country.places_of_services()
    rows = country.rows("all.gpkg", "demand", _DEMAND)
    for column, kind in ((4, "mairie"), (5, "rare")):
        members = where[kinds == kind]
        expected = router.nearest(router.snap(demand, 1000.0), router.snap(members, 1000.0)).cost[:, 0]
        found = np.array([np.nan if row[column] is None else row[column] for row in rows])
        assert np.array_equal(np.isnan(found), np.isnan(expected))
        assert np.nanmax(np.abs(found - expected)) < 1e-6
        assert np.isfinite(expected).sum() > 300


def _places(path: Path) -> np.ndarray:
    dataset = gdal.OpenEx(str(path))
    return np.array([feature.geometry().GetPoint_2D(0) for feature in dataset.GetLayer(0)])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("more", [[], ["--bound", "8"], ["--direction", "arrival"]])
def test_parts_together_are_one_run(tmp_path, monkeypatch, seed, more):
    country = Country(tmp_path, seed)
    assert main(country.arguments("one.gpkg", *more)) == 0
    monkeypatch.setattr(plans, "MOST_ROWS", 100)
    assert main(country.arguments("parts.gpkg", "--territory-field", "dep", *more)) == 0
    one, parts = (country.rows(name, "demand", _DEMAND) for name in ("one.gpkg", "parts.gpkg"))
    assert len(one) == len(parts) == 600
    for mine, theirs in zip(one, parts):
        assert mine[:4] == theirs[:4]
        assert theirs[4:] == pytest.approx(mine[4:], abs=1e-6)
    assert country.rows("one.gpkg", "zones", _ZONES) == country.rows("parts.gpkg", "zones", _ZONES)


@pytest.mark.parametrize(("seed", "direction"), [(0, "departure"), (1, "arrival")])
def test_baskets_scores_and_gaps_of_parts_are_those_of_one_run(tmp_path, monkeypatch, seed, direction):
    country = Country(tmp_path, 100 + seed)
    more = [*country.all_questions(), "--direction", direction]
    assert main(country.arguments("one.gpkg", *more)) == 0
    monkeypatch.setattr(plans, "MOST_ROWS", 200)
    assert main(country.arguments("parts.gpkg", "--territory-field", "dep", *more)) == 0
    columns = "fid_source, manquants, nb_manquants, cout_panier, score_mairie, offre_mairie, score_rare, offre_rare"
    one, parts = (country.rows(name, "demand", columns) for name in ("one.gpkg", "parts.gpkg"))
    for mine, theirs in zip(one, parts):
        assert mine[:3] == theirs[:3]
        assert theirs[3:] == pytest.approx(mine[3:], abs=1e-6)
    assert sum(row[4] is not None and row[4] > 0 for row in one) > 200
    columns = "zone_id, categorie, population, pop_au_dela_6, score_moyen, cout_moyen"
    for mine, theirs in zip(*(country.rows(name, "zones", columns) for name in ("one.gpkg", "parts.gpkg"))):
        assert mine[:4] == theirs[:4]
        assert theirs[4:] == pytest.approx(mine[4:], abs=1e-6)
    columns = "categorie, seuil, rang, population, nb_lieux, pop_non_atteinte, hex(geom)"
    one, parts = (country.rows(name, "gaps", columns) for name in ("one.gpkg", "parts.gpkg"))
    assert one == parts and len(one) > 10


def test_scores_baskets_and_gaps_are_those_of_their_definitions(country):
    """Worked out from a table of all the costs, one pair at a time."""
    assert main(country.arguments("all.gpkg", *country.all_questions())) == 0
    router = country.router()
    where, kinds = country.places_of_services()
    cost = np.full((600, len(where)), np.inf)
    for block in router.matrix(router.snap(_places(country.demand), 1000.0), router.snap(where, 1000.0)):
        cost[np.ix_(block.origins, block.destinations)] = block.cost
    people = np.array([row[3] for row in country.rows("all.gpkg", "demand", _DEMAND)])
    weight = np.select([cost <= 4, cost <= 9], [1.0, 0.4], 0.0)
    asked = weight.T @ people
    desks = np.arange(len(where)) % 4
    ratio = np.divide(desks, asked, out=np.zeros(len(where)), where=asked > 0)
    nearest = {kind: cost[:, kinds == kind].min(axis=1) for kind in ("mairie", "rare")}
    mean = (nearest["mairie"] + np.minimum(nearest["mairie"], nearest["rare"]) + nearest["rare"]) / 3
    columns = "fid_source, raison, population, score_mairie, offre_mairie, score_rare, cout_panier, nb_manquants"
    for row, (_fid, why, _people, *found) in enumerate(country.rows("all.gpkg", "demand", columns)):
        if why:
            assert found == [None] * 5
            continue
        missing = sum(value > 7 for value in (nearest["mairie"][row], min(cost[row]), nearest["rare"][row]))
        rare, hall = kinds == "rare", kinds == "mairie"
        expected = [weight[row, hall] @ ratio[hall], weight[row, hall] @ desks[hall], weight[row, rare] @ ratio[rare]]
        assert found[:3] == pytest.approx(expected, rel=1e-9)
        assert found[3:] == [pytest.approx(mean[row], abs=1e-5) if np.isfinite(mean[row]) else None, missing]
    placed = [row for row in country.rows("all.gpkg", "demand", _DEMAND) if not row[2]]
    beyond = {
        kind: sum(row[3] for row in placed if row[column] is None or row[column] > 6)
        for column, kind in ((4, "mairie"), (5, "rare"))
    }
    areas = country.rows("all.gpkg", "gaps", "categorie, seuil, population")
    for kind, population in beyond.items():
        assert sum(row[2] for row in areas if row[:2] == (kind, 6)) == population > 0


def test_services_off_the_roads_are_counted_and_their_category_is_not_far(country, capsys):
    to_degrees = osr.CoordinateTransformation(country.reference, _degrees())
    with country.services.open("a", encoding="utf-8") as file:
        for number in range(3):
            x, y = country.CORNER[0] - 9_000.0 - number, country.CORNER[1] + 40_000.0
            lon, lat, _ = to_degrees.TransformPoint(x, y)
            file.write(f"sea{number},{lon!r},{lat!r},{'phare' if number else 'mairie'},1\n")
    assert main(country.arguments("all.gpkg", *country.all_questions())) == 0
    said = capsys.readouterr().out
    astray = int((country.router().snap(country.places_of_services()[0], 1000.0).link < 0).sum())
    assert astray > 3 and f"{astray} services could not be put on the roads" in said
    assert "No place could be put on the network of: phare." in said
    totals = "categorie, population, pop_non_calculee, pop_au_dela_6, pop_non_atteinte, niveau, groupe"
    lines = {row[0]: row[1:] for row in country.rows("all.gpkg", "summary", totals) if row[5:] == ("ensemble", None)}
    assert lines["phare"][1] == lines["phare"][0] > 0 and lines["phare"][2:4] == (0, 0)
    assert 0 < lines["mairie"][1] < lines["mairie"][0]
    assert not [row for row in country.rows("all.gpkg", "gaps", "categorie, seuil, rang") if row[0] == "phare"]
    scores = country.rows("all.gpkg", "demand", "score_phare, offre_phare, fid_source")
    assert {row[:2] for row in scores} == {(None, None)}  # nobody knows: that is not 0
    means = dict(row[:2] for row in country.rows("all.gpkg", "summary", "categorie, score_moyen, niveau"))
    assert means["phare"] is None and means["mairie"] > 0


def test_a_lost_category_that_the_basket_does_not_need_leaves_the_basket_as_it_is(country):
    totals = "categorie, population, pop_non_calculee, pop_au_dela_6, pop_non_atteinte, cout_moyen, niveau, groupe"

    def of_basket(output: str) -> tuple:
        assert main(country.arguments(output, *country.all_questions())) == 0
        rows = country.rows(output, "summary", totals)
        return next(row for row in rows if not row[0] and row[6:] == ("ensemble", None))

    before = of_basket("before.gpkg")
    to_degrees = osr.CoordinateTransformation(country.reference, _degrees())
    lon, lat, _ = to_degrees.TransformPoint(country.CORNER[0] - 9_000.0, country.CORNER[1] + 40_000.0)
    with country.services.open("a", encoding="utf-8") as file:
        file.write(f"sea,{lon!r},{lat!r},phare,1\n")
    assert of_basket("after.gpkg") == before and before[2] < before[1]


def test_a_road_that_comes_back_far_away_is_one_to_live_on(country):
    """On the roads around, nobody comes back by the long one-way loop; on all roads everybody does."""
    dataset, layer = country._layer(
        country.folder / "loop.gpkg", ogr.wkbLineString, vitesse=ogr.OFTReal, sens=ogr.OFTString
    )
    x, y = country.CORNER
    stops = [
        *((5_000, north) for north in range(0, 150_001, 5_000)),
        *((8_000, north) for north in range(150_000, -1, -5_000)),
    ]
    loop = [list(pair) for pair in zip(stops, stops[1:])]
    main_road = [[(0, 0), (5_000, 0)], [(5_000, 0), (8_000, 0)], [(8_000, 0), (10_000, 0)]]
    for line, speed, direction in [
        *((road, 130.0, "direct") for road in loop),
        *((road, 50.0, "double") for road in main_road),
    ]:
        feature = ogr.Feature(layer.GetLayerDefn())
        places = ", ".join(f"{x + east} {y + north}" for east, north in line)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"LINESTRING ({places})"))
        feature["vitesse"], feature["sens"] = speed, direction
        layer.CreateFeature(feature)
    del layer, dataset
    country.roads, country.demand = country.folder / "loop.gpkg", country.folder / "one.csv"
    to_degrees = osr.CoordinateTransformation(country.reference, _degrees())
    lon, lat, _ = to_degrees.TransformPoint(x + 5_030.0, y + 700.0)
    country.demand.write_text(f"longitude,latitude,habitants,ages\n{lon!r},{lat!r},7,1\n", encoding="utf-8")
    lon, lat, _ = to_degrees.TransformPoint(x + 1_000.0, float(y))
    country.services.write_text(f"longitude,latitude,categorie\n{lon!r},{lat!r},mairie\n", encoding="utf-8")
    assert main(country.arguments("loop.out.gpkg")) == 0
    ((_fid, _why, cost),) = country.rows("loop.out.gpkg", "demand", "fid_source, raison, cout_mairie")
    around = (149_300 + 3_000 + 150_000) / 130_000 * 60 + (3_000 + 4_000) / 50_000 * 60
    assert cost == pytest.approx(around, rel=1e-3)


def test_levels_add_up_to_all(country):
    assert main(country.arguments("all.gpkg", "--territory-field", "dep", "--levels", "dep")) == 0
    lines = country.rows("all.gpkg", "summary", "niveau, categorie, groupe, population, pop_au_dela_6")
    for kind in ("mairie", "rare"):
        for group in (None, "ages"):
            totals = {
                level: np.sum([row[3:] for row in lines if row[:3] == (level, kind, group)], axis=0).tolist()
                for level in ("ensemble", "territoire", "dep")
            }
            assert totals["ensemble"] == totals["territoire"] == totals["dep"]
    people = sum(row[3] for row in country.rows("all.gpkg", "demand", _DEMAND))
    assert {row[3] for row in lines if row[0] == "ensemble" and row[2] is None} == {people}


def test_what_was_done_is_not_done_again_and_another_question_is(country, capsys):
    arguments = country.arguments("all.gpkg", "--territory-field", "dep")
    assert main(arguments) == 0
    first = country.rows("all.gpkg", "demand", _DEMAND)
    parts = sorted((country.folder / "all.gpkg.parts").glob("part*.npz"))
    stamps = {part: part.stat().st_mtime_ns for part in parts}
    parts[1].write_bytes(parts[1].read_bytes()[:100])  # cut short, as by a full disk
    parts[2].unlink()
    half_made = parts[0].with_name("around.of_a_killed_run")
    half_made.mkdir()
    (half_made / "1.network").write_bytes(b"half")
    assert main(arguments) == 0
    assert not half_made.exists()
    again = {part for part in parts if part.stat().st_mtime_ns != stamps[part]}
    assert again == {parts[1], parts[2]}
    assert country.rows("all.gpkg", "demand", _DEMAND) == first
    assert main([*arguments, "--bound", "6"]) == 0
    assert max(row[4] for row in country.rows("all.gpkg", "demand", _DEMAND) if row[4] is not None) <= 6
    capsys.readouterr()


@pytest.mark.parametrize("engine", ["dask", "own"])
def test_a_killed_worker_changes_nothing(country, engine):
    if engine == "dask":
        pytest.importorskip("distributed")
    assert main(country.arguments("one.gpkg")) == 0
    package = country.folder / "python"
    package.mkdir()
    (package / "carto_services_publics").symlink_to(ROOT)
    hidden = "" if engine == "dask" else "import sys; sys.modules['distributed'] = None; "
    program = f"{hidden}from carto_services_publics.core.national.__main__ import main; import sys; sys.exit(main())"
    if engine == "dask":
        (country.folder / "run.py").write_text(f"if __name__ == '__main__':\n    {program}\n")
    command = [sys.executable, *([str(country.folder / "run.py")] if engine == "dask" else ["-c", program])]
    running = subprocess.Popen(
        [*command, *country.arguments("two.gpkg", "--territory-field", "dep", "--workers", "2")],
        env={**os.environ, "PYTHONPATH": str(package)},
        stdout=subprocess.PIPE,
        text=True,
    )
    killed = []
    for line in running.stdout:
        if line.startswith("part ") and not killed:
            killed = _kill_a_worker(running.pid)
    assert running.wait(120) == 0
    assert killed
    for table, columns in (("demand", "fid_source, zone_id, raison"), ("zones", _ZONES)):
        assert country.rows("two.gpkg", table, columns) == country.rows("one.gpkg", table, columns)


def _kill_a_worker(pid: int) -> list[int]:
    """The processor-hungriest of the processes that ``pid`` started, killed."""
    children, before = [], [pid]
    while before:
        found = subprocess.run(["pgrep", "-P", ",".join(map(str, before))], capture_output=True, text=True)
        before = [int(child) for child in found.stdout.split()]
        children += before
    busy = {}
    for child in children:
        try:
            fields = Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        busy[child] = int(fields[11]) + int(fields[12])
    worker = max(busy, key=busy.get)
    os.kill(worker, signal.SIGKILL)
    time.sleep(0.1)
    return [worker]


def test_parquet_says_the_same(country):
    parquet = pytest.importorskip("pyarrow.parquet")
    assert main(country.arguments("one.gpkg")) == 0
    assert main(country.arguments("folder")) == 0
    table = parquet.read_table(country.folder / "folder" / "demand.parquet")
    assert json.loads(table.schema.metadata[b"geo"])["columns"]["geometry"]["crs"]["id"]["code"] == 2154
    for name in ("cout_mairie", "zone_id"):
        expected = {row[0]: row[1] for row in country.rows("one.gpkg", "demand", f"fid_source, {name}, fid")}
        assert dict(zip(table["fid_source"].to_pylist(), table[name].to_pylist())) == expected


def test_sources_may_be_parquet(country, monkeypatch):
    """Written by this program or by others; read by GDAL where it has the driver, else by pyarrow."""
    parquet, arrow = pytest.importorskip("pyarrow.parquet"), pytest.importorskip("pyarrow")
    assert main(country.arguments("one.gpkg")) == 0
    expected = country.rows("one.gpkg", "zones", _ZONES)
    for path in (country.roads, country.demand, country.zones):
        _as_parquet(arrow, parquet, path, country.reference)
    country.roads, country.demand, country.zones = (
        path.with_suffix(".parquet") for path in (country.roads, country.demand, country.zones)
    )
    assert main(country.arguments("two.gpkg")) == 0
    assert country.rows("two.gpkg", "zones", _ZONES) == expected
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    monkeypatch.setattr("carto_services_publics.core.parquet_files.gdal.GetDriverByName", lambda name: None)
    with pytest.raises(NoParquet, match="pyarrow"):
        open_vector(country.roads)


def _as_parquet(arrow, parquet, path: Path, reference) -> None:
    layer = (dataset := gdal.OpenEx(str(path))).GetLayer(0)
    rows = [{**row.items(), "geometry": bytes(row.geometry().ExportToWkb())} for row in layer]
    crs = json.loads(reference.ExportToPROJJSON())
    column = {"encoding": "WKB", "geometry_types": [], "crs": crs}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    table = arrow.Table.from_pylist(rows).replace_schema_metadata({"geo": json.dumps(geo)})
    parquet.write_table(table, path.with_suffix(".parquet"))
    del layer, dataset


@pytest.mark.parametrize(
    "wrong",
    [
        {"--weight": "nothing"},
        {"--zone-id": "nothing"},
        {"--roads": "/nowhere.gpkg"},
        {"--thresholds": "often"},
        {"--category-field": "nothing"},
        {"--speed-field": "nothing"},
    ],
)
def test_what_cannot_be_used_is_a_sentence(country, capsys, wrong):
    arguments = country.arguments("all.gpkg")
    for name, value in wrong.items():
        arguments[arguments.index(name) + 1] = value
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: ") and next(iter(wrong.values())).split(".")[0] in said
    assert not (country.folder / "all.gpkg").exists()


@pytest.mark.parametrize("output", ["demand.gpkg/all.gpkg", "services.csv", "folder.gpkg"])
def test_an_output_that_cannot_be_written_is_a_sentence(country, capsys, output):
    (country.folder / "folder.gpkg").mkdir()
    assert main(country.arguments(output)) == 1
    said = capsys.readouterr()
    assert said.err.startswith("error: ") and output in said.err and "part " not in said.out


@pytest.mark.parametrize(
    "wrong",
    [
        *("--bound -5", "--bound nan", "--snap-distance nan", "--cell 0", "--basket-threshold -1"),
        *("--bound 5", "--basket vie_courante --bound 10"),  # nobody would know who is within 6, or 20, minutes
        *("--levels territoire --territory-field dep", "--levels ensemble", "--levels nothing"),
    ],
)
def test_what_cannot_be_answered_is_refused_before_the_work(country, capsys, wrong):
    assert main(country.arguments("all.gpkg", *wrong.split())) == 1
    assert capsys.readouterr().err.startswith("error: ")
    assert not (country.folder / "all.gpkg").exists()


@pytest.mark.parametrize("wrong", ["--memory beaucoup", "--scheduler nowhere", "--scheduler http://127.0.0.1:9"])
def test_what_dask_does_not_understand_is_a_sentence_at_once(country, capsys, wrong):
    pytest.importorskip("distributed")
    started = time.monotonic()
    assert main(country.arguments("all.gpkg", "--workers", "2", *wrong.split())) == 1
    assert wrong.split()[1] in capsys.readouterr().err and time.monotonic() - started < 15


def test_columns_of_one_name_are_kept_apart(country):
    """A category, a group and the table's own columns may have one name; databases know no case."""
    text = country.services.read_text(encoding="utf-8")
    country.services.write_text(text.replace("mairie", "Panier").replace("rare", " RARE "), encoding="utf-8")
    _rename(country.demand, "ages", "POPULATION")
    arguments = country.arguments("all.gpkg", *country.all_questions())
    arguments[arguments.index("ages")] = "POPULATION"
    assert main(arguments) == 0
    columns = "fid_source, population, POPULATION__2, cout_panier__2, cout_panier, cout_rare"
    rows = country.rows("all.gpkg", "demand", columns)
    assert [row[2] for row in rows] == [row[1] // 5 for row in rows]
    router = country.router()
    where, kinds = country.places_of_services()
    there = router.snap(where[kinds == "Panier"], 1000.0)
    expected = router.nearest(router.snap(_places(country.demand), 1000.0), there).cost[:, 0]
    found = np.array([np.nan if row[3] is None else row[3] for row in rows])
    assert np.allclose(found, expected, atol=1e-6, equal_nan=True)
    assert {row[4] for row in rows} == {None}  # the basket's services are not in this layer
    assert {row[0] for row in country.rows("all.gpkg", "zones", "categorie, 1, 2")} == {"Panier", "RARE", None}


def _rename(path: Path, old: str, new: str) -> None:
    dataset = gdal.OpenEx(str(path), gdal.OF_UPDATE)
    dataset.ExecuteSQL(f"ALTER TABLE {path.stem} RENAME COLUMN {old} TO {new}")


def test_a_level_may_be_a_column_named_zone_and_zones_without_people_have_their_territory(country):
    _rename(country.zones, "dep", "zone")
    few = ["--demand", f"{country.demand}|layername=demand|subset=fid<40", "--territory-field", "zone"]
    assert main(country.arguments("all.gpkg", *few, "--levels", "zone")) == 0
    zones = country.rows("all.gpkg", "zones", "zone_id, categorie, territoire, population")
    assert len(zones) == 2 * 65 and any(row[3] == 0 for row in zones)
    assert all(row[2] == f"{int(row[0][:2]) // 4}{int(row[0][2:]) // 4}" for row in zones if row[0])
    one = "niveau, categorie, groupe, code, population"
    summary = [row for row in country.rows("all.gpkg", "summary", one) if row[1:3] == ("mairie", None)]
    of_level = {name: {row[3]: row[4] for row in summary if row[0] == name} for name in ("zone", "territoire")}
    assert of_level["zone"] == of_level["territoire"] and len(of_level["zone"]) == 5
    for code, people in of_level["zone"].items():
        assert people == sum(row[3] for row in zones if row[1] == "mairie" and row[2] == code)


def test_services_without_category_are_told_from_the_basket(country, capsys):
    text = country.services.read_text(encoding="utf-8").replace(",mairie,", ",,", 20)
    country.services.write_text(text, encoding="utf-8")
    assert main(country.arguments("all.gpkg", *country.all_questions())) == 0
    assert "20 services have no category: of two lines without category" in capsys.readouterr().out
    lines = country.rows("all.gpkg", "summary", "fid, categorie, score_moyen, niveau, groupe")
    without = [row[2] is None for row in lines if not row[1] and row[3:] == ("ensemble", None)]
    assert without == [False, True]  # a basket has no score


def test_what_is_wrong_with_the_roads_is_said(country, capsys):
    roads = gdal.OpenEx(str(country.roads), gdal.OF_UPDATE)
    roads.ExecuteSQL("UPDATE roads SET vitesse = 999 WHERE fid < 4")
    del roads
    assert main(country.arguments("all.gpkg", "--territory-field", "dep")) == 0
    said = capsys.readouterr().out
    assert said.count("In the field “vitesse”, 3 values are no speeds in km/h (for example 999)") == 1
    assert "The road layer says it has" not in said


def test_a_text_file_keeps_its_codes_and_its_decimal_commas_and_lost_places_are_said(country, capsys):
    to_degrees = osr.CoordinateTransformation(country.reference, _degrees())
    lon, lat, _ = to_degrees.TransformPoint(country.CORNER[0] + 40_000.0, country.CORNER[1] + 40_000.0)
    lines = [f"0{number};{lon!r};{lat!r};1 000,5;2,5" for number in (1, 2)] + ["03;;;7;1"]
    country.demand = country.folder / "demand.csv"
    country.demand.write_text("dep;longitude;latitude;habitants;ages\n" + "\n".join(lines), encoding="utf-8")
    arguments = country.arguments("all.gpkg", "--territory-field", "dep")
    del arguments[arguments.index("--zones") : arguments.index("--thresholds")]
    assert main(arguments) == 0
    assert "1 row of demand has no position" in capsys.readouterr().out
    rows = country.rows("all.gpkg", "summary", "code, population, categorie, niveau, groupe")
    assert {row[:2] for row in rows if row[3:] == ("territoire", None)} == {("01", 1000.5), ("02", 1000.5), ("03", 7)}


def test_a_scheduler_that_does_not_answer_is_a_sentence(country, capsys):
    pytest.importorskip("distributed")
    assert main(country.arguments("all.gpkg", "--scheduler", "tcp://127.0.0.1:9", "--answers-within", "0.3")) == 1
    assert "127.0.0.1:9" in capsys.readouterr().err


def test_a_port_that_is_open_and_mute_is_a_sentence_in_time(country, capsys):
    pytest.importorskip("distributed")
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        started = time.monotonic()
        assert main(country.arguments("all.gpkg", "--scheduler", address, "--answers-within", "0.3")) == 1
    assert f"No scheduler answers at {address}: " in capsys.readouterr().err
    assert time.monotonic() - started < 15


def test_two_runs_at_once_into_one_output_are_never_mixed(country, capsys, monkeypatch):
    """The other one starts, and ends, while this one has its parts worked on."""
    at_work = national.answers

    def with_another(*arguments):
        monkeypatch.setattr(national, "answers", at_work)
        assert main(country.arguments("all.gpkg", "--territory-field", "dep", "--direction", "arrival")) == 0
        return at_work(*arguments)

    monkeypatch.setattr(national, "answers", with_another)
    assert main(country.arguments("all.gpkg", "--territory-field", "dep")) == 1
    assert "Another run worked in" in capsys.readouterr().err


def test_layers_named_from_here_are_found_by_workers_that_are_elsewhere(country, monkeypatch):
    monkeypatch.chdir(country.folder)
    country.roads, country.folder = Path("roads.gpkg"), Path()
    assert main(country.arguments("all.gpkg")) == 0
    asked = json.loads((country.folder / "all.gpkg.parts" / "plan.json").read_text(encoding="utf-8"))["question"]
    assert asked["roads"] == str(Path.cwd() / "roads.gpkg")
