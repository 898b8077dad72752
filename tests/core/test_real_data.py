"""The extracts that travel with the tests."""

from __future__ import annotations

import re
from fnmatch import fnmatch

from carto_services_publics.tests.real_data import EXTRACTS

README = EXTRACTS / "README.md"


def test_every_extract_says_where_it_is_from_and_all_are_small():
    rows = [line.split("|") for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall("`([^`]+)`", row[1])]
    assert all(row[3].strip() and ("Licence Ouverte" in row[4] or "ODbL" in row[4]) for row in rows)
    files = [path for path in EXTRACTS.rglob("*") if path.is_file() and path != README]
    names = [path.relative_to(EXTRACTS).as_posix() for path in files]
    assert [name for name in names if not any(fnmatch(name, pattern) for pattern in named)] == []
    assert [pattern for pattern in named if not any(fnmatch(name, pattern) for name in names)] == []
    assert sum(path.stat().st_size for path in files) < 3_000_000
