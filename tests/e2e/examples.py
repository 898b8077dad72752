"""One worked example of every algorithm, on the demonstration territory: what the documentation shows.

Parameters are what one would type in the folder where the files are, for `qgis_process` as for the window. `says` makes
the sentence under the picture from the answer, so that no figure of it is written by hand.
"""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from osgeo import ogr, osr

PEOPLE = {"DEMAND": "demo.gpkg|layername=demande", "DEMAND_WEIGHT": "population"}
SERVICES = {"SERVICES": "demo.gpkg|layername=services", "CATEGORY_FIELD": "categorie"}
ZONES = {"ZONES": "demo.gpkg|layername=communes", "ZONE_ID": "code_insee"}
ON_FOOT = {"NETWORK": "pied.network", "PROFILE": "foot"}
BY_CAR = {"NETWORK": "demo.gpkg|layername=routes", "PROFILE": "car"}

Answer = dict[str, Any]


class Rows(NamedTuple):
    """The table under the picture: the first rows of ``output``."""

    output: str
    columns: tuple[str, ...]
    count: int = 5


class Example(NamedTuple):
    """``drawn``: outputs and files of the map, top first; ``rows``: the table; ``pictures``: those the test adds."""

    parameters: dict[str, Any]
    says: Callable[[Answer], str]
    drawn: tuple[str, ...] = ()
    rows: Rows | None = None
    pictures: tuple[str, ...] = ()


def read(path: str) -> list[dict[str, Any]]:
    """The rows of a layer's file, by column."""
    dataset = ogr.Open(path)
    return [dict(row.items()) for row in dataset.GetLayer(0)]


def figure(number: float, decimals: int = 0) -> str:
    """As it is written in French."""
    return f"{number:,.{decimals}f}".replace(",", "\u202f").replace(".", ",")


def people(path: str, column: str = "population", **equal: Any) -> str:
    """The sum of a column, over the rows that have these values."""
    rows = [row for row in read(path) if all(row[name] == value for name, value in equal.items())]
    return figure(sum(row[column] or 0 for row in rows))


# --- what is said of each result -------------------------------------------------------------------------------------


def _of_isochrones(answer: Answer) -> str:
    cutoffs = sorted({row["cutoff"] for row in read(answer["OUTPUT"])})
    steps = ", ".join(figure(cutoff) for cutoff in cutoffs)
    return f"D'où l'on vient à pied à l'une des cinq mairies en {steps} minutes."


def _of_nearest(answer: Answer) -> str:
    costs = sorted(row["cout_mairie"] for row in read(answer["WIDE"]) if row["cout_mairie"] is not None)
    return (
        f"Chaque point est un lieu habité, à la couleur de son temps à pied jusqu'à la mairie la plus proche : "
        f"de {figure(costs[0], 1)} à {figure(costs[-1], 1)} minutes. La table donne le nom du service, au rang 1."
    )


def _of_matrix(answer: Answer) -> str:
    rows = read(answer["OUTPUT"])
    ends = len({row["destination_id"] for row in rows})
    return f"Des cinq mairies aux {ends} lieux de secours, en voiture : {len(rows)} couples."


def _of_score(answer: Answer) -> str:
    rows = read(answer["OUTPUT"])
    none = sum(row["population"] for row in rows if row["score"] == 0)
    return (
        "Pharmacies par habitant, à pied, par quintiles de population : plus c'est foncé, plus l'offre est grande "
        f"pour chacun. {figure(none)} habitants n'en ont aucune à 15 minutes ou moins."
    )


def _of_gaps(answer: Answer) -> str:
    beyond = people(answer["OUTPUT"], "pop_au_dela_20")
    worst = max(read(answer["GAPS"]), key=lambda row: row["population"])
    return (
        f"{beyond} habitants sur {people(answer['OUTPUT'])} sont à plus de 20 minutes à pied d'une mairie. "
        f"Le plus peuplé des territoires mal desservis, au rang 1, compte {figure(worst['population'])} habitants."
    )


