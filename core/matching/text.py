"""Names, addresses, phones and web addresses as people write them, brought to forms that can be compared."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from ..identifiers import normal_phone

LONGEST = 64
"""Characters kept of a text that is compared letter by letter (the bits of a machine word)."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS = _words(
    "a au aux avec chez d de del della des di du e en et l la las le les lez los lou o ou par pour s sous sur u un une"
)

# What is said in several words, and the one word it amounts to.
_PHRASES = (
    (r"hotels? (?:de |d )?(?:la )?ville", "mairie"),
    (r"maisons? (?:de |d )?(?:la )?commune", "mairie"),
    (r"centres? communa(?:l|ux) d action sociale", "ccas"),
    (r"centres? intercommuna(?:l|ux) d action sociale", "cias"),
    (r"maisons? (?:de )?france services?", "france services"),
    (r"espaces? france services?", "france services"),
    (r"(?:maisons? de services? au(?:x)? public|msap|mfs)", "france services"),
    (r"(?:bureaux? de poste|agence postale(?: (?:inter)?communale)?)", "la poste"),
    (r"pole emploi", "france travail"),
    (r"communautes? de communes", "cc"),
    (r"communautes? d agglomeration", "ca"),
    (r"caisses? d allocations familiales", "caf"),
    (r"caisses? primaires? d assurance maladie", "cpam"),
)
_PHRASE = re.compile("|".join(f"(?P<p{rank}>\\b{pattern}\\b)" for rank, (pattern, _word) in enumerate(_PHRASES)))

_ABBREVIATIONS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "nd": "notre dame",
    "dr": "docteur",
    "pr": "professeur",
    "gal": "general",
    "gen": "general",
    "gl": "general",
    "mal": "marechal",
    "col": "colonel",
    "cdt": "commandant",
    "cne": "capitaine",
    "lt": "lieutenant",
    "pdt": "president",
    "j": "jean",
    "ch": "charles",
    "mme": "madame",
    "m": "monsieur",
    "fs": "france services",
    "service": "services",
    "gpe": "groupe",
    "ec": "ecole",
    "mat": "maternelle",
    "elem": "elementaire",
    "prim": "primaire",
    "pharm": "pharmacie",
    "phie": "pharmacie",
    "gend": "gendarmerie",
    "bibli": "bibliotheque",
    "mediat": "mediatheque",
}

_SHORT_FORMS = {
    "avenue": "av ave",
    "boulevard": "bd bld blvd boul",
    "rue": "r",
    "place": "pl plc",
    "route": "rte rt",
    "chemin": "che chem chm ch",
    "impasse": "imp",
    "allee": "all allees",
    "square": "sq",
    "faubourg": "fg fbg",
    "lotissement": "lot lotiss",
    "quartier": "qu quart qua",
    "residence": "res resid",
    "batiment": "bat",
    "immeuble": "imm",
    "cours": "crs",
    "quai": "q",
    "passage": "pass",
    "esplanade": "espl esp",
    "promenade": "prom",
    "rond point": "rpt",
    "village": "vlge vge",
    "hameau": "ham",
    "lieu dit": "ld",
    "zone": "za zi zac",
}
_WAYS = {short: word for word, forms in _SHORT_FORMS.items() for short in forms.split()}
_STREETS = _words(
    "rue avenue boulevard place route chemin impasse allee square cours quai passage esplanade promenade faubourg rond"
)
"""Ways that have house numbers of their own."""

_NUMBERED = _words(
    "lot porte appt apt appartement bat batiment espace escalier esc hall entree boite local bureau ilot"
)
"""Words whose own number is not that of the house."""

WAY_WORDS = frozenset(_WAYS.values()) | _words(
    "rue avenue boulevard place route chemin impasse allee square lieu dit lieudit rond point bourg village zone"
)
"""Words that say what kind of way it is: they tell little."""

DISTINGUISHING = _words(
    "annexe annexes antenne antennes deleguee delegue bus mobile itinerant itinerante camion maternelle "
    "elementaire primaire nord sud est ouest intercommunal intercommunale departemental departementale "
    "regional regionale"
)
"""Words that, when only one of two names has them, make two services of what looks like one."""

_PLAIN = re.compile(r"[^a-z0-9]+")
_POSTCODE_ON = re.compile(r"[\s,;\-]*\b((?:0[1-9]|[1-8]\d|9[0-8])\d{3})\b[\s,]*([^\d\n]*?)(?:\s+cedex\b.*)?\s*$", re.I)
_BOX = re.compile(r"\b(?:bp|cs|tsa|cidex|b\.p\.)\s*\d+\b|\bcedex(?:\s+\d+)?\b", re.I)
_SUFFIX = "bis|ter|quater|quinquies|[a-df-htq]"
_NUMBER = re.compile(
    rf"^(?:n\s?|no\s|numero\s)?(\d{{1,5}})(?!\d)(?:\s*(?:{_SUFFIX})\b|(?![a-z]))\s*(?:(?:et|a)?\s*\d{{1,4}}\b)?\s*"
)
_ORDINAL = re.compile(r"^(\d+)(?:er|ere|re|e|eme|me|nd|nde)$")
_PHONE = re.compile(
    r"(?:\+|\b00)\s?\d{2,3}[\s.\-]?(?:\(0\))?[\s.\-]?\d(?:[\s.\-]?\d){3,9}"  # with the code of a country
    r"|\b0[\s.\-]?[1-9](?:[\s.\-]?\d){8}"
    r"|\b11[68][\s.\-]?\d{3}\b"
    r"|\b(?:3\d|10)[\s.\-]?\d\d(?=\s+0[1-9]|\s*[^\d\s.\-]|\s*$)"
    r"|\d(?:[\s.\-]?\d){3,9}"
)
_EMERGENCY = re.compile(r"(?:^|[/;,|]|\bou\b|\bet\b)\s*(1\d\d?)\s*(?=$|[/;,|]|\bou\b|\bet\b)", re.I)
"""The numbers of two and three digits (`15`, `115`), which stand alone: among others they are a part of something."""


