"""The turn restrictions of an OpenStreetMap file, which GDAL does not give: relations and their members.

Formats: the OpenStreetMap wiki, pages PBF Format (blocks of Protocol Buffers, deflated) and OSM XML.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.parsers import expat

import numpy as np

from ..travel_modes import BIKE, CAR
from .errors import SourceUnreadable

_VEHICLES = {CAR: ("motor_vehicle", "motorcar"), BIKE: ("bicycle",)}
_MOST_HEADER, _MOST_BLOCK = 1 << 16, 1 << 25
"""Bytes that the format allows."""
_WAY = 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


class Relation(NamedTuple):
    """One relation: its tags, and the ways among its members by role."""

    tags: dict[str, str]
    ways: dict[str, list[str]]


def read_restrictions(path: Path, profile: str) -> tuple[list[str], list[tuple[str, ...]], np.ndarray, np.ndarray]:
    """The restrictions for who travels by ``profile``: the way one comes by, those one leaves by, whether these are the
    only ones permitted, where (not known). Those that pass by ways (`via`) come with no way to leave by.

    Raises `SourceUnreadable`.
    """
    try:
        relations = _of_pbf(path) if path.suffix.lower() == ".pbf" else _of_xml(path)
        found = [rule for relation in relations for rule in _rules(relation, profile)]
    except (OSError, ValueError, IndexError, KeyError, struct.error, zlib.error, expat.ExpatError) as error:
        raise SourceUnreadable("{path} cannot be read: {reason}", path=str(path), reason=str(error)) from error
    only = np.array([rule[2] for rule in found], bool)
    return [rule[0] for rule in found], [rule[1] for rule in found], only, np.full((len(found), 2), np.nan)


def _rules(relation: Relation, profile: str) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    tags, ways = relation
    spared = {kind.strip() for kind in tags.get("except", "").split(";")}
    kinds = _VEHICLES[profile]
    if spared & {*kinds, "vehicle"}:
        return
    said = next(
        (tags[key] for key in (*(f"restriction:{kind}" for kind in kinds[::-1]), "restriction") if key in tags), ""
    )
    if not said.startswith(("no_", "only_")):
        return
    for come in ways.get("from", ()):
        yield come, tuple(ways.get("to", ())) if not ways.get("via") else (), said.startswith("only_")


class _XmlReader:
    """Gathers the restrictions of OSM XML as they are read. A document type, which may grow without end, is refused."""

    def __init__(self) -> None:
        self.found: list[Relation] = []
        self._open: Relation | None = None
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _start(self, name: str, given: dict[str, str]) -> None:
        if name == "relation":
            self._open = Relation({}, {})
        elif self._open is not None and name == "tag":
            self._open.tags[given.get("k", "")] = given.get("v", "")
        elif self._open is not None and name == "member" and given.get("type") == "way":
            self._open.ways.setdefault(given.get("role", ""), []).append(given.get("ref", ""))

    def _end(self, name: str) -> None:
        if name == "relation" and self._open is not None:
            if self._open.tags.get("type", "").startswith("restriction"):
                self.found.append(self._open)
            self._open = None

    def _refuse(self, *_: object) -> None:
        raise ValueError("a document type is not read")


def _of_xml(path: Path) -> Iterator[Relation]:
    reader = _XmlReader()
    with open(path, "rb") as file:
        reader.parser.ParseFile(file)
    yield from reader.found


def _of_pbf(path: Path) -> Iterator[Relation]:
    with open(path, "rb") as file:
        while size := file.read(4):
            length = struct.unpack(">I", size)[0]
            if length > _MOST_HEADER:
                raise ValueError("no OpenStreetMap file")
            header = dict(_fields(file.read(length)))
            if header[3] > _MOST_BLOCK:
                raise ValueError("no OpenStreetMap file")
            blob = dict(_fields(file.read(header[3])))
            if header[1] == b"OSMData":
                yield from _of_block(blob[1] if 1 in blob else _inflated(blob[3]))


def _inflated(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, _MOST_BLOCK)


def _of_block(block: bytes) -> Iterator[Relation]:
    texts: list[bytes] = []
    for number, value in _fields(block):
        if number == 1:
            texts = [text for _, text in _fields(value)]
        elif number == 2:
            for kind, relation in _fields(value):
                if kind == 4:
                    found = _relation(dict(_fields(relation)), texts)
                    if found:
                        yield found


def _relation(fields: dict, texts: list[bytes]) -> Relation | None:
    keys, values = (_varints(fields.get(number, b"")) for number in (2, 3))
    tags = {texts[k].decode("utf-8", "replace"): texts[v].decode("utf-8", "replace") for k, v in zip(keys, values)}
    if not tags.get("type", "").startswith("restriction"):
        return None
    ways: dict[str, list[str]] = {}
    member = 0
    for role, step, kind in zip(*(_varints(fields.get(number, b"")) for number in (8, 9, 10))):
        member += (step >> 1) ^ -(step & 1)
        if kind == _WAY:
            ways.setdefault(texts[role].decode("utf-8", "replace"), []).append(str(member))
    return Relation(tags, ways)


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """The numbered fields of a message; those of fixed size are passed over."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield key >> 3, value
        elif kind == _BYTES:
            size, at = _varint(data, at)
            if at + size > len(data):
                raise ValueError("the file is cut short")
            yield key >> 3, data[at : at + size]
            at += size
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        else:
            raise ValueError("no OpenStreetMap file")


def _varints(data: bytes) -> list[int]:
    at, values = 0, []
    while at < len(data):
        value, at = _varint(data, at)
        values.append(value)
    return values


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return value, at
        shift += 7
