"""The report's page in a browser: its weight, how soon its first map is drawn, what it asks of others, what axe finds.

    .venv/bin/python bench/report_page.py rapport.html [--width 1280]

Headless Chromium, real time (no virtual clock), nothing in its cache: milliseconds from the opening of the file until
its map that one explores is laid out, as the page's own clock says; the median of three. Requests: what its list of
resources holds that is not inside the file. axe, where `axe-core-python` is installed.
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

MOST_BYTES, MOST_MS = 5_000_000, 1000
MEASURED = """<script>
  const paths = document.querySelectorAll('#plan path');
  const laid = paths.length && paths[0].getBoundingClientRect().width;
  const seen = {map: performance.now(), paths: paths.length, laid: laid > 0};
  addEventListener('load', () => {
    seen.load = performance.now();
    const names = performance.getEntriesByType('resource').map(each => each.name);
    seen.asked = names.filter(name => !/^(data|blob):/.test(name));
    const mark = document.createElement('pre');
    mark.id = 'measured';
    mark.textContent = btoa(JSON.stringify(seen));
    document.body.append(mark);
  });
</script></body>"""
FAULTS = """<script>axe.run().then(found => { document.body.innerHTML = '<pre id=measured>' + btoa(JSON.stringify(
  found.violations.map(each => [each.impact, each.id, each.nodes.length]))) + '</pre>'; });</script></body>"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--width", type=int, default=1280, help="of the window, in dots")
    arguments = parser.parse_args()
    text, size = arguments.page.read_text(encoding="utf-8"), arguments.page.stat().st_size
    opened = [measured(text.replace("</body>", MEASURED), arguments.width) for _ in range(3)]
    first = sorted(opened, key=lambda each: each["map"])[1]
    print(f"{size / 1e6:.1f} MB (bar: {MOST_BYTES / 1e6:.0f}); asked of others: {first['asked'] or 'nothing'}")
    print(
        f"{first['paths']} zones drawn after {first['map']:.0f} ms (bar: {MOST_MS}), all after {first['load']:.0f} ms"
    )
    found = importlib.util.find_spec("axe_core_python")
    if found is not None and found.origin:
        library = (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")
        page = text.replace("</body>", f"<script>{library}</script>{FAULTS}")
        print("axe:", measured(page, arguments.width, "--virtual-time-budget=120000") or "nothing")
    assert size < MOST_BYTES and first["laid"] and first["map"] < MOST_MS and not first["asked"]


def measured(page: str, width: int, *options: str) -> Any:
    """What the page says of itself in a browser that never saw it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(page, encoding="utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        command += [f"--user-data-dir={folder}/profile", f"--window-size={width},2400", "--dump-dom", *options]
        done = subprocess.run([*command, file.as_uri()], check=True, capture_output=True, text=True, timeout=300)
    return json.loads(base64.b64decode(re.search(r'<pre id="?measured"?>(.*?)</pre>', done.stdout)[1]))


if __name__ == "__main__":
    main()