class Street(NamedTuple):
    """The line of a street: its house number (-1: none) and its words, way words among them."""

    number: int
    words: tuple[str, ...]


class Place(NamedTuple):
    """An address parted into its line, postcode and commune; what it does not say is empty."""

    street: str
    postcode: str
    commune: str


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """Lower case letters and digits, words parted by one space, accents gone."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae"))
        text = "".join(character for character in text if not unicodedata.combining(character))
    return _PLAIN.sub(" ", text.lower()).strip()


def name_words(text: str) -> tuple[str, ...]:
    """The words of a name, abbreviations written out, in order, stop words gone."""
    said = _PHRASE.sub(lambda found: _PHRASES[int(str(found.lastgroup)[1:])][1], plain(text))
    words: list[str] = []
    for word in said.split():
        words.extend(_ABBREVIATIONS.get(word, word).split())
    return _kept(words)


@lru_cache(maxsize=50_000)
def commune_words(text: str) -> tuple[str, ...]:
    """The words of a commune's name, without the number of a CEDEX or an arrondissement."""
    said = re.sub(r"\bcedex\b.*$", "", plain(text))
    words = (_ABBREVIATIONS.get(word, word) for word in said.split() if not word.isdigit())
    return tuple(word for word in words if word not in STOP_WORDS)


def street_of(text: str) -> Street:
    """The street line of an address: post boxes, postcode and commune left out, abbreviations written out.

    What stands before the house number (`Bât A 12 rue X`, `Résidence X, 3 avenue Y`) is left out too.
    """
    line = _from_number(plain(_BOX.sub(" ", part_address(text).street)))
    found = _NUMBER.match(line)
    number = int(found.group(1)) if found else -1
    words: list[str] = []
    for rank, word in enumerate(line[found.end() :].split() if found else line.split()):
        known = _WAYS.get(word) if rank == 0 or word not in ("ch", "r", "q", "all") else None
        words.extend((known or _ABBREVIATIONS.get(word, word)).split())
    return Street(number, _kept(words))


def _from_number(line: str) -> str:
    """The line from the house number on that is followed by a way; the whole line when it begins with its street."""
    words = line.split()
    if not words or _WAYS.get(words[0], words[0]) in _STREETS or _NUMBER.match(line):
        return line
    for rank, word in enumerate(words):
        is_house = word[0].isdigit() and words[rank - 1] not in _NUMBERED
        found = _NUMBER.match(" ".join(words[rank:])) if is_house else None
        rest = " ".join(words[rank:])[found.end() :].split() if found else []
        if rest and _WAYS.get(rest[0], rest[0]) in _STREETS:
            return " ".join(words[rank:])
    return line


def part_address(text: str) -> Place:
    """`12 rue X, 20000 Ajaccio Cedex` parted; an address without postcode at its end is all street."""
    found = _POSTCODE_ON.search(text)
    if not found:
        return Place(text.strip(), "", "")
    return Place(text[: found.start()].strip(" ,;-\n"), found.group(1), found.group(2).strip(" ,;-\n"))


@lru_cache(maxsize=50_000)
def phones_of(text: str) -> tuple[str, ...]:
    """The phone numbers that a text holds, digits only; the zero that a spreadsheet took comes back."""
    text = re.sub(r"^\s*([1-9]\d{8})(?:[.,]0)?\s*$", r"0\1", text)
    found = [(match.start(), match[0]) for match in _PHONE.finditer(text)]
    found += [(match.start(1), match[1]) for match in _EMERGENCY.finditer(text)]
    return tuple(dict.fromkeys(normal_phone(number).replace(" ", "") for _start, number in sorted(found)))


def web_of(text: str) -> str:
    """Host and path of a web address, in lower case, without scheme, `www.` and last slash; query kept."""
    return re.sub(r"^[a-z]+://", "", text.strip().lower()).removeprefix("www.").rstrip("/")


@lru_cache(maxsize=200_000)
def is_nearly(word: str, other: str) -> bool:
    """Whether two words are one but for a slip of the keyboard: four letters at least, more than three in four kept."""
    if word == other:
        return True
    if min(len(word), len(other)) < 4 or abs(len(word) - len(other)) > 2:
        return False
    return SequenceMatcher(None, word, other, autojunk=False).ratio() > 0.75


def _kept(words: list[str]) -> tuple[str, ...]:
    """Without stop words; each word once in memory, however many rows have it."""
    return tuple(intern(_ordinal(word)) for word in words if word not in STOP_WORDS)


def _ordinal(word: str) -> str:
    """`1` of `1er`, `2eme`."""
    return _ORDINAL.sub(r"\1", word)
