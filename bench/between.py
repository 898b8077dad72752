"""Whether a change of the house cost speed: the benches of two commits, in turns, in one run.

    python bench/generate_network.py 250000 roads.gpkg
    python bench/between.py OLD NEW roads.gpkg [--data ../shared/data] [--rounds 3]

Each commit runs its own benches, from a work tree of its own: it builds the network (`network.py build`), puts
people and services on it, searches the nearest, draws gaps and scores (`gaps.py`), chooses sites (`siting.py large`)
and, where the folder of `--data` is given, draws isochrones of Corse (`isochrones.py click`). What is counted is the
processor time of each command and all its workers: it hardly depends on what else the machine does. The commands of
both commits follow one another in each round, the first of them in turns. Lines of the rooms are counted as well.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("core", "processing", "ui")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commits", nargs=2, metavar="COMMIT")
    parser.add_argument("roads", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="between_") as folder:
        trees = [work_tree(Path(folder) / str(number), commit) for number, commit in enumerate(asked.commits)]
        try:
            for tree, commit in zip(trees, asked.commits):
                shutil.copy(asked.roads, tree / "roads.gpkg")
                print(f"{commit}: {', '.join(f'{room} {lines(tree, room):,}' for room in ROOMS)} lines", flush=True)
            measure(trees, commands(asked.data), asked.rounds)
        finally:
            for tree in trees:
                git("worktree", "remove", "--force", str(tree))


def work_tree(folder: Path, commit: str) -> Path:
    """A checkout that imports itself."""
    git("worktree", "add", "--detach", "--quiet", str(folder), commit)
    links = folder / "build" / "python"
    links.mkdir(parents=True)
    (links / "carto_services_publics").symlink_to(folder, target_is_directory=True)
    return folder


def git(*words: str) -> str:
    return subprocess.run(["git", "-C", str(ROOT), *words], check=True, capture_output=True, text=True).stdout


def lines(tree: Path, room: str) -> int:
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in (tree / room).rglob("*.py"))


def commands(data: Path | None) -> dict[str, list[str]]:
    found = {
        "network, 250 000 junctions": ["network.py", "build", "roads.gpkg", "roads.network"],
        "nearest, gaps, scores": ["gaps.py", "roads.gpkg", "--demand", "100000"],
        "siting": ["siting.py", "large", "roads.network", "--demand", "50000", "--candidates", "500"],
    }
    if data is not None:
        found["isochrones of Corse"] = ["isochrones.py", "click", str(data.resolve())]
    return found


def measure(trees: list[Path], wanted: dict[str, list[str]], rounds: int) -> None:
    spent: dict[str, list[list[float]]] = {name: [[], []] for name in wanted}
    for number in range(rounds):
        for name, words in wanted.items():
            for side in (0, 1) if number % 2 == 0 else (1, 0):
                spent[name][side].append(processor_seconds(trees[side], words))
            print(f"round {number + 1}, {name}: " + ", ".join(f"{own[-1]:.1f} s" for own in spent[name]), flush=True)
    print("| processor seconds | before | after | after / before |\n|---|---|---|---|")
    for name, (before, after) in spent.items():
        shown = (f"{median(own):.1f} ({min(own):.1f}–{max(own):.1f})" for own in (before, after))
        print(f"| {name} | {' | '.join(shown)} | {median(after) / median(before):.2f} |")


def processor_seconds(tree: Path, words: list[str]) -> float:
    """User and system time of a bench and of all the processes that it waited for."""
    environment = {**os.environ, "PYTHONPATH": str(tree / "build" / "python")}
    bench = [sys.executable, str(tree / "bench" / words[0]), *words[1:]]
    running = subprocess.Popen(bench, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = running.stdout.read()
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise SystemExit(f"{' '.join(words)}: {output.decode(errors='replace')[-2000:]}")
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
