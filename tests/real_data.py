"""Where real data is: whole files that are no part of the product, or the extracts of `tests/data` (see its README)."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXTRACTS = ROOT / "tests" / "data"


def whole() -> Path | None:
    """The folder of the whole files: `CSP_TEST_DATA`, or beside the checkout."""
    folder = Path(os.environ.get("CSP_TEST_DATA", ROOT.parent / "shared" / "data"))
    return folder if folder.is_dir() else None


def folder() -> Path:
    """The whole files where they are, else the extracts: the same names in both."""
    return whole() or EXTRACTS


def present(*names: str) -> list[str]:
    """Those of the files that are here."""
    return [name for name in names if (folder() / name).exists()]