def _of_timetable(answer: Answer) -> str:
    (network,) = read(answer["REPORT"])
    return (
        f"Une navette inventée entre les mairies et les pharmacies : {answer['TRIP_COUNT']} courses, "
        f"{answer['STOP_COUNT']} arrêts, de {network['premier_depart']} à {network['dernier_depart']}."
    )


def _of_round_trips(answer: Answer) -> str:
    possible, everybody = people(answer["ZONES_OUT"], "pop_possible"), people(answer["ZONES_OUT"])
    longest = max((row for row in read(answer["OUTPUT"]) if row["possible"]), key=lambda row: row["duree"])
    return (
        f"{possible} habitants sur {everybody} peuvent aller un mardi à une mairie, y être servis et rentrer entre 7 h "
        f"et 13 h, à pied ou par la navette. Le plus loin part à {longest['depart']} et rentre à {longest['retour']}."
    )


def _of_living_without_a_car(answer: Answer) -> str:
    everybody, rows = people(answer["WEEK"]), read(answer["WEEK"])
    tuesday, sunday = (
        round(sum((row[f"part_{day}"] or 0) * (row["population"] - row["pop_non_calculee"]) for row in rows))
        for day in ("mardi", "dimanche")
    )
    by_car_only = people(answer["MODES"], "pop_depend_voiture")
    return (
        f"Sur {everybody} habitants, {figure(tuesday)} peuvent aller à une mairie et rentrer le mardi, "
        f"{figure(sunday)} le dimanche ; {by_car_only} n'y sont en 30 minutes qu'en voiture."
    )


def _of_critical_roads(answer: Answer) -> str:
    worst = read(answer["OUTPUT"])[0]
    return (
        f"Couper la pire des routes isole {figure(worst['personnes_isolees'])} habitants et en met "
        f"{figure(worst['personnes_au_dela'])} autres à plus de 20 minutes à pied d'une mairie."
    )


def _of_change(answer: Answer) -> str:
    before, after, roads = (people(answer["OUTPUT"], f"pop_au_dela_20_{part}") for part in ("avant", "apres", "routes"))
    return (
        f"Le chantier de « Modifier le réseau routier » : {before} habitants à plus de 20 minutes à pied d'une mairie "
        f"avant, {after} après, dont {roads} du fait des routes."
    )


def _of_equity(answer: Answer) -> str:
    rows = [row for row in read(answer["OUTPUT"]) if row["population"]]
    worst = max(rows, key=lambda row: row["fgt0"] or 0)
    return (
        f"Le temps à pied à la mairie, commune par commune. La part la plus forte d'habitants au-delà de 20 minutes : "
        f"{figure(100 * worst['fgt0'])} %, à {worst['nom']}."
    )


def _of_basket(answer: Answer) -> str:
    rows = read(answer["OUTPUT"])
    missing = sum(row["population"] for row in rows if row["nb_manquants"])
    return (
        "Temps moyen à pied à un panier de quatre services : mairie, La Poste, pharmacie, école (`panier.json`). "
        f"À {figure(missing)} habitants, il en manque un au moins à 20 minutes."
    )


def _of_spreading(answer: Answer) -> str:
    rows = read(answer["OUTPUT"])
    return (
        f"Les {people(answer['OUTPUT'])} habitants des cinq communes, sur {figure(len(rows))} carrefours : "
        "la somme est gardée à la personne près."
    )


def _of_sites(answer: Answer) -> str:
    proof = {"optimal": "aucun choix n'est meilleur", "feasible": f"à {figure(100 * answer['GAP'], 1)} % près"}
    return (
        f"Deux lieux de plus (les étoiles) mettent {figure(answer['GAIN'])} habitants de plus à 20 minutes à pied ou "
        f"moins ; {proof[answer['STATUS']]}. Les traits disent qui y va."
    )


def _of_permanences(answer: Answer) -> str:
    return (
        f"{len(read(answer['OUTPUT']))} demi-journées de permanence, de deux agents, dans les écoles : "
        f"{figure(answer['OBJECTIVE'])} habitants en ont une à 20 minutes à pied ou moins."
    )


