"""The zip for plugins.qgis.org holds what users need and nothing else."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "carto_services_publics"

pytestmark = pytest.mark.skipif(
    not shutil.which("git") or not (ROOT / ".git").exists(),
    reason="what goes in is what git tracks: needs the checkout",
)


def package_script():
    """`scripts/package.py`, as a module."""
    spec = importlib.util.spec_from_file_location("package_script", ROOT / "scripts" / "package.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def script():
    return package_script()


@pytest.fixture(scope="module")
def archive(script, tmp_path_factory) -> Path:
    return script.build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def names(archive) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        return opened.namelist()


def test_everything_is_in_one_folder_named_as_the_package(names):
    assert {name.split("/")[0] for name in names} == {PACKAGE}


def test_nothing_would_be_refused(script, archive):
    untranslated = "no compiled translation (make translations)"
    assert [problem for problem in script.problems(archive) if problem != untranslated] == []


def test_what_would_be_refused_is_found(script, tmp_path):
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as opened:
        opened.writestr(f"{PACKAGE}/core/fast.so", b"\x7fELF")
        opened.writestr(f"{PACKAGE}/.secret", b"")
    said = "\n".join(script.problems(bad))
    for words in ("fast.so: is a binary", ".secret: is hidden", "__init__.py is missing", "no compiled translation"):
        assert words in said


def test_an_address_that_is_only_an_example_is_not_published(script, tmp_path, monkeypatch, capsys):
    facts = {**script.metadata(), "tracker": "https://carto.example/issues", "homepage": "https://carto.fr"}
    monkeypatch.setattr(script, "metadata", lambda: facts)
    monkeypatch.setattr(script, "problems", lambda archive: [])
    monkeypatch.setattr(script, "code_problems", lambda archive: [])
    assert "tracker" in script.example_addresses() and "homepage" not in script.example_addresses()
    for options, refused in ((), 0), (("--publish",), 1):
        monkeypatch.setattr("sys.argv", ["package.py", *options, str(tmp_path)])
        assert script.main() == refused
        assert "NOT TO BE PUBLISHED" in capsys.readouterr().err


def test_no_file_of_developers_is_in_it(names):
    inside = [name.split("/", 1)[1] for name in names]
    developers = re.compile(r"^(tests|bench|scripts|docs|build|dist)/|^(Makefile|mkdocs\.yml|pyproject|requirements)")
    assert [name for name in inside if developers.search(name)] == []
    assert [name for name in inside if "__pycache__" in name or name.endswith((".ts", ".pyc"))] == []


def test_every_tracked_file_that_the_plugin_uses_is_in_it(names):
    listed = subprocess.run(
        ["git", "ls-files", "core", "processing", "ui", "resources", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    used = [
        name for name in listed.stdout.splitlines() if not name.startswith(("tests/", "bench/", "scripts/", "docs/"))
    ]
    assert {f"{PACKAGE}/{name}" for name in used} <= set(names)
    for needed in (
        "core/data/outlines.npz",
        "core/data/territories.txt.gz",
        "resources/demo/demo.gpkg",
        "processing/help/coveragegaps.fr.md",
    ):
        assert f"{PACKAGE}/{needed}" in names


def test_metadata_says_all_that_the_site_and_the_users_ask(script, names):
    facts = script.metadata()
    assert [key for key in script.REQUIRED if not facts.get(key)] == []
    assert (facts["qgisMinimumVersion"], facts["qgisMaximumVersion"]) == ("3.22", "4.99")
    assert facts["version"] in facts["changelog"]
    assert facts["version"] in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"{PACKAGE}/{facts['icon']}" in names


def test_the_french_words_are_in_it(script, tmp_path):
    sources = sorted((ROOT / "i18n").glob("*.ts"))
    if not sources:
        pytest.skip("no catalogue in i18n/ yet")
    if not list((ROOT / "i18n").glob("*.qm")):
        pytest.skip("translations are not compiled (make translations)")
    compiled = {f"{PACKAGE}/i18n/{source.stem}.qm" for source in sources}
    with zipfile.ZipFile(script.build(tmp_path)) as opened:
        assert compiled <= set(opened.namelist())
