"""Where the project's files are, for the scripts beside this one; makes the checkout importable under its QGIS name."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "carto_services_publics"
BUILD = ROOT / "build"

# The checkout itself must not be on the path: its own `processing/` would hide QGIS's.
LINKS = BUILD / "python"
LINKS.mkdir(parents=True, exist_ok=True)
if not (LINKS / PACKAGE).exists():
    (LINKS / PACKAGE).symlink_to(ROOT, target_is_directory=True)
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT]
sys.path.insert(0, str(LINKS))
