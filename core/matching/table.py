"""Several lists as one table of arrays: what can be compared, comparable. Rows are numbered through, list by list."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from ..categories import categories
from ..coordinates import geocentric
from ..progress import Progress
from ..ragged import owners
from ..services import Service
from ..territories import UnknownTerritory, find, is_known, present_commune
from .text import (
    DISTINGUISHING,
    WAY_WORDS,
    commune_words,
    is_nearly,
    name_words,
    phones_of,
    plain,
    street_of,
    web_of,
)

ANY = -1
"""Category of a row that may be any kind of service; also an unknown commune, number or text."""

_LARGE_LIST = 2000
"""Words weigh as in lists of this many rows at least: in a short list all words are rare."""

_COMMON_SHARE = 0.1
_ROWS_BETWEEN_CHECKS = 5000
_LONG_NUMBER, _LONG_TEXT = 9, 6
_OF_NAMES = ("said", "names", "rests", "marks")
_ENOUGH_ROWS = 30


class Words(NamedTuple):
    """A set of words a row.

    Attributes:
        matrix: (n, words), √weight where the row has the word: the product of two rows is the weight they share.
        total: (n,) weight of all the words of a row.
        text: (n,) index into ``texts``: the words in alphabetical order.
        texts: distinct ones; the first is empty.
    """

    matrix: csr_matrix
    total: np.ndarray
    text: np.ndarray
    texts: list[str]


class Table(NamedTuple):
    """n rows.

    Attributes:
        source: (n,) number of the list that the row is from.
        category, commune, departement: (n,) codes, `ANY` where unknown.
        radius: (n,) metres within which a service of its category is the same place.
        xyz: (n, 3) geocentric metres (WGS 84), NaN without position.
        is_rough: (n,) positions that stand for the commune only.
        said: the words of the name, without those of the commune.
        names: the words of the name, without those common to its category.
        rests: without either.
        marks: (n,) code of the words and numbers that set namesakes apart.
        streets: words of the address; number: (n,) of the house; ways: (n,) code of what kind of way or place it is.
        contacts: phones, e-mail, web address; has_phone: (n,).
        strong, siret: identifiers.
    """

    source: np.ndarray
    category: np.ndarray
    commune: np.ndarray
    departement: np.ndarray
    radius: np.ndarray
    xyz: np.ndarray
    is_rough: np.ndarray
    said: Words
    names: Words
    rests: Words
    marks: np.ndarray
    streets: Words
    number: np.ndarray
    ways: np.ndarray
    contacts: Words
    has_phone: np.ndarray
    strong: Words
    siret: Words


_RADII = {
    "mairie": 1500.0,
    "gendarmerie": 1500.0,
    "pompiers": 1500.0,
    "dechetterie": 1500.0,
    "prefecture": 1500.0,
    "sous_prefecture": 1500.0,
    "pharmacie": 200.0,
    "creche": 250.0,
    "ecole_maternelle": 300.0,
    "ecole_primaire": 300.0,
    "la_poste": 300.0,
}
_RADIUS, _ROUND = 500.0, 10_000.0


def radius_of(service: Service) -> float:
    """Metres within which two positions of a service of this kind may be one place."""
    return _ROUND if service.modalite == "itinerant" else _RADII.get(service.categorie, _RADIUS)


def build_table(lists: Sequence[Sequence[Service]], radius: float = 0.0, progress: Progress = Progress()) -> Table:
    """Read the lists. ``radius`` above 0 replaces that of every category."""
    services = [service for one in lists for service in one]
    source = owners([len(one) for one in lists])
    category = _codes(service.categorie or None for service in services)
    communes = _commune_keys(services, progress.part(0.0, 0.1))
    read: dict[str, list[Any]] = dict(zip(_OF_NAMES, _read_names(services, communes, progress.part(0.1, 0.5))))
    read["streets"] = _each(lambda service: street_of(service.adresse), services, progress.part(0.5, 0.6))
    read["contacts"] = _each(_contacts, services, progress.part(0.6, 0.7))
    each = partial(progress.over, services)
    # What was read of many rows is large: it goes once it is in arrays.
    columns: dict[str, Callable[[], Any]] = {
        "commune": lambda: _codes(communes),
        "departement": lambda: _codes(map(_departement, each())),
        "radius": lambda: np.array([radius or radius_of(service) for service in each()], dtype=float),
        "xyz": lambda: _geocentric(services),
        "is_rough": lambda: np.array([s.precision_position == "commune" for s in services], dtype=bool),
        "said": lambda: _words(read.pop("said")),
        "names": lambda: _words(read.pop("names")),
        "rests": lambda: _words(read.pop("rests")),
        "marks": lambda: _codes(mark or None for mark in read.pop("marks")),
        "number": lambda: np.array([street.number for street in read["streets"]], dtype=np.int64),
        "ways": lambda: _codes(tuple(sorted(WAY_WORDS.intersection(street.words))) for street in read["streets"]),
        "streets": lambda: _words([_core_of_street(street.words) for street in read.pop("streets")]),
        "contacts": lambda: _shared(read.pop("contacts"), source),
        "has_phone": lambda: np.array([bool(phones_of(service.telephone)) for service in each()], dtype=bool),
        "strong": lambda: _shared(list(map(_identifiers, each())), source),
        "siret": lambda: _shared(list(map(_siret, each())), source),
    }
    made: dict[str, Any] = {}
    for number, (name, make) in enumerate(columns.items()):
        progress.advance(0.7 + 0.3 * number / len(columns))
        made[name] = make()
    return Table(source=source, category=category, **made)


def metres_between(a: Service, b: Service) -> float:
    """Straight distance between two services, NaN without position."""
    first, second = _geocentric([a, b])
    return float(np.linalg.norm(first - second))


def common_weight(words: Words, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(p,) weight of the words that rows ``a`` and ``b`` share."""
    result = np.empty(len(a))
    for start in range(0, len(a), 200_000):
        part = slice(start, start + 200_000)
        result[part] = np.asarray(words.matrix[a[part]].multiply(words.matrix[b[part]]).sum(axis=1)).ravel()
    return result


