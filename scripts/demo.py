"""The main job on real input, from services to a correction, each step as a user of the command line would run it.

    python3 scripts/demo.py [--territory demo|corse] [--output FOLDER]

A real OGC API – Features server holds the referential; then `qgis_process`, with the plugin enabled in a profile of its
own, loads the services, builds the network, computes isochrones and gaps, sends one correction and reads its answer.
The results are a GeoPackage whose layers carry their styles, and a map. `corse` needs the folder of real data that is
not part of the project (`../shared/data`, or the one named by CSP_TEST_DATA).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from demo_territories import TERRITORIES, MissingData, Prepared, Territory
from osgeo import gdal, ogr
from project import BUILD, LINKS, PACKAGE
from registry import CannotServe, moderate, registry

# isort: split
from carto_services_publics.core.corrections.model import Change, as_feature, new_correction
from carto_services_publics.core.services import SERVICE_COLUMNS, Service

FIRST, BASKET = "premier_service.gpkg", "panier.gpkg"
SHOWN = ("title", "subtitle", "basket", "threshold", "access_title", "gaps_title", "beyond", "attribution", "extent")
WORDS = {"envoyee": "envoyée", "acceptee": "acceptée", "rejetee": "refusée", "conflit": "en conflit"}


class StepFailed(RuntimeError):
    """A step of the chain ended with an error; the text is what it said."""


class Figures(NamedTuple):
    """The three figures that matter, and what they are shares of."""

    services: int
    population: int
    beyond: int
    correction: str


class Qgis:
    """`qgis_process` with a clean profile in which the plugin is enabled."""

    def __init__(self, profile: Path) -> None:
        self._program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
        if self._program is None:
            raise StepFailed("qgis_process was not found; install QGIS (Debian, Ubuntu: apt install qgis).")
        shutil.rmtree(profile, ignore_errors=True)
        settings = profile / "profiles" / "default" / "QGIS"
        settings.mkdir(parents=True)
        for name in ("QGIS3.ini", "QGIS4.ini"):  # each QGIS reads its own
            (settings / name).write_text("[locale]\noverrideFlag=true\nuserLocale=fr\n", encoding="utf-8")
        self._environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QGIS_CUSTOM_CONFIG_PATH": str(profile),
            "QGIS_PLUGINPATH": str(LINKS),
            "XDG_RUNTIME_DIR": str(profile),
        }
        self._call("plugins", "enable", PACKAGE)

    def run(self, algorithm: str, **parameters: Any) -> dict[str, Any]:
        """Run an algorithm; what it says is shown, its outputs are given back."""
        values = [f"{name}={value}" for name, value in parameters.items()]
        answer = json.loads(self._call("--json", "run", algorithm, "--", *values))
        for kind in ("info", "warning"):
            for line in answer.get("log", {}).get(kind, []):
                print(f"    {line}")
        return answer["results"]

    def _call(self, *arguments: str) -> str:
        done = subprocess.run(
            [self._program, *arguments], env=self._environment, capture_output=True, text=True, encoding="utf-8"
        )
        if done.returncode:
            raise StepFailed(f"qgis_process {' '.join(arguments[:3])}\n{_said(done)}")
        return done.stdout


def _said(done: subprocess.CompletedProcess) -> str:
    noise = ("QStandardPaths", "DeprecationWarning", "setapi()")
    lines = [line for line in (done.stderr + done.stdout).splitlines() if not any(word in line for word in noise)]
    return "\n".join(lines[-15:])


def chain(territory: Territory, folder: Path, work: Path, qgis: Qgis) -> Figures:
    """Every step, into ``folder``/resultats.gpkg and carte.png; what only serves on the way goes into ``work``."""
    results, network, nodes = folder / "resultats.gpkg", work / "reseau.network", work / "carrefours.gpkg"
    step(f"{territory.title} : préparer les données")
    prepared = territory.prepare(work, qgis.run)
    served = Path(shutil.copy(prepared.services, work / "referentiel.gpkg"))

    with registry(served) as address:
        step(f"Charger les services du référentiel {address}")
        loaded = qgis.run("cartoservices:loadservices", REGISTRY=address, OUTPUT=table(results, "services"))

        step("Construire le réseau routier")
        qgis.run("cartoservices:buildnetwork", INPUT=prepared.roads, OUTPUT=network, NODES=nodes, **prepared.network)

        step(f"Isochrones : {territory.access_title}, {territory.cutoffs} minutes")
        qgis.run(
            "cartoservices:isochrones",
            INPUT=chosen(qgis, results, territory.basket[:1], work / FIRST),
            ENGINE="local",
            NETWORK=network,
            PROFILE=territory.profile,
            CUTOFFS=territory.cutoffs,
            DIRECTION="arrival",
            OVERLAP="dissolved",
            REACH=territory.reach,
            OUTPUT=table(results, "isochrones"),
            FAILED=work / "isochrones_non_calculees.gpkg",
        )

        step(f"Manques par commune : {territory.gaps_title}")
        qgis.run(
            "cartoservices:coveragegaps",
            DEMAND=prepared.demand(nodes),
            DEMAND_WEIGHT="population",
            SERVICES=chosen(qgis, results, territory.basket, work / BASKET),
            CATEGORY_FIELD="categorie",
            NETWORK=network,
            PROFILE=territory.profile,
            THRESHOLDS=territory.threshold,
            CELL=territory.cell,
            ZONES=prepared.zones,
            ZONE_ID="code_insee",
            OUTPUT=table(results, "acces_par_commune"),
            GAPS=table(results, "manques"),
            DEMAND_OUT=table(results, "habitants"),
            FAILED=work / "lieux_non_calcules.gpkg",
        )
        areas = work / "manques_reunis.gpkg"
        qgis.run("native:dissolve", INPUT=f"{results}|layername=manques", OUTPUT=areas)
        qgis.run("native:retainfields", INPUT=areas, FIELDS="seuil", OUTPUT=table(results, "manques_du_panier"))

        step("Proposer une correction, et lire la réponse du référentiel")
        state = correct(qgis, address, results, work)

    population, beyond = basket_by_commune(results, prepared.zones, territory)
    figures = Figures(int(loaded["COUNT"]), population, beyond, state)
    step("Dessiner la carte")
    draw(territory, prepared, figures, folder, work)
    return figures


def chosen(qgis: Qgis, results: Path, codes: tuple[str, ...], output: Path) -> Path:
    """The services of these categories."""
    names = ", ".join(f"'{code}'" for code in codes)
    services = f"{results}|layername=services"
    qgis.run("native:extractbyexpression", INPUT=services, EXPRESSION=f'"categorie" IN ({names})', OUTPUT=output)
    return output


def correct(qgis: Qgis, address: str, results: Path, folder: Path) -> str:
    """Propose a service's opening hours, let the registry's moderator accept, read the answer."""
    service = next(services_of(folder / FIRST))
    hours = f"{service.horaires}; Sa 09:00-12:00" if service.horaires else "Mo-Fr 09:00-12:00,14:00-17:00"
    correction = new_correction(
        "modification",
        service,
        {"horaires": Change(service.horaires, hours)},
        commentaire="Horaires relevés sur la porte.",
        auteur_organisation="Démonstration",
    )
    proposed = folder / "corrections.geojson"
    collection = {"type": "FeatureCollection", "features": [as_feature(correction)]}
    proposed.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    print(f"    {service.nom} : ouvert {hours}")
    sent = folder / "envois.gpkg"
    outcome = qgis.run("cartoservices:submitcorrections", INPUT=proposed, REGISTRY=address, OUTPUT=sent)
    if outcome["SENT"] != 1:
        raise StepFailed(f"The correction could not be sent: {outcome}, see {sent}.")
    moderate(address, correction.uuid, "acceptee")
    qgis.run("cartoservices:correctionstatus", REGISTRY=address, OUTPUT=table(results, "corrections"))
    states = {row["uuid"]: row["etat"] for row in rows_of(results, "corrections")}
    return states[correction.uuid]


def services_of(layer: Path) -> Iterator[Service]:
    for row in rows_of(layer):
        place = row.GetGeometryRef()
        columns = {column: row[column] or "" for column in SERVICE_COLUMNS}
        yield Service(**columns, lon=place.GetX(), lat=place.GetY())


def basket_by_commune(results: Path, zones: str, territory: Territory) -> tuple[int, int]:
    """The layer `panier_par_commune`: who is too far from one service of the basket at least. Gives the totals too."""
    limit = territory.threshold * (1 + 1e-9)
    costs = [f"cout_{code}" for code in territory.basket]
    people, beyond = Counter(), Counter()
    for row in rows_of(results, "habitants"):
        people[row["zone_id"]] += row["population"]
        if any(row[cost] is None or row[cost] > limit for cost in costs):
            beyond[row["zone_id"]] += row["population"]

    source, target = gdal.OpenEx(zones.split("|")[0]), gdal.OpenEx(str(results), gdal.OF_UPDATE | gdal.OF_VECTOR)
    layer = source.GetLayerByName("communes")
    output = target.CreateLayer("panier_par_commune", layer.GetSpatialRef(), ogr.wkbMultiPolygon)
    columns = {"zone_id": ogr.OFTString, "nom": ogr.OFTString, "population": ogr.OFTReal,
               f"pop_au_dela_{territory.threshold}": ogr.OFTReal,
               f"part_au_dela_{territory.threshold}": ogr.OFTReal}  # fmt: skip
    for name, kind in columns.items():
        output.CreateField(ogr.FieldDefn(name, kind))
    for commune in layer:
        code = commune["code_insee"]
        share = beyond[code] / people[code] if people[code] else None
        feature = ogr.Feature(output.GetLayerDefn())
        for name, value in zip(columns, (code, commune["nom"], people[code], beyond[code], share)):
            feature[name] = value
        feature.SetGeometry(ogr.ForceToMultiPolygon(commune.GetGeometryRef().Clone()))
        output.CreateFeature(feature)
    return round(sum(people.values())), round(sum(beyond.values()))


def draw(territory: Territory, prepared: Prepared, figures: Figures, folder: Path, work: Path) -> None:
    """The map, made by QGIS in a process of its own; it also leaves each layer's style in the GeoPackage."""
    settings = {
        "results": str(folder / "resultats.gpkg"),
        "output": str(folder / "carte.png"),
        "roads": prepared.roads,
        "around": prepared.around,
        "first_services": str(work / FIRST),
        "basket_services": str(work / BASKET),
        "figures": figures._asdict(),
        **{name: getattr(territory, name) for name in SHOWN},
    }
    description = work / "carte.json"
    description.write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
    script = Path(__file__).with_name("demo_map.py")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(work)}
    command = [sys.executable, str(script), str(description)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise StepFailed(f"The map could not be drawn.\n{_said(done)}")


def rows_of(geopackage: Path, layer: str = "") -> Iterator[ogr.Feature]:
    """The rows of a layer, the only one unless it is named."""
    dataset = gdal.OpenEx(str(geopackage), gdal.OF_VECTOR)
    yield from dataset.GetLayerByName(layer) if layer else dataset.GetLayer(0)


def table(geopackage: Path, name: str) -> str:
    """A layer of a GeoPackage as the destination of an algorithm, beside those it holds."""
    return f"ogr:dbname='{geopackage}' table=\"{name}\" (geom)"


def step(text: str) -> None:
    print(f"\n▸ {text}", flush=True)


def tell(territory: Territory, figures: Figures, folder: Path, seconds: float) -> None:
    """The three figures, and where the results are."""
    share = 100 * figures.beyond / figures.population if figures.population else 0.0
    people = f"{thousands(figures.beyond)} habitants sur {thousands(figures.population)}, soit {decimal(share)} %"
    print(f"\n{territory.title}, en {seconds:.0f} s")
    print(f"  Services chargés : {thousands(figures.services)}")
    print(f"  {people}, {territory.beyond}")
    print(f"  Correction : {WORDS.get(figures.correction, figures.correction)}")
    print(f"  Couches : {folder / 'resultats.gpkg'}\n  Carte : {folder / 'carte.png'}")


def thousands(number: int) -> str:
    """A number as it is written in French."""
    return f"{number:,}".replace(",", "\u202f")


def decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--territory", choices=sorted(TERRITORIES), default="demo")
    parser.add_argument("--output", type=Path, help="folder of the results (build/demo or build/corse)")
    options = parser.parse_args()
    territory = TERRITORIES[options.territory]
    folder = (options.output or BUILD / territory.name).resolve()
    gdal.UseExceptions()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    try:
        work = folder / "travail"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        for name in ("resultats.gpkg", "carte.png"):
            (folder / name).unlink(missing_ok=True)
        figures = chain(territory, folder, work, Qgis(work / "profil"))
    except (StepFailed, CannotServe, MissingData) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrompu ; le serveur est arrêté.", file=sys.stderr)
        return 130
    tell(territory, figures, folder, time.monotonic() - started)
    return 0


if __name__ == "__main__":
    sys.exit(main())
