"""A PDF made lighter without a look at what it shows: each picture once, those of few colours with a palette.

Qt writes every pixel of a map with three bytes, and again on each page a symbol that all pages share. Written by Qt, a
file is a list of numbered objects and a table of where they begin (PDF 1.4, 7.5): that form alone is understood here,
and any other file is left as it is.
"""

from __future__ import annotations

import re
import zlib
from os import PathLike
from pathlib import Path
from typing import Optional

import numpy as np

COLOURS = 128
"""Of a palette: on a map of pale grounds and twenty symbols nobody distinguishes more."""
_TABLE = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])")
_FIRST = re.compile(rb"\b\d+ 0 obj\b")
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_STREAM = re.compile(rb"\d+ 0 obj\s*(<<.*?>>)\s*stream\r?\n", re.DOTALL)
_RED_GREEN_BLUE = re.compile(rb"/ColorSpace\s*/DeviceRGB\b")
_NUMBER_OF = {name: re.compile(rb"/%s (\d+)(?! 0 R)\b" % name) for name in (b"Width", b"Height", b"BitsPerComponent")}

Objects = dict[int, bytes]
"""The text of each object by its number, from ``n 0 obj`` to what comes before the next."""


def lighten(path: str | PathLike[str]) -> None:
    """Write the file again, lighter. Raises `OSError`."""
    content = Path(path).read_bytes()
    lighter = lightened(content)
    if len(lighter) < len(content):
        Path(path).write_bytes(lighter)


def lightened(content: bytes) -> bytes:
    """The file with its pictures lighter; as it is where it is of another form."""
    objects = _objects(content)
    if not objects:
        return content
    objects = {number: _lighter(text, objects) for number, text in objects.items()}
    return _written(content, _once(objects))


def _objects(content: bytes) -> Objects:
    """The objects of a file with one table of them; none of any other file."""
    end = _TABLE.search(content[-1024:])
    start = int(end[1]) if end else 0
    if not end or content[start : start + 4] != b"xref" or b"/Prev" in content[start:]:
        return {}
    places = {rank: int(entry[1]) for rank, entry in enumerate(_ENTRY.finditer(content, start)) if entry[3] == b"n"}
    order = sorted(places.values())
    following = dict(zip(order, [*order[1:], start]))
    found = {number: content[place : following[place]] for number, place in places.items()}
    whole = all(text.startswith(b"%d 0 obj" % number) for number, text in found.items())
    return found if whole else {}


def _lighter(text: bytes, objects: Objects) -> bytes:
    """A picture with its length in itself, that two of them be alike, and with a palette; anything else as it is."""
    stream = _stream(text, objects)
    if stream is None or b"/Subtype /Image" not in stream[0]:
        return text
    head, body = _with_palette(*stream)
    head = re.sub(rb"/Length \d+( 0 R)?", b"/Length %d" % len(body), head)
    begin = text[: text.index(b"obj") + 3]
    return begin + b"\n" + head + b"\nstream\n" + body + b"\nendstream\nendobj\n"


def _with_palette(head: bytes, body: bytes) -> tuple[bytes, bytes]:
    """The dictionary and the bytes of a picture: of three bytes a pixel, it gets a palette."""
    size = {name: int(found[1]) for name, number in _NUMBER_OF.items() if (found := number.search(head))}
    is_plain = b"/Filter /FlateDecode" in head and b"/DecodeParms" not in head and size.get(b"BitsPerComponent") == 8
    if not is_plain or not _RED_GREEN_BLUE.search(head):
        return head, body
    pixels = np.frombuffer(zlib.decompress(body), np.uint8)
    if len(pixels) != 3 * size.get(b"Width", 0) * size.get(b"Height", 0):
        return head, body
    ranks, palette = _palette(pixels.reshape(-1, 3))
    space = b"/ColorSpace [/Indexed /DeviceRGB %d <%s>]" % (len(palette) - 1, palette.tobytes().hex().encode())
    return _RED_GREEN_BLUE.sub(space, head), zlib.compress(ranks.tobytes(), 9)


def _stream(text: bytes, objects: Objects) -> Optional[tuple[bytes, bytes]]:  # noqa: UP045
    """The dictionary and the bytes of a stream."""
    found = _STREAM.match(text)
    length = re.search(rb"/Length (\d+)( 0 R)?", found[1]) if found else None
    if found is None or length is None:
        return None
    size = int(length[1])
    if length[2]:
        length_object = re.match(rb"\d+ 0 obj\s+(\d+)", objects.get(size, b""))
        if length_object is None:
            return None
        size = int(length_object[1])
    return found[1], text[found.end() : found.end() + size]


def _palette(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n,) uint8 ranks of (k, 3) uint8 colours, for (n, 3) pixels: those met most, each other as the nearest of them.

    Colours that differ by less than 8 in 256 in each channel may count as one, their mean.
    """
    cells = pixels.astype(np.int32) >> 3
    cell = (cells[:, 0] << 10) | (cells[:, 1] << 5) | cells[:, 2]
    count = np.bincount(cell, minlength=32**3)
    sums = [np.bincount(cell, weights=channel, minlength=32**3) for channel in pixels.T]
    met = np.flatnonzero(count)
    colours = np.stack([part[met] / count[met] for part in sums], axis=1)
    kept = colours[np.argsort(-count[met], kind="stable")[:COLOURS]]
    apart = (colours**2).sum(axis=1)[:, None] - 2 * colours @ kept.T + (kept**2).sum(axis=1)
    rank = np.zeros(32**3, np.uint8)
    rank[met] = apart.argmin(axis=1)
    return rank[cell], np.rint(kept).astype(np.uint8)


def _once(objects: Objects) -> Objects:
    """Without the streams that say what another says; what named them names that one. Twice: masks, then pictures."""
    for _ in range(2):
        first: dict[bytes, int] = {}
        same: dict[bytes, bytes] = {}
        for number, text in objects.items():
            if b"/Subtype /Image" in text[:400]:
                inside = text.partition(b"obj")[2]
                kept = first.setdefault(inside, number)
                if kept != number:
                    same[b"%d" % number] = b"%d" % kept
        objects = {number: _renamed(text, same) for number, text in objects.items() if b"%d" % number not in same}
    return objects


def _renamed(text: bytes, same: dict[bytes, bytes]) -> bytes:
    head, mark, body = text.partition(b"stream")
    return _REFERENCE.sub(lambda found: same.get(found[1], found[1]) + b" 0 R", head) + mark + body


def _written(content: bytes, objects: Objects) -> bytes:
    """The objects after the heading of ``content``, their table and its trailer."""
    parts = [content[: _FIRST.search(content).start()]]  # type: ignore[union-attr]
    place, places = len(parts[0]), {}
    for number, text in objects.items():
        places[number] = place
        parts.append(text)
        place += len(text)
    trailer = content[content.rindex(b"trailer") : content.rindex(b"startxref")]
    last = int(re.search(rb"/Size (\d+)", trailer)[1])  # type: ignore[index]
    rows = (b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(last))
    table = b"xref\n0 %d\n" % last + b"".join(rows)
    return b"".join([*parts, table, trailer, b"startxref\n%d\n%%%%EOF\n" % place])