# -- names ------------------------------------------------------------------------------------------------------------


def _read_names(
    services: Sequence[Service], communes: Sequence[str | None], progress: Progress
) -> tuple[list[tuple[str, ...]], ...]:
    """For each row: `said`, `names` and `rests` as in `Table`, and the words and numbers that set it apart."""
    names = _each(lambda service: name_words(service.nom), services, progress.part(0.0, 0.4))
    common = _common_words(names, services)
    said, own, rests, marks = [], [], [], []
    for row, (service, words) in enumerate(zip(services, names)):
        if row % _ROWS_BETWEEN_CHECKS == 0:
            progress.advance(0.4 + 0.6 * row / len(services))
        place = commune_words(service.commune) or _name_of(communes[row])
        known = common[service.categorie]
        said.append(tuple(word for word in words if not _is_of_place(word, place)))
        own.append(tuple(word for word in words if word not in known))
        rests.append(tuple(word for word in said[-1] if word not in known))
        marks.append(tuple(sorted({word for word in rests[-1] if word in DISTINGUISHING or word.isdigit()})))
    return said, own, rests, marks


def _common_words(names: Sequence[tuple[str, ...]], services: Sequence[Service]) -> dict[str, set[str]]:
    """By category: the words of its label, and those that a tenth of its names have."""
    counts: dict[str, Counter[str]] = {}
    rows: Counter[str] = Counter()
    for service, words in zip(services, names):
        rows[service.categorie] += 1
        counts.setdefault(service.categorie, Counter()).update(set(words))
    result = {}
    for code, counted in counts.items():
        known = categories().get(code)
        common = set(name_words(known.libelle_fr)) if known else set()
        if code and rows[code] >= _ENOUGH_ROWS:
            common |= {word for word, count in counted.items() if count >= _COMMON_SHARE * rows[code]}
        result[code] = common - DISTINGUISHING
    return result


def _is_of_place(word: str, place: tuple[str, ...]) -> bool:
    return word in place or any(is_nearly(word, other) for other in place)


@lru_cache(maxsize=50_000)
def _name_of(commune: str | None) -> tuple[str, ...]:
    return commune_words(find(commune).name) if commune and is_known(commune) else ()


# -- places -----------------------------------------------------------------------------------------------------------


def _commune_keys(services: Sequence[Service], progress: Progress) -> list[str | None]:
    """The present commune of each row: by its INSEE code, else by name and département where another row has both.

    A name alone counts where only one commune bears it.
    """
    codes = _each(lambda service: _present(service.code_insee), services, progress.part(0.0, 0.4))
    known: dict[tuple[tuple[str, ...], str | None], str] = {}
    namesakes: dict[tuple[str, ...], set[str]] = {}
    for service, code in progress.over(zip(services, codes)):
        if code and service.commune:
            words = commune_words(service.commune)
            known.setdefault((words, _departement(service)), code)
            namesakes.setdefault(words, set()).add(code)
    progress.advance(0.7)
    keys: list[str | None] = []
    for service, code in progress.over(zip(services, codes)):
        words, area = commune_words(service.commune), _departement(service)
        if not code and words and area:
            code = known.get((words, area)) or " ".join((*words, area))
        elif not code and len(namesakes.get(words, ())) == 1:
            (code,) = namesakes[words]
        keys.append(code or None)
    return keys


