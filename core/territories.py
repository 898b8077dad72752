"""Communes, EPCI, départements and regions of France: found by code or by name, with populations.

The table is data: `data/territories.txt.gz`, made by `scripts/build_territories.py` (code officiel géographique 2026,
Etalab, populations of the 2023 census). A region's code is written `R84`: two digits alone are a département.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from .errors import CartoError

_TABLE = Path(__file__).parent / "data" / "territories.txt.gz"
_ALIKE, _SHORTEST_ALIKE = 0.8, 4
"""How alike two names are (`difflib`: 1 = the same) to be proposed for one another; letters of the shortest typed."""
KINDS = ("region", "departement", "epci", "commune", "arrondissement", "ancienne")
"""From the widest; an `arrondissement` is one of Paris, Lyon or Marseille, an `ancienne` a delegated commune."""

_LIAISONS = ("de ", "d'", "du ", "de la ", "des ", "de l'", "des ", "de las ", "de los ")
_OWN_ARTICLES = ("", "", "Le ", "La ", "Les ", "L'", "Aux ", "Las ", "Los ")


class UnknownTerritory(CartoError):
    """A code or a name that stands for no territory."""


class Territory(NamedTuple):
    """A part of the country. ``communes``: INSEE codes of the present communes in it."""

    code: str
    kind: str
    name: str
    population: int | None
    communes: frozenset[str]
    liaison: int = 0

    @property
    def of_name(self) -> str:
        """The name after « population » : « d'Ajaccio », « du Mans », « de la Lozère », « de l'Ain »."""
        article = _OWN_ARTICLES[self.liaison]
        name = self.name[len(article) :] if article and self.name.startswith(article) else self.name
        return _LIAISONS[self.liaison] + name

    @property
    def label(self) -> str:
        """The name with what tells it from its namesakes: « Saint-Denis (93066) », « Lozère (48) »."""
        return f"{self.name} ({self.code})"


def find(code: str) -> Territory:
    """The territory of a code: INSEE code of a commune, SIREN of an EPCI, département, region (`R84`).

    Raises `UnknownTerritory`.
    """
    table = _table()
    number = table.row_of.get(code.strip().upper())
    if number is None:
        raise UnknownTerritory(
            "“{code}” is neither a commune, nor an EPCI (SIREN), a département or a region (R84) of 2026.", code=code
        )
    return table.territory(number)


def is_known(code: str) -> bool:
    """Whether `find` knows the code."""
    return code.strip().upper() in _table().row_of


def search(text: str, limit: int = 20, kinds: Iterable[str] = KINDS) -> list[Territory]:
    """Territories whose code begins with ``text``, whose postcode it is or whose name holds it; the likeliest first.

    For completion: accents, case, hyphens and apostrophes do not count, « st » is « saint ». Rank: the exact name or
    code, then a name that begins so or a postcode, then one with a word that begins so, then the rest; the wider and
    the more peopled first.
    """
    wanted = searchable(text)
    if not wanted:
        return []
    table = _table()
    allowed = set(kinds)
    code = text.strip().upper()
    ranked = []
    for number, name in enumerate(table.searchable_names):
        if wanted in name:
            if name == wanted:
                rank = 0
            elif name.startswith(wanted):
                rank = 1
            else:
                rank = 2 if " " + wanted in name else 3
        elif table.codes[number].startswith(code) or (code.isdigit() and code in table.postcodes[number].split(" ")):
            rank = 0 if table.codes[number] == code else 1
        else:
            continue
        kind = table.kinds[number]
        if kind in allowed:
            ranked.append((rank, KINDS.index(kind), -(table.populations[number] or 0), number))
    ranked.sort()
    return [table.territory(number) for *_, number in ranked[:limit]]


def codes_in(text: str) -> tuple[str, ...]:
    """The territories that a text names: codes or names, parted by commas, semicolons or « et »; codes also by blanks.

    Of namesakes the widest kind is meant: « Paris » is the département. Raises `UnknownTerritory`, also for a name that
    several of the same kind have.
    """
    found: list[str] = []
    for part in filter(None, (piece.strip() for piece in re.split("[;\n]", text))):
        words = re.split(r"[,\s]+", part.strip(", "))
        found += [word.upper() for word in words] if all(map(is_known, words)) else _codes_of_names(part)
    return tuple(dict.fromkeys(found))


def alike(text: str, limit: int = 5) -> list[Territory]:
    """Territories whose names are nearly written so (« Marseile »), the closest first, then the most peopled.

    The first letter is taken to be right.
    """
    wanted = searchable(text)
    if len(wanted) < _SHORTEST_ALIKE:
        return []
    table = _table()
    matcher = SequenceMatcher(b=wanted)
    found = []
    for number, name in enumerate(table.searchable_names):
        if name[:1] == wanted[0] and abs(len(name) - len(wanted)) <= 2:
            matcher.set_seq1(name)
            if matcher.quick_ratio() >= _ALIKE and (ratio := matcher.ratio()) >= _ALIKE:
                found.append((-ratio, -(table.populations[number] or 0), number))
    return [table.territory(number) for *_rank, number in sorted(found)[:limit]]


def _codes_of_names(part: str) -> list[str]:
    """One name or code, or several parted by commas or « et »: names have those too, so the whole is tried first."""
    if is_known(part):
        return [part.upper()]
    try:
        return [_code_of_name(part)]
    except UnknownTerritory:
        for between in (r"\s*,\s*", r"\s+et\s+"):
            pieces = [piece for piece in re.split(between, part) if piece]
            if len(pieces) > 1:
                return [code for piece in pieces for code in _codes_of_names(piece)]
        raise


def _code_of_name(name: str) -> str:
    wanted = searchable(re.sub(r"\s*\(\w+\)$", "", name))
    code = re.search(r"\((\w+)\)$", name)
    is_one = not re.search(r",|\bet\b", wanted_text := name.rpartition("(")[0])
    if code and is_known(code[1]) and (is_one or searchable(wanted_text) == searchable(find(code[1]).name)):
        return code[1].upper()
    same = [each for each in search(name, limit=50) if searchable(each.name) == wanted]
    widest = [each for each in same if each.kind == same[0].kind]
    if len(widest) != 1:
        likely = widest or search(name, limit=5) or alike(name)
        raise UnknownTerritory(
            "“{name}” is not the name of one territory; give its code: {likely}",
            name=name,
            likely=", ".join(each.label for each in likely[:10]) or "–",
        )
    return widest[0].code


def communes_of(codes: Iterable[str]) -> frozenset[str]:
    """Every INSEE code that a record inside these territories may carry.

    These are the present communes, and with them their municipal arrondissements and former communes (`75112`);
    an arrondissement or former commune asked for means itself alone. Raises `UnknownTerritory`.
    """
    table = _table()
    inside: set[str] = set()
    for territory in map(find, codes):
        if territory.code in table.present_commune:
            inside.add(territory.code)
            continue
        inside |= territory.communes
        for commune in territory.communes:
            inside.update(table.former_communes.get(commune, ()))
    return frozenset(inside)


def present_commune(code: str) -> str:
    """The present commune of an INSEE code: itself, or that of an arrondissement or former commune.

    Raises `UnknownTerritory` when the code is not that of a commune.
    """
    table = _table()
    code = code.strip().upper()
    if code in table.present_commune:
        return table.present_commune[code]
    if code not in table.row_of or table.kinds[table.row_of[code]] != "commune":
        raise UnknownTerritory("“{code}” is not the INSEE code of a commune of 2026.", code=code)
    return code


def departement_of(code_insee: str) -> str:
    """`48` of `48095`, `2A` of `2A004`, `974` of `97411`. Raises `UnknownTerritory` for what is no INSEE code."""
    code = code_insee.strip().upper()
    if not re.fullmatch(r"(?:[0-9]{2}|2A|2B)[0-9]{3}", code):
        raise UnknownTerritory(
            "“{code}” is not the INSEE code of a commune: 5 characters, like 2A004.", code=code_insee
        )
    return _departement(code)


def _departement(code: str) -> str:
    return code[:3] if code[:2] in ("97", "98") else code[:2]


def searchable(text: str) -> str:
    """A name as `search` compares it: lower case, no accents, words parted by one space, « st » written out."""
    return "\n".join(_searchable_lines(text.strip().replace("\n", " ")))


def _searchable_lines(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    plain = re.sub(r"[\u0300-\u036f]", "", plain)
    plain = re.sub(r"[^\w\n]+", " ", plain)
    plain = re.sub(r"\bst\b", "saint", plain)
    plain = re.sub(r"\bste\b", "sainte", plain)
    return [line.strip() for line in plain.split("\n")]


class _Table:
    """The file, as parallel columns; territories are made when asked for."""

    def __init__(self, text: str) -> None:
        self.kinds, self.codes, self.names, liaisons, populations, self.parents, self.postcodes = (
            line.split(";") for line in text.split("\n")
        )
        self.liaisons = [int(liaison) for liaison in liaisons]
        self.populations = [int(population) if population else None for population in populations]
        self.row_of = dict(zip(self.codes, range(len(self.codes))))
        self.present_commune: dict[str, str] = {}
        self.former_communes: dict[str, list[str]] = {}
        self._members: dict[str, list[str]] = {}
        self._searchable_names: list[str] = []
        for kind, code, parent in zip(self.kinds, self.codes, self.parents):
            if kind == "commune":
                departement = _departement(code)
                for container in (departement, self.parents[self.row_of[departement]], parent):
                    self._members.setdefault(container, []).append(code)
            elif kind in ("arrondissement", "ancienne"):
                self.present_commune[code] = parent
                self.former_communes.setdefault(parent, []).append(code)

    @property
    def searchable_names(self) -> list[str]:
        """The names as `search` compares them, made at the first search."""
        if not self._searchable_names:
            self._searchable_names = _searchable_lines("\n".join(self.names))
        return self._searchable_names

    def territory(self, number: int) -> Territory:
        code, kind = self.codes[number], self.kinds[number]
        if kind == "commune":
            communes = [code]
        elif code in self.present_commune:
            communes = [self.present_commune[code]]
        else:
            communes = self._members.get(code, [])
        return Territory(
            code, kind, self.names[number], self.populations[number], frozenset(communes), self.liaisons[number]
        )


@lru_cache(maxsize=1)
def _table() -> _Table:
    with gzip.open(_TABLE, "rt", encoding="utf-8") as lines:
        return _Table(lines.read())
