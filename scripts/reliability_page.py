"""Writes what the last `make torture` counted into docs/fiabilite.md, between its two marks.

make torture            (or: python3 scripts/reliability_page.py)
"""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TALLIES = ROOT / "build" / "torture"
PAGE = ROOT / "docs" / "fiabilite.md"
BEGIN, END = "<!-- campagne -->", "<!-- fin de la campagne -->"
_DAMAGED = "(coupé, un bit changé, zéros, octets au hasard)"
TITLES = {
    "entrees-sales": "chaque traitement sur des entrées sales tirées au hasard",
    "annulations": "chaque traitement annulé à son début, puis à un moment quelconque (arrêt en moins d'une seconde)",
    "registre-hostile": "registre hostile : pages et réponses sans fin, gonflées, lentes, contradictoires, cassées",
    "sans-fin-endless_body": "réponse sans fin, sans annulation",
    "sans-fin-inflated": "réponse gonflée à des centaines de mégaoctets, sans annulation",
    "boite-d-envoi-tuee": "deux programmes sur une boîte d'envoi, tués à un moment quelconque",
    "deux-qgis-tues": "deux QGIS sur un profil (boîte d'envoi, référentiel, réseaux), tués à un moment quelconque",
    "disque-plein": "vrai disque qui se remplit à un moment quelconque : résultats, référentiels, boîte d'envoi…",
    "fichier-abime-reseau": f"réseau abîmé {_DAMAGED}",
    "reseau-un-octet": "réseau dont un bit a changé, où que ce soit",
    "fichier-abime-horaires": "offre de transport (buildtransit) abîmée de même",
    "fichier-abime-gtfs": "zip GTFS abîmé de même",
    "gtfs-valeurs": "valeurs absurdes dans un GTFS",
    "gtfs-ligne-sans-fin": "GTFS d'une ligne sans fin",
    "fichier-abime-referentiel-suivi": "référentiel suivi (syncservices) abîmé de même, puis mis à jour",
    "fichier-abime-referentiel-commun": "référentiel commun (consolidateservices) abîmé de même, puis mis à jour",
    "fichier-abime-boite-d-envoi": "boîte d'envoi abîmée de même",
    "fichier-abime-decisions": "fichier de décisions abîmé de même",
    "fichier-abime-reponses-des-serveurs": "réponses gardées des serveurs d'isochrones abîmées de même",
    "cent-mille-corrections": "corrections dans la boîte d'envoi (page : moins de 200 ms ; de calcul, machine occupée)",
    "charger-decharger": "chargements et déchargements de l'extension dans un même QGIS",
    "million-de-services": "services suivis deux fois, puis chargés",
    "isochrones-quotas-Geoplateforme": "isochrones de la Géoplateforme sous quotas et pannes, reprises jour après jour",
    "isochrones-quotas-Valhalla": "isochrones de Valhalla, de même",
    "isochrones-quotas-OpenRouteService": "isochrones d'OpenRouteService, de même",
}


def table(tallies: list[dict]) -> str:
    lines = [
        "| attaque | cas | dits par une phrase | perdus | doublés | faux | secondes |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for tally in tallies:
        title = TITLES.get(tally["name"], tally["name"])
        if tally["megabytes"]:
            title += f" ; mémoire : {tally['megabytes']} Mo de plus au plus"
        cells = (tally[name] for name in ("tried", "said", "lost", "doubled", "wrong", "seconds"))
        lines.append(f"| {' | '.join(map(str, (title, *cells)))} |")
    return "\n".join(lines)


def main() -> int:
    tallies = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(TALLIES.glob("*.json"))]
    if not tallies:
        print("no campaign has been run: make torture", file=sys.stderr)
        return 1
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    seeds = sorted({tally["seed"] for tally in tallies})
    date = datetime.date.today().strftime("%d/%m/%Y")
    each = sorted({round(tally["each"]) for tally in tallies})
    seconds = " à ".join(map(str, each[:1] + each[-1:] if len(each) > 1 else each))
    said = f"Dernière campagne : {date}, {seconds} s par attaque, `CSP_TORTURE_SEED={' '.join(map(str, seeds))}`."
    PAGE.write_text(f"{before}{BEGIN}\n{said}\n\n{table(tallies)}\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
