"""PDFs made lighter: what they show stays."""

from __future__ import annotations

import re
import zlib

import numpy as np
import pytest
from carto_services_publics.core.report.light_pdf import COLOURS, lighten, lightened
from hypothesis import given
from hypothesis import strategies as st


def picture(pixels: np.ndarray, length_of: int) -> bytes:
    """An object without its number, as Qt writes it: its length in an object of its own."""
    height, width, _ = pixels.shape
    head = f"/Type /XObject\n/Subtype /Image\n/Width {width}\n/Height {height}\n/BitsPerComponent 8\n"
    head += f"/ColorSpace /DeviceRGB\n/Length {length_of} 0 R\n/Filter /FlateDecode\n"
    return b"<<\n" + head.encode() + b">>\nstream\n" + zlib.compress(pixels.tobytes()) + b"\nendstream"


def pdf(*pictures: np.ndarray) -> bytes:
    """A file whose one page names all pictures."""
    names = b" ".join(b"/Im%d %d 0 R" % (rank, 2 * rank + 2) for rank in range(len(pictures)))
    objects = [b"<<\n/Type /Page\n/XObject << " + names + b" >>\n>>"]
    for rank, pixels in enumerate(pictures):
        drawn = picture(pixels, 2 * rank + 3)
        objects += [drawn, b"%d" % len(drawn.partition(b"stream\n")[2][: -len(b"\nendstream")])]
    text, places = b"%PDF-1.4\n", []
    for number, inside in enumerate(objects, 1):
        places.append(len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, inside)
    rows = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n%strailer\n<<\n/Size %d\n/Root 1 0 R\n>>\n" % (len(objects) + 1, rows, len(objects) + 1)
    return text + table + b"startxref\n%d\n%%%%EOF\n" % len(text)


def read(content: bytes) -> list[np.ndarray]:
    """The pictures that the page names, read by the table of objects."""
    table = int(re.search(rb"startxref\n(\d+)", content)[1])
    assert content[table : table + 4] == b"xref"
    rows = re.findall(rb"(\d{10}) \d{5} ([nf])", content[table:])
    places = {number: int(place) for number, (place, kind) in enumerate(rows) if kind == b"n"}
    assert all(content[place:].startswith(b"%d 0 obj" % number) for number, place in places.items())
    page = content[places[1] :].partition(b"endobj")[0]
    found = []
    for number in map(int, re.findall(rb"/Im\d+ (\d+) 0 R", page)):
        head, _, body = content[places[number] :].partition(b"\nstream\n")
        size = [int(re.search(rb"/%s (\d+)" % name, head)[1]) for name in (b"Height", b"Width")]
        body = zlib.decompress(body[: int(re.search(rb"/Length (\d+)\n", head)[1])])
        palette = re.search(rb"/Indexed /DeviceRGB \d+ <([0-9a-f]+)>", head)[1].decode()
        colours = np.frombuffer(bytes.fromhex(palette), np.uint8).reshape(-1, 3)
        found.append(colours[np.frombuffer(body, np.uint8)].reshape(*size, 3))
    return found


def few_colours(seed: int, count: int, side: int = 60) -> np.ndarray:
    """A picture of blocks of colours that nobody takes for one another."""
    random = np.random.default_rng(seed)
    colours = random.choice(32**3, count, replace=False)
    channels = np.stack([colours >> 10, (colours >> 5) & 31, colours & 31], axis=1) * 8 + 3
    ranks = np.repeat(np.repeat(random.integers(0, count, (side // 6, side // 6)), 6, 0), 6, 1)
    return channels[ranks].astype(np.uint8)


@given(st.integers(0, 10_000), st.integers(1, COLOURS), st.integers(1, 4))
def test_pictures_of_few_colours_stay_as_they_are_and_each_is_written_once(seed, count, times):
    drawn = few_colours(seed, count)
    content = pdf(*[drawn] * times)
    made = lightened(content)
    assert [np.array_equal(one, drawn) for one in read(made)] == [True] * times
    assert made.count(b"/Subtype /Image") == 1


def test_many_colours_become_the_nearest_of_those_met_most():
    ramp = np.linspace(0, 255, 400).astype(np.uint8)
    drawn = np.stack([np.tile(ramp, (30, 1)), np.tile(ramp[::-1], (30, 1)), np.full((30, 400), 90, np.uint8)], axis=2)
    (shown,) = read(lightened(pdf(drawn)))
    assert np.abs(shown.astype(int) - drawn).max() <= 8


@pytest.mark.parametrize("cut", [0, 40, -8, -200])
def test_a_file_of_another_form_is_left_as_it_is(tmp_path, cut):
    content = pdf(few_colours(1, 5))[:cut]
    path = tmp_path / "other.pdf"
    path.write_bytes(content)
    lighten(path)
    assert path.read_bytes() == content
