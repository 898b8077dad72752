#!/usr/bin/env python3
"""Rebuild `core/data/territories.csv.gz` from Etalab's "découpage administratif" (code officiel géographique, MIT).

    npm pack @etalab/decoupage-administratif@6.0.0     # COG 2026, populations of the 2023 census
    python3 scripts/build_territories.py etalab-decoupage-administratif-6.0.0.tgz

A line is `kind;code;name;liaison;population;parent`. The liaison is INSEE's TNCC (0 "de", 1 "d'", 2 "du", 3 "de la",
4 "des", 5 "de l'", 6 "des", 7 "de las", 8 "de los"). The parent is the region of a département, the EPCI of a commune,
the present commune of a former one or of a municipal arrondissement. Regions are written `R84`, because two
digits alone are a département.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tarfile
from pathlib import Path

TABLE = Path(__file__).resolve().parents[1] / "core" / "data" / "territories.csv.gz"
FORMER = {"commune-deleguee": "chefLieu", "commune-associee": "chefLieu", "arrondissement-municipal": "commune"}


def rows(package: tarfile.TarFile):
    """The lines of the table, regions first."""
    communes = _read(package, "communes")
    epcis = _read(package, "epci")
    epci_of = {member["code"]: epci["code"] for epci in epcis for member in epci["membres"]}
    for region in _read(package, "regions"):
        yield "region", "R" + region["code"], region["nom"], region["typeLiaison"], "", ""
    for departement in _read(package, "departements"):
        code, region = departement["code"], "R" + departement["region"]
        yield "departement", code, departement["nom"], departement["typeLiaison"], "", region
    for epci in epcis:
        yield "epci", epci["code"], epci["nom"], 3, "", ""
    present = {commune["code"] for commune in communes if commune["type"] == "commune-actuelle"}
    for commune in communes:
        code, kind = commune["code"], commune["type"]
        # Overseas collectivities carry no TNCC: their first letter decides.
        liaison = commune.get("typeLiaison", 1 if re.match("[AEIOUYÀÂÉÈÊÎÔŒ]", commune["nom"]) else 0)
        population = commune.get("population", "")
        if kind == "commune-actuelle":
            yield "commune", code, commune["nom"], liaison, population, epci_of.get(code, "")
        elif code not in present:
            name = "arrondissement" if kind == "arrondissement-municipal" else "ancienne"
            yield name, code, commune["nom"], liaison, population, commune[FORMER[kind]]


def _read(package: tarfile.TarFile, name: str) -> list[dict]:
    return json.load(package.extractfile(f"package/data/{name}.json"))


def main() -> None:
    with tarfile.open(sys.argv[1]) as package:
        lines = [";".join(str(cell) for cell in row) for row in rows(package)]
    if any(line.count(";") != 5 for line in lines):
        raise SystemExit("a name holds a semicolon: the format must change")
    with TABLE.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as table:
        table.write("\n".join(lines).encode())
    print(f"{len(lines)} territories, {TABLE.stat().st_size} bytes: {TABLE}")


if __name__ == "__main__":
    main()
