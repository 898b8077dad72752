"""How well and how fast the records of several producers become one referential.

    python bench/consolidation.py quality [--seeds 5]     precision and recall of merges (real data needed)
    python bench/consolidation.py rekey                   what a producer that renames all its identifiers changes
    python bench/consolidation.py speed [--rows 100000] [--producers 8]
    python bench/consolidation.py killed [--runs 20]      runs killed at random moments

The lists are those of `matching_set.py`, with seeds that nothing was set by: from 2601 on.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINKS = ROOT / "build" / "python"
LINKS.mkdir(parents=True, exist_ok=True)
if not (LINKS / "carto_services_publics").exists():
    (LINKS / "carto_services_publics").symlink_to(ROOT, target_is_directory=True)
sys.path[:0] = [str(LINKS), str(ROOT / "bench")]

import matching_set  # noqa: E402
from carto_services_publics.core.consolidation import consolidate, read_priorities  # noqa: E402
from carto_services_publics.core.consolidation.places import find_places  # noqa: E402
from carto_services_publics.core.consolidation.records import gather  # noqa: E402
from carto_services_publics.core.progress import Progress  # noqa: E402
from carto_services_publics.core.services import Service  # noqa: E402

DATA = Path(os.environ.get("CSP_TEST_DATA", ROOT.parent / "shared" / "data"))
FIRST_SEED = 2601
GIVEN = list[tuple[str, Service]]


def as_records(found: matching_set.LabelledSet) -> tuple[GIVEN, dict[tuple[str, str], str]]:
    """The two lists as those of two producers, and the place of each record."""
    given: GIVEN = []
    truth = {}
    for number, service in enumerate(found.reference):
        given.append(("dila", replace(service, producteur="dila", id_producteur=service.id)))
        truth["dila", service.id] = f"r{number}"
    for number, (service, row) in enumerate(zip(found.local, found.truth)):
        # The identifier of a row of one's own list means nothing to others.
        given.append(("departement", replace(service, producteur="departement", id_producteur=service.id)))
        truth["departement", service.id] = f"r{row}" if row >= 0 else f"l{number}"
    return given, truth


def pairs(groups: Iterable[list[int]]) -> set[tuple[int, int]]:
    return {(a, b) for group in groups for a in group for b in group if a < b}


def grouped(labels: Iterable[object]) -> list[list[int]]:
    groups: dict[object, list[int]] = {}
    for row, label in enumerate(labels):
        groups.setdefault(label, []).append(row)
    return list(groups.values())


def quality(first: int, seeds: int, show: int) -> None:
    print("| set | true pairs | merged | wrong | precision | recall, merged | to review, right | recall with them |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    total: Counter[str] = Counter()
    for name, make in (("Corse", matching_set.corse), ("France services", matching_set.france)):
        count: Counter[str] = Counter()
        for seed in range(first, first + seeds):
            count += tally(make(DATA, seed), show)
        print(line(name, count))
        total += count
    print(line("all", total))


def tally(found: matching_set.LabelledSet, show: int) -> Counter[str]:
    given, truth = as_records(found)
    records = gather(given).services
    places = find_places(records, {})
    wanted = pairs(grouped(truth[one.producteur, one.id_producteur] for one in records))
    made = pairs(grouped(places.place.tolist()))
    # A doubt stands for all the pairs that it would bring together.
    members: dict[int, list[int]] = {}
    for row, place in enumerate(places.place.tolist()):
        members.setdefault(place, []).append(row)
    asked = {
        (min(a, b), max(a, b))
        for doubt in places.doubts
        for a in members[int(places.place[doubt.first])]
        for b in members[int(places.place[doubt.second])]
    }
    for a, b in sorted(made - wanted)[:show]:
        print(f"wrong:\n  {records[a]}\n  {records[b]}")
    return Counter(
        wanted=len(wanted),
        made=len(made),
        wrong=len(made - wanted),
        asked=len(asked & wanted),
        doubts=len(places.doubts),
        lost=len(wanted - made - asked),
    )


def line(name: str, count: Counter[str]) -> str:
    right = count["made"] - count["wrong"]
    return (
        f"| {name} | {count['wanted']} | {count['made']} | {count['wrong']} | {right / max(count['made'], 1):.5f} "
        f"| {right / count['wanted']:.4f} | {count['asked']} of {count['doubts']} "
        f"| {(right + count['asked']) / count['wanted']:.4f} |"
    )


def tables(path: Path) -> dict[str, str]:
    """A digest of the content of each table."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
        names = [row[0] for row in base.execute("SELECT table_name FROM gpkg_contents ORDER BY 1")]
        return {
            name: hashlib.sha256(
                repr(base.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()).encode()
            ).hexdigest()
            for name in names
        }


