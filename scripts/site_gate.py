"""Checks a zip as plugins.qgis.org will.

    make gate               (or: .venv/bin/python scripts/site_gate.py [zip])

Without a zip, the one of this checkout is made and checked. The checks are those of `site_checks.py`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import package
import site_checks


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive", nargs="?", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = site_checks.findings(options.archive or package.build(Path(folder)))
    for finding in found:
        print(finding)
    print(f"plugins.qgis.org would say: {len(found)} findings (bandit, detect-secrets, flake8, files)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