@lru_cache(maxsize=50_000)
def _present(code: str) -> str:
    try:
        return present_commune(code) if code else ""
    except UnknownTerritory:
        return code


def _departement(service: Service) -> str | None:
    """Two digits that an INSEE code and a postcode share; Corsica is `20`."""
    start = (service.code_insee or service.code_postal)[:2]
    return ("20" if start in ("2A", "2B") else start) or None


def _geocentric(services: Sequence[Service]) -> np.ndarray:
    """Straight distances between such points are those on the ground to a millionth over 50 km, anywhere on Earth."""
    missing = math.nan
    degrees = np.array(
        [(missing, missing) if s.lon is None or s.lat is None else (s.lon, s.lat) for s in services], dtype=float
    )
    return geocentric(degrees)


# -- words and codes --------------------------------------------------------------------------------------------------


def _each(read: Callable[[Service], Any], services: Sequence[Service], progress: Progress) -> list[Any]:
    """What ``read`` makes of each service; a cancel is seen in time."""
    found = []
    for row, service in enumerate(services):
        if row % _ROWS_BETWEEN_CHECKS == 0:
            progress.advance(row / len(services))
        found.append(read(service))
    return found


def _core_of_street(words: tuple[str, ...]) -> tuple[str, ...]:
    core = tuple(word for word in words if word not in WAY_WORDS)
    return core or words


def _contacts(service: Service) -> tuple[str, ...]:
    found = [*phones_of(service.telephone), service.courriel.strip().lower(), web_of(service.site_web)]
    return tuple(filter(None, found))


def _identifiers(service: Service) -> tuple[str, ...]:
    """Identifiers that mean one service whoever says them; a number such as `12` counts with its producer only."""
    own, producers = service.id.strip().lower(), service.id_producteur.strip().lower()
    found = [f"id {own}"] if len(own) >= (_LONG_NUMBER if own.isdigit() else _LONG_TEXT) else []
    if service.producteur and producers:
        found.append(f"{plain(service.producteur)} {producers}")
    return tuple(found)


def _siret(service: Service) -> tuple[str, ...]:
    return (service.siret,) if len(service.siret) == 14 and service.siret.isdigit() else ()


def _words(sets: Sequence[tuple[str, ...]]) -> Words:
    """Words weigh log(rows / rows that have them)."""
    rows = max(len(sets), _LARGE_LIST)
    everywhere = np.zeros(len(sets), dtype=np.int64)
    return _weighted(sets, everywhere, lambda count: np.log(rows / count.clip(1, rows)))


def _shared(sets: Sequence[tuple[str, ...]], source: np.ndarray) -> Words:
    """Words weigh 1 / (the number of rows of one list that have them): a phone of ten places tells little."""
    return _weighted(sets, source, lambda count: 1.0 / count.clip(1))


def _weighted(sets: Sequence[tuple[str, ...]], source: np.ndarray, weigh: Callable[[np.ndarray], np.ndarray]) -> Words:
    """``weigh`` is given in how many rows of one list each word is: of the list that has most."""
    vocabulary: dict[str, int] = {}
    texts: dict[str, int] = {"": 0}
    columns, text, ends = array("q"), array("q"), array("q", [0])
    for words in sets:
        distinct = sorted(set(words))
        columns.extend(vocabulary.setdefault(word, len(vocabulary)) for word in distinct)
        text.append(texts.setdefault(" ".join(distinct), len(texts)))
        ends.append(len(columns))
    starts, column = np.array(ends), np.array(columns)
    width = max(len(vocabulary), 1)
    lists = np.repeat(source, np.diff(starts))
    most = np.zeros(width, dtype=np.int64)
    for one in np.unique(source):
        np.maximum(most, np.bincount(column[lists == one], minlength=width), out=most)
    weights = weigh(most)
    matrix = csr_matrix((np.sqrt(weights[column]), column, starts), shape=(len(sets), width))
    total = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
    return Words(matrix, total, np.array(text), list(texts))


def _codes(values: Iterable[Hashable | None]) -> np.ndarray:
    """(n,) int64: the same number for the same value, `ANY` for None."""
    known: dict[Hashable, int] = {}
    return np.array([ANY if v is None else known.setdefault(v, len(known)) for v in values], dtype=np.int64)
