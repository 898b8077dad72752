"""What the page for administrators tells them to deploy is what the plugin reads."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from carto_services_publics.processing import settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "administrateurs.md").read_text(encoding="utf-8")
READ = """
import json, sys
from qgis.core import QgsApplication, QgsSettings
QgsSettings.setGlobalSettingsPath(sys.argv[1])
application = QgsApplication([], False, sys.argv[2])
application.initQgis()
from carto_services_publics.processing import settings
from carto_services_publics.processing.connections import all_connections
for key, value in json.loads(sys.argv[3]).items():
    next(setting for setting in settings.ALL if setting.key == key).set(value)
kept = QgsSettings()
print(json.dumps({
    "connections": {each.name: [each.kind, each.url, each.authcfg] for each in all_connections()},
    "enabled": [kept.value(key, False, type=bool) for key in
                ("PythonPlugins/carto_services_publics", "carto_services_publics/welcome_seen")],
    "settings": {setting.key: setting.value() for setting in settings.ALL},
}))
"""


def deployed(folder: Path, ini: str, chosen: dict | None = None, **environment: str) -> dict:
    """What the plugin reads in a fresh QGIS, with that file of global settings, the user's choices, and variables."""
    (folder / "qgis_global_settings.ini").write_text(ini, encoding="utf-8")
    command = [sys.executable, "-c", READ, str(folder / "qgis_global_settings.ini"), str(folder / "profile")]
    done = subprocess.run(
        [*command, json.dumps(chosen or {})],
        capture_output=True,
        text=True,
        check=True,
        # Where the user's own choices are.
        env={**os.environ, "XDG_CONFIG_HOME": str(folder), "QGIS_CUSTOM_CONFIG_PATH": str(folder), **environment},
    )
    return json.loads(done.stdout.splitlines()[-1])


def example() -> str:
    """The file that the page shows."""
    return re.search(r"```ini\n(.*?)```", PAGE, re.DOTALL)[1]


def test_global_settings_bring_connections_and_enable_the_plugin(tmp_path):
    found = deployed(tmp_path, example())
    assert found["connections"]["Registre"] == ["ogcapi", "https://registre.exemple.fr/ogcapi", "abc1234"]
    assert "Annuaire (DILA)" in found["connections"]
    assert found["enabled"] == [True, True]


def test_global_settings_bring_the_preferences_of_the_page(tmp_path):
    found = deployed(tmp_path, example())["settings"]
    assert found["isochrones/engine"] == "valhalla"
    assert found["valhalla/server"] == "https://valhalla.exemple.fr"
    assert found["corrections/organisation"] == "Département de la Lozère"
    assert found["corrections/send_at_once"] is False
    assert found["log/level"] == "warnings"  # the file says nothing of it


def test_every_setting_may_come_from_the_file_and_from_the_environment(tmp_path):
    def text_of(setting: settings.Setting, rank: int) -> str:
        if isinstance(setting.default, bool):
            return "false"
        return setting.choices[rank] if setting.choices else f"texte-{rank}"

    lines = ["[carto_services_publics]"]
    for setting in settings.ALL:
        backslashed = setting.key.replace("/", "\\")
        lines.append(f"{backslashed}={text_of(setting, 0)}")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    by_file = deployed(tmp_path / "a", "\n".join(lines))["settings"]
    by_environment = deployed(
        tmp_path / "b", "\n".join(lines), **{setting.variable: text_of(setting, 1) for setting in settings.ALL}
    )["settings"]
    for setting in settings.ALL:
        wanted = [False, False] if isinstance(setting.default, bool) else [text_of(setting, rank) for rank in (0, 1)]
        assert [by_file[setting.key], by_environment[setting.key]] == wanted


def test_the_environment_counts_before_the_user_and_the_user_before_the_file(tmp_path):
    chosen = {"valhalla/server": "https://mine.exemple.fr", "corrections/organisation": ""}
    found = deployed(tmp_path, example(), chosen)["settings"]
    assert found["valhalla/server"] == "https://mine.exemple.fr" and found["corrections/organisation"] == ""
    imposed = deployed(tmp_path, example(), CARTO_SP_VALHALLA_SERVER="https://imposed.exemple.fr")["settings"]
    assert imposed["valhalla/server"] == "https://imposed.exemple.fr"
    after = deployed(tmp_path, example())["settings"]
    assert after["valhalla/server"] == "https://mine.exemple.fr"


def test_the_table_of_the_page_is_that_of_the_code():
    rows = re.findall(r"^\| [^|]+ \| `([a-z_/]+)` \| `(CARTO_SP_\w+)` \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
    told = {key: (variable, values.strip(), default.strip()) for key, variable, values, default in rows}
    assert told == {
        setting.key: (setting.variable, values_in_words(setting), default_in_words(setting)) for setting in settings.ALL
    }
    assert len(rows) == len(settings.ALL)


def values_in_words(setting: settings.Setting) -> str:
    """What the table says that a setting may be."""
    if isinstance(setting.default, bool):
        return "`true`, `false`"
    if setting.choices:
        return ", ".join(f"`{choice}`" for choice in setting.choices)
    kinds = {
        "server": "adresse",
        "wfs": "adresse",
        "url": "adresse",
        "authcfg": "identifiant",
        "folder": "dossier",
        "email": "courriel",
    }
    return kinds.get(setting.key.rpartition("/")[2], "texte")


def default_in_words(setting: settings.Setting) -> str:
    """What the table says that a setting is where nobody says anything."""
    if isinstance(setting.default, bool):
        return f"`{str(setting.default).lower()}`"
    return f"`{setting.default}`" if setting.default else "vide"
