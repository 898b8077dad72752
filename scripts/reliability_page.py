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
TITLES = {
    "entrees-sales": "chaque traitement sur des entrées sales tirées au hasard",
    "annulations-0.0": "chaque traitement annulé à son début (arrêt en moins d'une seconde)",
    "annulations-0.4": "chaque traitement annulé après 0,4 s (arrêt en moins d'une seconde)",
    "boite-d-envoi-tuee": "deux QGIS sur une boîte d'envoi, tués à un moment quelconque",
    "disque-plein": "disque qui se remplit à un moment quelconque, boîte d'envoi",
    "fichier-abime-outbox": "boîte d'envoi abîmée (coupée, un octet changé, octets au hasard, zéros)",
    "fichier-abime-decisions": "fichier de décisions abîmé de même",
    "cent-mille-corrections": "corrections dans la boîte d'envoi",
    "charger-decharger": "chargements et déchargements de l'extension dans un même QGIS",
}


def table(tallies: list[dict]) -> str:
    lines = ["| attaque | cas | dits par une phrase | perdus | doublés | faux |", "|---|--:|--:|--:|--:|--:|"]
    for tally in tallies:
        cells = [
            TITLES.get(tally["name"], tally["name"]),
            *(tally[k] for k in ("tried", "said", "lost", "doubled", "wrong")),
        ]
        lines.append(f"| {' | '.join(map(str, cells))} |")
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
    said = f"Dernière campagne : {date}, graine {', '.join(map(str, seeds))}."
    PAGE.write_text(f"{before}{BEGIN}\n{said}\n\n{table(tallies)}\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