def _of_rounds(answer: Answer) -> str:
    rounds = read(answer["ROUNDS"])
    served, wanted = len(read(answer["OUTPUT"])), len(read("postes.gpkg"))
    return (
        f"{served} bureaux de poste sur {wanted} en {len(rounds)} tournées, en voiture, depuis la mairie de La Turbie, "
        f"40 minutes à chacun : {figure(sum(row['trajet'] for row in rounds))} minutes de route en tout."
    )


def _of_scenarios(answer: Answer) -> str:
    total = next(row for row in read(answer["SUMMARY"]) if not row["identifiant"])
    return (
        f"Les deux lieux proposés sont ouverts : {figure(total['pop_gagne'])} habitants sont plus près, "
        f"{figure(total['pop_perd'])} plus loin ; le temps moyen passe de {figure(total['cout_moyen_avant'], 1)} à "
        f"{figure(total['cout_moyen_apres'], 1)} minutes."
    )


def _of_matches(answer: Answer) -> str:
    zones = [row["zone"] for row in read(answer["MATCHES"])]
    return (
        f"Une liste de {len(read('ma_liste.csv'))} lignes : {zones.count('sur')} paires sûres, "
        f"{zones.count('a_verifier')} à vérifier, {len(read(answer['PROPOSALS']))} corrections proposées."
    )


def _of_referential(answer: Answer) -> str:
    return (
        f"Deux listes deviennent {answer['SERVICES_COUNT']} lieux : {answer['MERGED']} fiches réunies à une autre, "
        f"{answer['TO_REVIEW']} paires à vérifier."
    )


def _of_sync(answer: Answer) -> str:
    return (
        "Un mois plus tard, le référentiel a changé. Ajouts : "
        f"{answer['ADDED']}, modifications : {answer['CHANGED']}, suppressions : {answer['REMOVED']}."
    )


# --- the examples, in the order in which each finds what it needs ----------------------------------------------------


def go_to_the_field(path: str) -> None:
    """Three rows that agents wrote: two of them of one telephone."""
    source = ogr.Open(path, update=1)
    layer = source.GetLayerByName("corrections")
    service = next(row["id"] for row in read(path))
    for number, values in enumerate(
        ({"nouveau_telephone": "3949"}, {"nouveau_telephone": "3646"}, {"nouveau_site_web": "https://exemple.fr"})
    ):
        feature = ogr.Feature(layer.GetLayerDefn())
        uuid = f"5a5a5a5a-0000-4000-8000-{number:012d}"
        for column, value in {"uuid": uuid, "type": "modification", "service_id": service, **values}.items():
            feature[column] = value
        layer.CreateFeature(feature)
    del layer, source


