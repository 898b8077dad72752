"""The identifier of each place: looked up in what was published before, minted only for a place never seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID, uuid5

from .records import Key

_NAMESPACE = UUID("6f0c5b0e-4f6e-5c1d-9b52-6d2f0c1f7a31")
"""Of this program: an identifier made in it is never that of another."""


class RegisterLine(NamedTuple):
    """A line of the register: the dates of the first and last edition that had the place, and where it went."""

    premiere_vue: str
    derniere_vue: str
    fusionne_dans: str = ""


Held = Mapping[Key, Sequence[str]]
"""The identifiers that each record has stood for, the last one first."""


class Identities(NamedTuple):
    """What became of the identifiers.

    Attributes:
        ids: of each place, in the order given.
        created: those minted.
        merged: the identifier that is no more, and the one that its records now have.
        split: the identifier whose records parted, and those that they took besides it.
        returned: those that come back after having been closed.
        closed: those of places that no producer knows any more.
    """

    ids: list[str]
    created: list[str]
    merged: dict[str, str]
    split: dict[str, list[str]]
    returned: list[str]
    closed: list[str]


def identify(
    places: Sequence[Sequence[Key]], held: Held, register: Mapping[str, RegisterLine], living: set[str]
) -> Identities:
    """Give each place (its keys, ascending) its identifier. ``living``: the identifiers of the last edition.

    An identifier stays with most of its records. A place that holds the records of several keeps that of most of them,
    the older of equals; the others are merged into it. Records that part from theirs take the identifier they had
    before a merge, else a new one.
    """
    claims = [Counter(held[key][0] for key in keys if key in held) for keys in places]
    ids = _kept(places, claims, held, register)
    taken = {identifier for identifier in ids if identifier}
    _taken_back(places, held, register, ids, taken)
    created = _minted(places, register, ids, taken)
    merged = _merged(claims, ids, taken)
    return Identities(
        ids,
        created,
        merged,
        _split(claims, ids, living),
        sorted(one for one in taken - living if one in register and not register[one].fusionne_dans),
        sorted(living - taken - merged.keys()),
    )


def mint(key: Key, register: Mapping[str, RegisterLine], taken: set[str]) -> str:
    """A UUIDv5 of the key, one that no place has or ever had."""
    name, number = "\x1f".join(key), 0
    while True:
        found = str(uuid5(_NAMESPACE, name if not number else f"{name}\x1f{number}"))
        if found not in register and found not in taken:
            return found
        number += 1


def _kept(
    places: Sequence[Sequence[Key]], claims: Sequence[Counter[str]], held: Held, register: Mapping[str, RegisterLine]
) -> list[str]:
    """Most records first; then the older identifier; then the place of which fewer came by a merge; then the keys."""

    def came_by_merge(number: int) -> int:
        return sum(len(held[key]) > 1 for key in places[number] if key in held)

    def first_key(number: int, identifier: str) -> Key:
        return next(key for key in places[number] if key in held and held[key][0] == identifier)

    order = sorted(
        (-votes, register[identifier].premiere_vue, came_by_merge(number), first_key(number, identifier), number)
        for number, claim in enumerate(claims)
        for identifier, votes in claim.items()
    )
    ids, taken = [""] * len(places), set()
    for _votes, _date, _came, key, number in order:
        identifier = held[key][0]
        if not ids[number] and identifier not in taken:
            ids[number] = identifier
            taken.add(identifier)
    return ids


def _taken_back(
    places: Sequence[Sequence[Key]],
    held: Held,
    register: Mapping[str, RegisterLine],
    ids: list[str],
    taken: set[str],
) -> None:
    """What a merge took away comes back when its records stand alone again: most of them and fewest of the others."""
    everywhere = Counter(identifier for keys in places for key in keys for identifier in held.get(key, ())[1:])
    for number in _in_order(places, ids):
        former = Counter(
            identifier
            for key in places[number]
            if key in held
            for identifier in held[key][1:]
            if register[identifier].fusionne_dans and identifier not in taken
        )
        if former:
            rank = {one: (everywhere[one] - 2 * count, register[one].premiere_vue) for one, count in former.items()}
            ids[number] = min(former, key=lambda one: (rank[one], one))
            taken.add(ids[number])


def _minted(
    places: Sequence[Sequence[Key]], register: Mapping[str, RegisterLine], ids: list[str], taken: set[str]
) -> list[str]:
    created = []
    for number in _in_order(places, ids):
        ids[number] = mint(places[number][0], register, taken)
        taken.add(ids[number])
        created.append(ids[number])
    return created


def _in_order(places: Sequence[Sequence[Key]], ids: Sequence[str]) -> Iterator[int]:
    """The places without identifier, by their smallest key."""
    yield from sorted((number for number, identifier in enumerate(ids) if not identifier), key=lambda n: places[n][0])


def _merged(claims: Sequence[Counter[str]], ids: Sequence[str], taken: set[str]) -> dict[str, str]:
    found: dict[str, tuple[int, str]] = {}
    for number, claim in enumerate(claims):
        for identifier, votes in claim.items():
            if identifier not in taken:
                found[identifier] = min(found.get(identifier, (0, "")), (-votes, ids[number]))
    return {identifier: found[identifier][1] for identifier in sorted(found)}


def _split(claims: Sequence[Counter[str]], ids: Sequence[str], living: set[str]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for number, claim in enumerate(claims):
        for identifier in claim:
            if identifier in living and ids[number] != identifier and ids[number] not in living:
                found[identifier].add(ids[number])
    kept = found.keys() & set(ids)
    return {identifier: sorted(found[identifier]) for identifier in sorted(kept)}
