"""Makes the zip that plugins.qgis.org takes, and checks it.

    make package            (or: python3 scripts/package.py [--publish] [folder])

`--publish` refuses what would do on one's own machine but not on the site: addresses that are only examples.

What goes in is what git tracks (so nothing unfinished slips in), less what only developers need, plus the compiled
translations.
"""

from __future__ import annotations

import argparse
import configparser
import re
import subprocess
import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import site_checks

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "carto_services_publics"
DEVELOPERS_ONLY = (
    "tests/",
    "bench/",
    "scripts/",
    "docs/",
    ".ci/",
    "Makefile",
    "mkdocs.yml",
    "pyproject.toml",
    "requirements-",
)
REQUIRED = (*site_checks.ASKED_METADATA, "icon", "changelog", "hasProcessingProvider")
SOURCES_OF_OTHERS = (".ts",)
"""Files that go in under another form."""


def packaged_files() -> list[Path]:
    """Files of the zip, relative to the root."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    kept = [
        Path(name)
        for name in tracked
        if name
        and not name.startswith(DEVELOPERS_ONLY)
        and not name.endswith(SOURCES_OF_OTHERS)
        and not Path(name).name.startswith(".")
    ]
    return sorted(kept + [path.relative_to(ROOT) for path in (ROOT / "i18n").glob("*.qm")])


def metadata() -> dict[str, str]:
    """The `general` section of metadata.txt."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return dict(parser["general"])


def problems(archive: Path) -> list[str]:
    """What plugins.qgis.org would find in the files, and what our users would miss in them."""
    facts = metadata()
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        found = site_checks.files(archive, opened)
    found += [f"metadata.txt lacks {key}" for key in REQUIRED if not facts.get(key)]
    if facts.get("icon") not in [name.split("/", 1)[1] for name in names]:
        found.append("the icon is missing")
    if not any(name.endswith(".qm") for name in names):
        found.append("no compiled translation (make translations)")
    return found


def code_problems(archive: Path) -> list[str]:
    """What the site's tools would find in the code. Without them that is a problem too."""
    try:
        return site_checks.findings(archive)
    except site_checks.NotInstalled as error:
        return [f"the code was not checked: {error}"]


def example_addresses() -> list[str]:
    """Keys of metadata.txt whose address leads nowhere: `.example` is reserved for examples (RFC 2606)."""
    return [key for key, value in metadata().items() if re.search(r"\.example\b", value)]


def build(folder: Path) -> Path:
    """Write the zip into ``folder`` and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{PACKAGE}-{metadata()['version']}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for path in packaged_files():
            opened.write(ROOT / path, f"{PACKAGE}/{path.as_posix()}")
    return archive


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist")
    parser.add_argument("--publish", action="store_true", help="refuse addresses that are only examples")
    options = parser.parse_args()
    archive = build(options.folder)
    found = problems(archive) or code_problems(archive)
    print(f"{archive} ({archive.stat().st_size / 1e6:.1f} MB)")
    if example_addresses():
        print(f"  NOT TO BE PUBLISHED AS IT IS: set {', '.join(example_addresses())} in metadata.txt", file=sys.stderr)
        found += [f"{key} is only an example" for key in example_addresses() if options.publish]
    for problem in found:
        print(f"  {problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