EXAMPLES = {
    "prepareterritory": Example(
        {"TERRITORY": "Beausoleil", "HALO": 2, "REGISTRY": "Démonstration", "GEOPACKAGE": "beausoleil.gpkg"},
        lambda answer: (
            f"Une commune et 2 km autour : {figure(answer['ROADS_COUNT'])} routes, "
            f"{figure(answer['POPULATION_TOTAL'])} habitants, et les services que voici."
        ),
        rows=Rows("GEOPACKAGE", ("id", "nom", "categorie", "commune")),
    ),
    "loadservices": Example(
        {"REGISTRY": "Démonstration", "OUTPUT": "services.gpkg"},
        lambda answer: f"Les {answer['COUNT']} services du territoire de démonstration, par thème.",
        drawn=("OUTPUT",),
    ),
    "syncservices": Example(
        {
            "REGISTRY": "registre.gpkg|layername=services",
            "GEOPACKAGE": "referentiel.gpkg",
            "CHANGES": "changements.gpkg",
        },
        _of_sync,
        rows=Rows("CHANGES", ("nature", "nom", "champ", "ancien", "nouveau")),
    ),
    "buildnetwork": Example(
        {
            "INPUT": "demo.gpkg|layername=routes",
            "PROFILE": "foot",
            "OUTPUT": "pied.network",
            "NODES": "carrefours.gpkg",
            "EDGES": "troncons.gpkg",
        },
        lambda answer: (
            f"Le réseau des piétons, {figure(answer['NODE_COUNT'])} carrefours et {figure(answer['EDGE_COUNT'])} "
            f"tronçons. COMPONENTS vaut {answer['COMPONENTS']} : le réseau et les bouts que rien n'y relie."
        ),
        drawn=("NODES", "EDGES"),
    ),
    "changenetwork": Example(
        {
            **ON_FOOT,
            "CHANGES": "travaux.gpkg",
            "OUTPUT": "travaux.network",
            "AFFECTED": "routes_fermees.gpkg",
        },
        lambda answer: (
            "Un chantier ferme le centre, dans un réseau à part : "
            f"{figure(answer['AFFECTED_COUNT'])} routes sont coupées."
        ),
        drawn=("AFFECTED",),
    ),
    "buildtransit": Example(
        {
            "FEEDS": "navette.zip",
            **ON_FOOT,
            "DATE": "2026-12-08",
            "OUTPUT": "navette.transit",
            "REPORT": "reseaux.gpkg",
            "STOPS": "arrets.gpkg",
        },
        _of_timetable,
        drawn=("STOPS",),
        rows=Rows("REPORT", ("reseau", "lignes", "courses", "premier_depart", "dernier_depart", "anomalies")),
    ),
    "roundtrip": Example(
        {
            **PEOPLE,
            "SERVICES": "mairies.gpkg",
            "CATEGORY_FIELD": "categorie",
            **ON_FOOT,
            "TRANSIT": "navette.transit",
            "LEAVE": "07:00",
            "HOME": "13:00",
            **ZONES,
            "OUTPUT": "allers_retours.gpkg",
            "ZONES_OUT": "allers_retours_par_commune.gpkg",
        },
        _of_round_trips,
        drawn=("mairies.gpkg", "OUTPUT"),
    ),
    "withoutcar": Example(
        {
            **PEOPLE,
            "SERVICES": "mairies.gpkg",
            "CATEGORY_FIELD": "categorie",
            "FEEDS": "navette.zip",
            **ON_FOOT,
            "NETWORK_CAR": BY_CAR["NETWORK"],
            "DATE": "2026-12-08",
            "HOME": "13:00",
            **ZONES,
            "WEEK": "semaine_sans_voiture.gpkg",
            "MODES": "dependance_voiture.gpkg",
            "PLACES": "lieux_et_arrets.gpkg",
            "STOPS": "arrets_de_la_semaine.gpkg",
        },
        _of_living_without_a_car,
        drawn=("WEEK",),
        rows=Rows(
            "MODES", ("categorie", "population", "pop_a_pied", "pop_transport", "pop_voiture", "pop_depend_voiture")
        ),
    ),
    "isochrones": Example(
        {
            "INPUT": "mairies.gpkg",
            **ON_FOOT,
            "CUTOFFS": "5,10,20,30",
            "OVERLAP": "dissolved",
            "OUTPUT": "isochrones.gpkg",
        },
        _of_isochrones,
        drawn=("mairies.gpkg", "OUTPUT"),
    ),
    "nearestservice": Example(
        {
            **PEOPLE,
            "SERVICES": "mairies.gpkg",
            "CATEGORY_FIELD": "categorie",
            **ON_FOOT,
            "OUTPUT": "plus_proche.gpkg",
            "WIDE": "demande_avec_temps.gpkg",
        },
        _of_nearest,
        drawn=("mairies.gpkg", "WIDE"),
        rows=Rows("OUTPUT", ("demand_id", "categorie", "rang", "service_id", "cout"), 3),
    ),
    "odmatrix": Example(
        {
            "ORIGINS": "mairies.gpkg",
            "ORIGIN_ID": "nom",
            "DESTINATIONS": "secours.gpkg",
            "DESTINATION_ID": "nom",
            **BY_CAR,
            "OUTPUT": "couts.gpkg",
        },
        _of_matrix,
        rows=Rows("OUTPUT", ("origin_id", "destination_id", "cout")),
    ),
    "accessibilityscore": Example(
        {**PEOPLE, "SUPPLY": "pharmacies.gpkg", **ON_FOOT, "METHOD": "e2sfca", "OUTPUT": "score.gpkg"},
        _of_score,
        drawn=("pharmacies.gpkg", "OUTPUT"),
    ),
    "coveragegaps": Example(
        {
            **PEOPLE,
            "SERVICES": "mairies.gpkg",
            "CATEGORY_FIELD": "categorie",
            **ON_FOOT,
            "THRESHOLDS": "20",
            **ZONES,
            "OUTPUT": "manques_par_commune.gpkg",
            "GAPS": "manques.gpkg",
            "DEMAND_OUT": "demande.gpkg",
            "TIMETABLE": "semaine.gpkg",
        },
        _of_gaps,
        drawn=("mairies.gpkg", "GAPS", "OUTPUT"),
        rows=Rows("OUTPUT", ("nom", "population", "pop_au_dela_20", "part_au_dela_20", "cout_median")),
    ),
    "criticallinks": Example(
        {
            **PEOPLE,
            "SERVICES": "mairies.gpkg",
            **ON_FOOT,
            "THRESHOLD": 20,
            "MOST": 20,
            "OUTPUT": "routes_critiques.gpkg",
        },
        _of_critical_roads,
        drawn=("mairies.gpkg", "OUTPUT"),
        rows=Rows("OUTPUT", ("rang", "personnes_isolees", "personnes_au_dela", "minutes_personnes")),
    ),
    "explainchange": Example(
        {
            "DEMAND_BEFORE": "demo.gpkg|layername=demande",
            "DEMAND_WEIGHT": "population",
            "SERVICES_BEFORE": "mairies.gpkg",
            "NETWORK_BEFORE": "pied.network",
            "NETWORK_AFTER": "travaux.network",
            "PROFILE": "foot",
            "THRESHOLDS": "20",
            **ZONES,
            "OUTPUT": "changement.gpkg",
        },
        _of_change,
        drawn=("mairies.gpkg", "OUTPUT"),
        rows=Rows("OUTPUT", ("nom", "pop_au_dela_20_avant", "pop_au_dela_20_apres", "pop_au_dela_20_routes")),
    ),
    "accessequity": Example(
        {
            "DEMAND": "demande.gpkg",
            "VALUE": "cout_mairie",
            "DEMAND_WEIGHT": "population",
            "LINE": 20,
            **ZONES,
            "OUTPUT": "equite.gpkg",
        },
        _of_equity,
        drawn=("OUTPUT",),
        rows=Rows("OUTPUT", ("nom", "population", "moyenne", "mediane", "gini", "theil_t", "fgt0", "fgt1")),
    ),
    "servicebasket": Example(
        {**PEOPLE, **SERVICES, "BASKET": "panier.json", "THRESHOLD": 20, **ON_FOOT, "OUTPUT": "panier.gpkg"},
        _of_basket,
        drawn=("OUTPUT",),
        rows=Rows("OUTPUT", ("id", "population", "cout_panier", "nb_manquants", "manquants"), 3),
    ),
    "spreadpopulation": Example(
        {
            "ZONES": "demo.gpkg|layername=communes",
            "WEIGHT": "population",
            "ZONE_ID": "code_insee",
            "SUPPORT": "demo.gpkg|layername=routes",
            "WHOLE": True,
            "OUTPUT": "population.gpkg",
        },
        _of_spreading,
        drawn=("OUTPUT",),
    ),
    "proposesites": Example(
        {
            **PEOPLE,
            "EXISTING": "mairies.gpkg",
            **ON_FOOT,
            "MODEL": "mclp",
            "SITES": 2,
            "THRESHOLD": 20,
            "OUTPUT": "propositions.gpkg",
            "ASSIGNMENT": "qui_va_ou.gpkg",
            "CURVE": "courbe.gpkg",
        },
        _of_sites,
        drawn=("OUTPUT", "mairies.gpkg", "ASSIGNMENT"),
        rows=Rows("CURVE", ("sites", "couverts", "gain", "part", "coude")),
    ),
    "comparescenarios": Example(
        {
            **PEOPLE,
            "BEFORE": "mairies.gpkg",
            "AFTER": "apres.gpkg",
            **ON_FOOT,
            "THRESHOLDS": "20,30",
            **ZONES,
            "OUTPUT": "gagne_perd.gpkg",
            "SUMMARY": "bilan.gpkg",
        },
        _of_scenarios,
        drawn=("propositions.gpkg", "mairies.gpkg", "OUTPUT"),
    ),
    "planpermanences": Example(
        {
            **PEOPLE,
            "PLACES": "ecoles.gpkg",
            "PLACE_ID": "id",
            "AGENTS": "lun, mer matin; jeu",
            "PREFERENCES": "lun-ven:1",
            "THRESHOLD": 20,
            **ON_FOOT,
            "OUTPUT": "permanences.gpkg",
            "DEMAND_OUT": "demi_journees.gpkg",
        },
        _of_permanences,
        drawn=("OUTPUT", "mairies.gpkg"),
        rows=Rows("OUTPUT", ("rang", "nom", "agent", "jour", "demi_journee", "horaires", "gain")),
    ),
    "planround": Example(
        {
            "DEPOT": "depot.gpkg",
            "STOPS": "postes.gpkg",
            "STOP_ID": "nom",
            "DURATION": 40,
            "WORKING_TIME": 300,
            "DAYS": 2,
            "TIME_LIMIT": 2,
            **BY_CAR,
            "OUTPUT": "arrets.gpkg",
            "ROUNDS": "tournees.gpkg",
        },
        _of_rounds,
        drawn=("depot.gpkg", "OUTPUT", "ROUNDS"),
        rows=Rows("OUTPUT", ("tournee", "rang", "arrivee", "nom"), 11),
    ),
    "matchservices": Example(
        {
            "LOCAL": "ma_liste.csv",
            "REFERENCE": "demo.gpkg|layername=services",
            "GEOCODE": False,
            "MATCHES": "paires.gpkg",
            "ONLY_LOCAL": "chez_nous.gpkg",
            "ONLY_REFERENCE": "ailleurs.gpkg",
            "PROPOSALS": "corrections.gpkg",
        },
        _of_matches,
        rows=Rows("MATCHES", ("zone", "score", "nom_local", "nom_reference", "raisons"), 6),
    ),
    "consolidateservices": Example(
        {
            "INPUTS": ["demo.gpkg|layername=services", "ma_liste.csv"],
            "REFERENTIAL": "referentiel_commun.gpkg",
            "DATE": "2026-12-01",
        },
        _of_referential,
        rows=Rows("REFERENTIAL", ("id", "nom", "categorie", "producteur", "id_producteur")),
    ),
    "submitcorrections": Example(
        {"INPUT": "corrections.gpkg", "REGISTRY": "", "OUTPUT": "envois.gpkg"},
        lambda answer: f"{answer['SENT']} corrections sont arrivées au référentiel, {answer['FAILED']} non.",
        rows=Rows("OUTPUT", ("type", "service_id", "changes", "etat", "raison")),
    ),
    "correctionstatus": Example(
        {"REGISTRY": "", "OUTPUT": "mes_corrections.gpkg"},
        lambda answer: "Le modérateur du référentiel en a accepté une et refusé une, avec son motif.",
        rows=Rows("OUTPUT", ("type", "service_id", "etat", "motif")),
    ),
    "fieldpackage": Example(
        {
            "SERVICES": "demo.gpkg|layername=services",
            "ZONES": "demo.gpkg|layername=communes",
            "ROADS": "demo.gpkg|layername=routes",
            "FOLDER": "terrain",
        },
        lambda answer: f"Un dossier « terrain » avec {answer['SERVICES_COUNT']} services, leur fond et un projet.",
        rows=Rows("GEOPACKAGE", ("id", "nom", "categorie", "commune")),
    ),
    "readfield": Example(
        {
            "COPIES": ["terrain/terrain.gpkg"],
            "REGISTRY": "Démonstration",
            "OUTPUT": "lignes.gpkg",
            "CONFLICTS": "conflits.gpkg",
        },
        lambda answer: (
            f"{answer['READ']} lignes lues : {answer['ADDED']} à envoyer, {answer['CONFLICT_COUNT']} à choisir."
        ),
        rows=Rows("OUTPUT", ("ligne", "resultat", "nom_service", "changes", "raison")),
    ),
    "accessreport": Example(
        {
            "COVERAGE": "manques_par_commune.gpkg",
            "DEMAND": "demande.gpkg",
            "DEMAND_WEIGHT": "population",
            "GAPS": "manques.gpkg",
            "SERVICES": "mairies.gpkg",
            "BASKET": "panier.gpkg",
            "SITES": "propositions.gpkg",
            "TIMETABLE": "semaine.gpkg",
            "CATEGORY": "mairie",
            "PROFILE": "foot",
            "TERRITORY_NAME": "Autour de Monaco",
            "HTML": "rapport.html",
            "PDF": "atlas.pdf",
        },
        lambda answer: "La page à ouvrir en réunion, et une page de l'atlas.",
        pictures=("resultat-accessreport.png", "resultat-atlas.png"),
    ),
}

