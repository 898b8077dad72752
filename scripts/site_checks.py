"""What plugins.qgis.org checks in an uploaded zip.

The site runs bandit, detect-secrets and flake8 on the
unpacked files (qgis/QGIS-Plugins-Website, `security_scanner.py`), and looks at the files themselves (`validator.py`).
It blocks on what it calls critical; here a finding of any level is one too many, and so is a `nosec` that names no
rule or gives no reason. `# noqa` counts for nothing there, and the files that tune the tools are not shipped.
"""

from __future__ import annotations

import configparser
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".venv" / "bin" / "python"
MOST_BYTES = 25_000_000
ASKED_METADATA = (
    "name",
    "description",
    "version",
    "qgisMinimumVersion",
    "author",
    "email",
    "about",
    "tracker",
    "repository",
)
FORBIDDEN_FOLDERS = ("__MACOSX", ".git", "__pycache__")
SUSPICIOUS = (".exe", ".dll", ".so", ".dylib", ".bat", ".sh", ".ps1", ".cmd", ".pyc", ".pyo", ".pyd")
_NOSEC = re.compile(r"#\s*nosec\b(.*)")
_REASONED = re.compile(r"\s+B\d{3}(,\s*B\d{3})*\s+-\s+\S.{8,}")


class NotInstalled(Exception):
    """One of the site's tools is missing here."""


def findings(archive: Path) -> list[str]:
    """All that the site would say of the zip. Raises `NotInstalled`."""
    with zipfile.ZipFile(archive) as opened, tempfile.TemporaryDirectory(prefix="gate-") as folder:
        found = files(archive, opened)
        if found:
            return found
        opened.extractall(folder)  # `files` has refused what would leave the folder
        unpacked = Path(folder)
        return [*bandit(unpacked), *suppressions(unpacked), *secrets(unpacked), *style(unpacked)]


def files(archive: Path, opened: zipfile.ZipFile) -> list[str]:
    """The rules on names, sizes, permissions and metadata."""
    found = [f"{archive.stat().st_size} bytes is over {MOST_BYTES}"] if archive.stat().st_size > MOST_BYTES else []
    for member in opened.infolist():
        found += [f"{member.filename}: {words}" for words in _file_faults(member, opened)]
    names = opened.namelist()
    folders = {name.split("/")[0] for name in names}
    if len(folders) != 1 or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]+", *folders):
        return [*found, f"one folder that is a Python name is expected, not {', '.join(sorted(folders))}"]
    package = folders.pop()
    found += [f"{name} is missing" for name in ("LICENSE", "__init__.py") if f"{package}/{name}" not in names]
    return found + _metadata_faults(opened, f"{package}/metadata.txt")


def _file_faults(member: zipfile.ZipInfo, opened: zipfile.ZipFile) -> list[str]:
    parts = member.filename.split("/")
    faults = []
    if ".." in member.filename or member.filename.startswith("/") or re.search(r"\\|^[A-Za-z]:", member.filename):
        faults.append("leaves its folder")
    if any(part in FORBIDDEN_FOLDERS for part in parts):
        faults.append("is in a folder that the site refuses")
    if any(part.startswith(".") for part in parts):
        faults.append("is hidden")
    if member.filename.lower().endswith(SUSPICIOUS):
        faults.append("is a binary or a script")
    elif opened.read(member)[:4] in (b"\x7fELF", b"MZ\x90\x00", b"\xcf\xfa\xed\xfe"):
        faults.append("is a program")
    if (member.external_attr >> 16) & 0o111 and not member.is_dir():
        faults.append("may be executed")
    return faults


def _metadata_faults(opened: zipfile.ZipFile, name: str) -> list[str]:
    if name not in opened.namelist():
        return [f"{name} is missing"]
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(opened.read(name).decode("utf-8"))
    facts = dict(parser["general"]) if parser.has_section("general") else {}
    outdated = ["metadata.txt: supportsQt6 is no more, qgisMaximumVersion says it"] if "supportsQt6" in facts else []
    return [f"metadata.txt lacks {key}" for key in ASKED_METADATA if not facts.get(key)] + outdated


def bandit(folder: Path) -> list[str]:
    """All of bandit's rules, at every level: more than the site has on."""
    report = json.loads(_output_of("bandit", folder, "-r", ".", "-f", "json", "--quiet"))
    found = [f"bandit could not read {error['filename']}: {error['reason']}" for error in report["errors"]]
    return found + [
        f"{issue['filename']}:{issue['line_number']}: {issue['test_id']} {issue['issue_text']}"
        for issue in report["results"]
    ]


def suppressions(folder: Path) -> list[str]:
    """Every `nosec` names its rules and says why."""
    return [
        f"{path.relative_to(folder)}:{number}: a nosec without its rule and reason"
        for path in sorted(folder.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for said in _NOSEC.findall(line)
        if not _REASONED.match(said)
    ]


def secrets(folder: Path) -> list[str]:
    """What looks like a password or a key, of every kind that detect-secrets knows."""
    asked = ("scan", "--all-files", "--exclude-files", r"metadata\.txt", ".")
    report = json.loads(_output_of("detect_secrets", folder, *asked))
    return [
        f"{name}:{secret['line_number']}: {secret['type']}"
        for name, secrets_of_file in report["results"].items()
        for secret in secrets_of_file
    ]


def style(folder: Path) -> list[str]:
    """flake8 at 120 columns. E203 is a matter of taste that the site has off: blanks before a slice's colon."""
    return _output_of("flake8", folder, "--isolated", "--max-line-length=120", "--extend-ignore=E203", ".").splitlines()


def _output_of(tool: str, folder: Path, *arguments: str) -> str:
    """What a tool says of the files; they all end with 1 when they find something."""
    python = sys.executable if importlib.util.find_spec(tool) or not TOOLS.exists() else str(TOOLS)
    done = subprocess.run([python, "-m", tool, *arguments], cwd=folder, capture_output=True, text=True)
    if f"No module named {tool}" in done.stderr:
        raise NotInstalled(f"{tool} is not installed: pip install -r requirements-dev.txt")
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{tool} failed: {done.stderr.strip()}")
    return done.stdout
