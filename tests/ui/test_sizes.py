"""Windows are sized by their letters: what is counted in pixels is too small on fine screens and for large letters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

MODULES = sorted((Path(__file__).resolve().parents[2] / "ui").glob("*.py"))
IN_PIXELS = re.compile(r"\b(resize|setFixed\w+|setM(?:in|ax)imum(?:Width|Height|Size))\(\d{2,} ?[,)]|font-size: ?\d")


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_no_size_is_written_in_pixels(module):
    assert IN_PIXELS.findall(module.read_text(encoding="utf-8")) == []


def test_the_pattern_finds_what_it_looks_for():
    for line in ("self.resize(840, 720)", "box.setMinimumWidth(360)", "label.setStyleSheet('font-size: 12pt')"):
        assert IN_PIXELS.search(line)