# --- the files that the examples start from --------------------------------------------------------------------------

FILES = {
    "demo.gpkg|layername=communes": "Communes",
    "demo.gpkg|layername=routes": "Routes",
    "demo.gpkg|layername=demande": "Habitants",
    "demo.gpkg|layername=services": "Services",
    "mairies.gpkg": "Mairies",
    "pharmacies.gpkg": "Pharmacies",
    "ecoles.gpkg": "Écoles",
    "postes.gpkg": "Bureaux de poste",
    "secours.gpkg": "Secours",
    "depot.gpkg": "Dépôt",
}
"""Names of the layers in the project; those that are not of the demonstration are `EXTRACTS` of its services."""
EXTRACTS = {
    "mairies.gpkg": "\"categorie\" = 'mairie'",
    "pharmacies.gpkg": "\"categorie\" = 'pharmacie'",
    "ecoles.gpkg": "\"categorie\" = 'ecole_primaire'",
    "postes.gpkg": "\"categorie\" = 'la_poste'",
    "secours.gpkg": "\"categorie\" IN ('pompiers', 'police', 'gendarmerie', 'hopital')",
    "depot.gpkg": "\"id\" = 'mairie-06150'",
}
BASKET = {
    "nom": "Proximité",
    "services": [
        {"code": "mairie", "libelle": "Mairie", "categories": ["mairie"]},
        {"code": "la_poste", "libelle": "La Poste", "categories": ["la_poste"]},
        {"code": "pharmacie", "libelle": "Pharmacie", "categories": ["pharmacie"]},
        {"code": "ecole", "libelle": "École", "categories": ["ecole_maternelle", "ecole_primaire"]},
    ],
}
OWN_LIST = (
    ("Nom", "Type", "Adresse", "Code postal", "Commune", "Téléphone"),
    ("MAIRIE DE BEAUSOLEIL", "mairie", "27 bd de la République", "06240", "BEAUSOLEIL", "0493417171"),
    ("Mairie de Cap d'Ail", "mairie", "62 av. du 3 septembre", "06320", "Cap-d'Ail", "04 92 10 59 60"),
    ("Mairie Eze", "mairie", "6 av. du Jardin Exotique", "06360", "Eze", "04 92 10 60 60"),
    ("Pharmacie Azurea", "pharmacie", "1 avenue de Villaine", "06240", "Beausoleil", "04 93 78 00 00"),
    ("Pharmacie du Cap-Martin", "pharmacie", "", "06190", "Roquebrune-Cap-Martin", "04 93 35 00 00"),
    ("Pharmacie Neuve", "pharmacie", "", "06320", "La Turbie", ""),
)


