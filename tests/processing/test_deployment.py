"""What the page for administrators tells them to deploy is what the plugin reads."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READ = """
import json, sys
from qgis.core import QgsApplication, QgsSettings
QgsSettings.setGlobalSettingsPath(sys.argv[1])
application = QgsApplication([], False, sys.argv[2])
application.initQgis()
from carto_services_publics.processing.connections import all_connections
settings = QgsSettings()
found = {connection.name: [connection.kind, connection.url, connection.authcfg] for connection in all_connections()}
enabled = [settings.value(key, False, type=bool) for key in
           ("PythonPlugins/carto_services_publics", "carto_services_publics/welcome_seen")]
print(json.dumps([found, enabled]))
"""


def test_global_settings_bring_connections_and_enable_the_plugin(tmp_path):
    page = (ROOT / "docs" / "administrateurs.md").read_text(encoding="utf-8")
    deployed = tmp_path / "qgis_global_settings.ini"
    deployed.write_text(re.search(r"```ini\n(.*?)```", page, re.DOTALL)[1], encoding="utf-8")
    command = [sys.executable, "-c", READ, str(deployed), str(tmp_path / "profile")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    connections, enabled = json.loads(done.stdout)
    assert connections["Registre"] == ["ogcapi", "https://registre.exemple.fr/ogcapi", "abc1234"]
    assert "Annuaire (DILA)" in connections
    assert enabled == [True, True]
