"""A real QGIS desktop on a virtual screen, driven through its widgets. Screenshots stay in build/screenshots."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from desktop import SHOTS, Look, run_desktop
from qgis.PyQt.QtGui import QImage

HERE = Path(__file__).parent
LOOKS = {
    "premiere-carte": Look(),
    "premiere-carte-sombre": Look("-sombre", "Night Mapping"),
    "premiere-carte-200": Look("-200", scale=2),
    "premiere-carte-sombre-200": Look("-sombre-200", "Night Mapping", 2),
}
"""By the name of its picture of the first map."""

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not shutil.which("xvfb-run") or not shutil.which("qgis"), reason="needs qgis and xvfb"),
]


@pytest.mark.parametrize(("picture", "look"), LOOKS.items(), ids=LOOKS)
def test_from_the_zip_to_a_map_of_gaps_in_two_clicks_and_on_to_a_correction(picture, look, archive, tmp_path):
    print(run_desktop(HERE / "drive_path.py", tmp_path, None, look, CSP_ARCHIVE=str(archive)))
    drawn = QImage(str(SHOTS / f"{picture}.png"))
    assert drawn.width() == 1480 * look.scale
    corner = drawn.pixelColor(drawn.width() - 2, 2)
    assert (corner.lightness() < 100) == (look.theme == "Night Mapping"), "the theme asked for is not what shows"


def test_the_complete_diagnosis_ends_with_a_report(tmp_path):
    said = run_desktop(HERE / "drive_diagnostic.py", tmp_path)
    print(said)
    assert (SHOTS / "diagnostic-carte.png").stat().st_size > 10_000