def write_basket(folder: Path) -> None:
    (folder / "panier.json").write_text(json.dumps(BASKET, ensure_ascii=False, indent=2), encoding="utf-8")


def write_feed(folder: Path) -> None:
    """An invented shuttle, `navette.zip`: every half hour past town halls and pharmacies, eastwards and back."""
    rows = [row for row in _shapes("demo.gpkg", "services") if row[2] in ("mairie", "pharmacie")]
    stops = sorted((x, y, name) for x, y, _, name in rows)
    trips, times = [], []
    for number, leaves in enumerate(range(7 * 60, 19 * 60, 30)):
        for way, order in (("est", stops), ("ouest", stops[::-1])):
            trips.append(f"navette,tous,{way}{number}")
            for place, stop in enumerate(order):
                moment = leaves + 3 * place
                clock = f"{moment // 60:02d}:{moment % 60:02d}:00"
                times.append(f"{way}{number},{clock},{clock},s{stops.index(stop)},{place}")
    week = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
    tables = {
        "agency.txt": ["agency_id,agency_name,agency_url,agency_timezone", "d,Navette,http://d.example,Europe/Paris"],
        "stops.txt": [
            "stop_id,stop_name,stop_lat,stop_lon",
            *(f's{i},"{n}",{y},{x}' for i, (x, y, n) in enumerate(stops)),
        ],
        "routes.txt": ["route_id,agency_id,route_short_name,route_type", "navette,d,N,3"],
        "trips.txt": ["route_id,service_id,trip_id", *trips],
        "stop_times.txt": ["trip_id,arrival_time,departure_time,stop_id,stop_sequence", *times],
        "calendar.txt": [f"service_id,{week},start_date,end_date", "tous,1,1,1,1,1,0,0,20260901,20270630"],
    }
    with zipfile.ZipFile(folder / "navette.zip", "w") as out:
        for name, lines in tables.items():
            out.writestr(name, "\n".join(lines))


