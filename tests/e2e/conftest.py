"""What the tests of the packaged plugin share."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from desktop import ROOT


@pytest.fixture(scope="session")
def archive(tmp_path_factory) -> Path:
    """The zip that `make package` makes."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("needs the checkout and git")
    script = f"import sys; sys.path.insert(0, {str(ROOT / 'scripts')!r}); import package; from pathlib import Path; "
    script += f"print(package.build(Path({str(tmp_path_factory.mktemp('zip'))!r})))"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    return Path(said.strip())