def rekey() -> None:
    given, _truth = as_records(matching_set.france(DATA, FIRST_SEED))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "r.gpkg")
        first = consolidate(path, given, "2026-01-01", read_priorities())
        before = tables_ids(path)
        renamed = [
            (p, replace(s, id="", id_producteur="N" + hashlib.md5(s.id_producteur.encode()).hexdigest()))
            if p == "dila" else (p, s) for p, s in given]  # fmt: skip
        second = consolidate(path, renamed, "2026-02-01", read_priorities())
        after = tables_ids(path)
        print(first, second, f"ids gone {len(before - after)}, new {len(after - before)} of {len(before)}", sep="\n")


def tables_ids(path: Path) -> set[str]:
    with sqlite3.connect(path) as base:
        return {row[0] for row in base.execute("SELECT id FROM services")}


class Watch(Progress):
    """How long a person who cancels waits at most, in seconds of processor."""

    def __init__(self) -> None:
        self.heard, self.longest, self._last = 0, 0.0, time.process_time()

    def cancelled(self) -> bool:
        now = time.process_time()
        self.heard, self.longest, self._last = self.heard + 1, max(self.longest, now - self._last), now
        return False


def speed(rows: int, producers: int) -> None:
    import matching

    reference, _local = matching.national(rows)
    given: GIVEN = []
    for number in range(producers):
        rng = random.Random(number)
        kinds = [d for d in matching_set.DISTURBANCES if d[0] in ("another form only", "abbreviations", "typos")]
        for rank, service in enumerate(reference):
            _kind, disturb = rng.choice(kinds)
            own = disturb(matching_set.own_form(service, rng), rng)
            given.append((f"p{number}", replace(own, producteur=f"p{number}", id_producteur=f"{number}-{rank}")))
    del reference, _local
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "r.gpkg")
        start, cpu = time.perf_counter(), time.process_time()
        # As from layers: what was read is not held twice.
        stream = (given.pop() for _record in range(len(given)))
        watch = Watch()
        report = consolidate(path, stream, "2026-01-01", read_priorities(), progress=watch)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        size = path.stat().st_size / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{producers} × {rows} records: {seconds:.1f} s ({cpu:.1f} s of processor), peak {peak:.0f} MB")
    print(f"({before:.0f} MB before), file of {size:.0f} MB; {report}")
    print(f"a cancel is heard {watch.heard} times, after {watch.longest:.2f} s of processor at most")


def killed(runs: int) -> None:
    given, _truth = as_records(matching_set.france(DATA, FIRST_SEED))
    rng = random.Random(7)
    whole = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "r.gpkg")
        start = time.perf_counter()
        consolidate(path, given, "2026-01-01", read_priorities())
        seconds = time.perf_counter() - start
        before = path.read_bytes()
        for _run in range(runs):
            child = subprocess.Popen([sys.executable, __file__, "one", "--path", str(path)])
            time.sleep(rng.uniform(0.5, 1.5 * seconds + 1.0))
            child.send_signal(signal.SIGKILL)
            child.wait()
            now = path.read_bytes()
            ended = sqlite3.connect(path).execute("SELECT max(date) FROM editions").fetchone()[0] == "2026-02-01"
            whole += now == before or ended
            path.write_bytes(before)
    print(f"{whole} of {runs} killed runs left the previous edition, byte for byte, or the next one whole")


def one(path: Path) -> None:
    given, _truth = as_records(matching_set.france(DATA, FIRST_SEED))
    consolidate(path, given[: len(given) // 2], "2026-02-01", read_priorities())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("quality", "rekey", "speed", "killed", "one"))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="the first seed")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--producers", type=int, default=8)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--show", type=int, default=0, help="errors to print")
    parser.add_argument("--path", type=Path)
    asked = parser.parse_args()
    work = {
        "quality": lambda: quality(asked.first, asked.seeds, asked.show),
        "rekey": rekey,
        "speed": lambda: speed(asked.rows, asked.producers),
        "killed": lambda: killed(asked.runs),
        "one": lambda: one(asked.path),
    }
    work[asked.what]()


if __name__ == "__main__":
    main()