def write_works(folder: Path) -> None:
    """A square of works that closes the roads it meets, `travaux.gpkg`."""
    xs, ys = zip(*((x, y) for x, y, category, _ in _shapes("demo.gpkg", "services") if category == "mairie"))
    x, y = sorted(xs)[len(xs) // 2], sorted(ys)[len(ys) // 2]
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(folder / "travaux.gpkg"))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    layer = dataset.CreateLayer("travaux", reference, ogr.wkbPolygon)
    for name in ("action", "valeur"):
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTString))
    row = ogr.Feature(layer.GetLayerDefn())
    row["action"] = "fermer"
    ways = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    corners = ", ".join(f"{x + 0.002 * i:.6f} {y + 0.0015 * j:.6f}" for i, j in ways)
    row.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON(({corners}))"))
    layer.CreateFeature(row)
    row = layer = dataset = None


def _shapes(path: str, layer: str) -> list[tuple[float, float, str, str]]:
    """Longitude, latitude, category and name of each service."""
    dataset = ogr.Open(path)
    return [
        (round(shape.GetX(), 6), round(shape.GetY(), 6), row["categorie"], (row["nom"] or "").replace('"', ""))
        for row in dataset.GetLayerByName(layer)
        for shape in [row.GetGeometryRef()]
    ]


def write_own_list(folder: Path) -> None:
    with (folder / "ma_liste.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(OWN_LIST)


def change_registry(path: Path) -> None:
    """What a month may do to a referential: a closing, a new number, an opening."""
    dataset = ogr.Open(str(path), update=1)
    for statement in (
        "DELETE FROM services WHERE id = 'osm-node-3258743861'",
        "UPDATE services SET telephone = '04 93 41 71 00', version = 'neuve' WHERE id = 'mairie-06012'",
        "UPDATE services SET id = 'nouvelle-pharmacie', nom = 'Pharmacie du Marché' WHERE id = 'osm-node-3258168663'",
    ):
        dataset.ExecuteSQL(statement)
