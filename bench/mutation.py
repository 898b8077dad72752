"""Mutation score of a few modules: how many small faults put into them, a sample of all, make their own tests fail.

    nice .venv/bin/python bench/mutation.py [--each 40] [--only snapping] [--seed 1]

cosmic-ray makes the faults, in a worktree of the last commit; what survives is listed as a difference, to be judged:
some change nothing that anybody can see.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOURS = "tests/core/test_hours.py tests/core/test_hours_sources.py"
SUBJECTS = {
    "hours": (("core/hours/parser.py", "core/hours/model.py", "core/hours/french.py"), HOURS),
    "snapping": (("core/routing/snapping.py",), "tests/core/routing/test_snapping.py"),
    "search": (("core/routing/search.py",), "tests/core/routing/test_local_equals_plain.py"),
    "coverage": (("core/access/coverage.py",), "tests/core/access/test_coverage.py"),
    "siting": (
        ("core/siting/models.py", "core/siting/answer.py", "core/siting/cover.py"),
        "tests/core/siting/test_cover.py tests/core/siting/test_models.py",
    ),
    "outbox": (("core/corrections/outbox.py",), "tests/core/corrections/test_outbox.py"),
}
CONFIG = """[cosmic-ray]
module-path = {modules}
timeout = 300.0
excluded-modules = []
test-command = "{python} -m pytest {tests} -p no:pytest_qgis -p no:cacheprovider -q -x"
[cosmic-ray.distributor]
name = "local"
"""
_OF_TYPES = "core/ReplaceBinaryOperator_BitOr_%"
"""`X | None` in annotations, which nothing evaluates: these mutants cannot be seen."""


def score(name: str, each: int, seed: int, tree: Path) -> tuple[int, int]:
    """Mutants killed, and mutants tried."""
    modules, tests = SUBJECTS[name]
    config, session = tree / "mutation.toml", tree / f"{name}.sqlite"
    config.write_text(CONFIG.format(modules=list(modules), tests=tests, python=sys.executable))
    tool = [str(Path(sys.executable).with_name("cosmic-ray"))]
    subprocess.run([*tool, "init", config.name, session.name], cwd=tree, check=True, capture_output=True)
    with sqlite3.connect(session) as database:
        mutants = database.execute(
            "SELECT module_path, start_pos_row, start_pos_col, operator_name, occurrence, job_id FROM mutation_specs "
            "WHERE operator_name NOT LIKE ? ORDER BY 1, 2, 3, 4, 5",
            [_OF_TYPES],
        ).fetchall()
        chosen = [mutant[-1] for mutant in random.Random(seed).sample(mutants, min(each, len(mutants)))]
        marks = ",".join("?" * len(chosen))
        for table in ("mutation_specs", "work_items"):
            database.execute(f"DELETE FROM {table} WHERE job_id NOT IN ({marks})", chosen)
    subprocess.run([*tool, "exec", config.name, session.name], cwd=tree, check=True, capture_output=True)
    with sqlite3.connect(session) as database:
        results = database.execute("SELECT test_outcome, diff FROM work_results").fetchall()
    for outcome, difference in results:
        if not str(outcome).upper().endswith("KILLED"):
            print(f"-- {name}: survived\n{difference}", flush=True)
    return sum(str(outcome).upper().endswith("KILLED") for outcome, _ in results), len(results)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=SUBJECTS, default=list(SUBJECTS))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        tree = Path(folder) / "tree"
        subprocess.run(["git", "worktree", "add", "--detach", "-q", str(tree)], cwd=ROOT, check=True)
        try:
            (tree / ".venv").symlink_to(ROOT / ".venv")
            for name in arguments.only:
                killed, tried = score(name, arguments.each, arguments.seed, tree)
                print(f"{name}: {killed} of {tried} killed ({100 * killed / max(tried, 1):.0f} %)", flush=True)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
