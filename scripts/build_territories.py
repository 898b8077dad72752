#!/usr/bin/env python3
"""Rebuild `core/data/territories.txt.gz` from Etalab's "découpage administratif" (code officiel géographique, MIT).

    npm pack @etalab/decoupage-administratif@6.0.0     # COG 2026, populations of the 2023 census
    python3 scripts/build_territories.py etalab-decoupage-administratif-6.0.0.tgz

The table has a line a column, which reads fast and packs well: kinds, codes, names, liaisons, populations, parents,
postcodes (several are parted by a space), each parted by `;`. The populations of EPCI, départements and regions are the
sums of their communes'. The liaison is INSEE's TNCC (0 "de", 1 "d'", 2 "du", 3 "de la", 4 "des", 5 "de l'", 6 "des",
7 "de las", 8 "de los"). The parent is the region of a département, the EPCI of a commune, the present commune of a
former one or of a municipal arrondissement. Regions are written `R84`, because two digits alone are a département.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tarfile
from pathlib import Path

TABLE = Path(__file__).resolve().parents[1] / "core" / "data" / "territories.txt.gz"
CONTAINERS = ("region", "departement", "epci")
FORMER = {"commune-deleguee": "chefLieu", "commune-associee": "chefLieu", "arrondissement-municipal": "commune"}


def rows(package: tarfile.TarFile):
    """The lines of the table, regions first."""
    communes = _read(package, "communes")
    epcis = _read(package, "epci")
    epci_of = {member["code"]: epci["code"] for epci in epcis for member in epci["membres"]}
    for region in _read(package, "regions"):
        yield "region", "R" + region["code"], region["nom"], region["typeLiaison"], "", "", ""
    for departement in _read(package, "departements"):
        code, region = departement["code"], "R" + departement["region"]
        yield "departement", code, departement["nom"], departement["typeLiaison"], "", region, ""
    for epci in epcis:
        yield "epci", epci["code"], epci["nom"], 3, "", "", ""
    present = {commune["code"] for commune in communes if commune["type"] == "commune-actuelle"}
    for commune in communes:
        code, kind = commune["code"], commune["type"]
        # Overseas collectivities carry no TNCC: their first letter decides.
        liaison = commune.get("typeLiaison", 1 if re.match("[AEIOUYÀÂÉÈÊÎÔŒ]", commune["nom"]) else 0)
        population = commune.get("population", "")
        postcodes = " ".join(commune.get("codesPostaux", ()))
        if kind == "commune-actuelle":
            yield "commune", code, commune["nom"], liaison, population, epci_of.get(code, ""), postcodes
        elif code not in present:
            name = "arrondissement" if kind == "arrondissement-municipal" else "ancienne"
            yield name, code, commune["nom"], liaison, population, commune[FORMER[kind]], postcodes


def _read(package: tarfile.TarFile, name: str) -> list[dict]:
    return json.load(package.extractfile(f"package/data/{name}.json"))


def with_sums(territories: list[tuple]) -> list[tuple]:
    """The same lines, with the populations of what holds communes."""
    region_of = {code: parent for kind, code, _, _, _, parent, _ in territories if kind == "departement"}
    sums: dict[str, int] = {}
    for kind, code, _, _, population, epci, _ in territories:
        if kind == "commune" and population != "":
            departement = code[:3] if code[:2] in ("97", "98") else code[:2]
            for container in (epci, departement, region_of[departement]):
                sums[container] = sums.get(container, 0) + population
    return [
        (kind, code, name, liaison, sums.get(code, "") if kind in CONTAINERS else population, *rest)
        for kind, code, name, liaison, population, *rest in territories
    ]


def main() -> None:
    with tarfile.open(sys.argv[1]) as package:
        territories = with_sums(list(rows(package)))
    columns = [[str(cell) for cell in column] for column in zip(*territories)]
    if any(";" in cell for column in columns for cell in column):
        raise SystemExit("a name holds a semicolon: the format must change")
    with TABLE.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as table:
        table.write("\n".join(";".join(column) for column in columns).encode())
    print(f"{len(territories)} territories, {TABLE.stat().st_size} bytes: {TABLE}")


if __name__ == "__main__":
    main()
