"""The checks of plugins.qgis.org, made here before it makes them."""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
METADATA = (
    "[general]\nname=a\ndescription=b\nversion=1\nqgisMinimumVersion=3.22\nauthor=c\nemail=d@e.fr\nabout=f\n"
    "tracker=https://e.fr\nrepository=https://e.fr\n"
)
CLEAN = {"plug/__init__.py": '"""Nothing."""\n', "plug/LICENSE": "GPL\n", "plug/metadata.txt": METADATA}


@pytest.fixture(scope="module")
def gate():
    for tool in ("bandit", "detect_secrets", "flake8"):
        pytest.importorskip(tool)
    spec = importlib.util.spec_from_file_location("site_checks_script", ROOT / "scripts" / "site_checks.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def zipped(tmp_path):
    def make(**files: str) -> Path:
        path = tmp_path / "plugin.zip"
        with zipfile.ZipFile(path, "w") as opened:
            for name, text in {**CLEAN, **files}.items():
                opened.writestr(name, text)
        return path

    return make


def test_a_clean_plugin_passes(gate, zipped):
    assert gate.findings(zipped()) == []


BAD = {
    "B301": "import pickle\n\n\ndef f(x):\n    return pickle.loads(x)\n",
    "B105": 'password = "passage"\n',
    "B311": "import random\n\nx = random.random()\n",
    "B608": 'def f(b, x):\n    return b.execute(f"SELECT * FROM t WHERE a = {x}")\n',
    "B101": "assert 1\n",
    "B603": "import subprocess\n\nsubprocess.run(['ls'])  # noqa: S603\n",
    "a nosec without its rule and reason": "assert 1  # nosec\n",
    "a nosec without its rule": "assert 1  # nosec B101\n",
    "AWS": 'KEY = "AKIAIOSFODNN7EXAMPLE"\n',
    "F401": "import os\n",
    "E501": "x = '" + "a " * 70 + "'\n",
    "syntax error": "def f(:\n",
}
"""What the site's tools say, and the code of which they say it."""


def test_what_the_sites_tools_find_is_found(gate, zipped):
    found = gate.findings(zipped(**{f"plug/m{number}.py": code for number, code in enumerate(BAD.values())}))
    for number, said in enumerate(BAD):
        assert [line for line in found if f"m{number}.py" in line and said in line], said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("plug/a.so", "binary"),
        ("plug/run.sh", "script"),
        ("plug/__pycache__/a.txt", "refuses"),
        ("plug/.bandit", "hidden"),
        ("plug/../a.py", "leaves its folder"),
        ("q/a.py", "one folder"),
    ],
)
def test_files_that_the_site_refuses_are_found(gate, zipped, name, said):
    assert said in "\n".join(gate.findings(zipped(**{name: ""})))


def test_a_program_under_another_name_and_an_executable_file_are_found(gate, zipped):
    assert "is a program" in "\n".join(gate.findings(zipped(**{"plug/a.dat": "\x7fELF"})))
    path = zipped()
    with zipfile.ZipFile(path, "a") as opened:
        member = zipfile.ZipInfo("plug/b.py")
        member.external_attr = 0o755 << 16
        opened.writestr(member, "")
    assert "may be executed" in "\n".join(gate.findings(path))


def test_our_own_zip_has_nothing_of_any_level(gate, tmp_path):
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import package
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    if not (ROOT / ".git").exists():
        pytest.skip("what goes in is what git tracks: needs the checkout")
    assert gate.findings(package.build(tmp_path)) == []
