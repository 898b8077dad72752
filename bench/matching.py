"""How well and how fast two lists are matched.

    python bench/matching.py quality [--seeds 5]     precision and recall by kind of disturbance (real data needed)
    python bench/matching.py speed [--rows 100000]   time and memory nation-wide, on generated lists

`--plain` compares texts without rapidfuzz.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINKS = ROOT / "build" / "python"
LINKS.mkdir(parents=True, exist_ok=True)
if not (LINKS / "carto_services_publics").exists():
    (LINKS / "carto_services_publics").symlink_to(ROOT, target_is_directory=True)
sys.path[:0] = [str(LINKS), str(ROOT / "bench")]

import matching_set  # noqa: E402
from carto_services_publics.core.matching import SURE, Matching, match, similarity  # noqa: E402
from carto_services_publics.core.services import Service  # noqa: E402

DATA = Path(os.environ.get("CSP_TEST_DATA", ROOT.parent / "shared" / "data"))


def quality(seeds: int, show: int) -> None:
    for name, make in (("Corse", matching_set.corse), ("France services", matching_set.france)):
        tallies = [tally(found, match(found.local, found.reference)) for found in (make(DATA, s) for s in range(seeds))]
        print(f"\n## {name}, {seeds} seeds\n")
        print("| disturbance | rows | sure, right | to check, right | sure, wrong | to check, wrong | not found |")
        print("|---|--:|--:|--:|--:|--:|--:|")
        whole: Counter[str] = Counter()
        for kind in sorted({kind for one in tallies for kind, _what in one}):
            count = Counter({what: sum(one[kind, what] for one in tallies) for what in WHATS})
            whole.update(count)
            print(f"| {kind} | {sum(count.values())} | " + " | ".join(str(count[what]) for what in WHATS) + " |")
        precision, recall = rates(whole)
        print(f"\nprecision of the sure zone {precision:.4f}, recall of sure + to check {recall:.4f}")
        if show:
            explain(make(DATA, 0), show)


WHATS = ("sure right", "check right", "sure wrong", "check wrong", "not found")


def tally(found: matching_set.LabelledSet, matching: Matching) -> Counter[tuple[str, str]]:
    """What became of each local row. Of two copies of a service, one may be found and the other not."""
    counts: Counter[tuple[str, str]] = Counter()
    partner = {pair.local: pair for pair in matching.pairs}
    reached = {found.truth[pair.local] for pair in matching.pairs if found.truth[pair.local] == pair.reference}
    for row, (truth, kind) in enumerate(zip(found.truth, found.kinds)):
        pair = partner.get(row)
        if pair is None:
            if truth >= 0 and truth not in reached:
                counts[kind, "not found"] += 1
            continue
        zone = "sure" if pair.zone == SURE else "check"
        counts[kind, f"{zone} {'right' if pair.reference == truth else 'wrong'}"] += 1
    return counts


def rates(count: Counter[str]) -> tuple[float, float]:
    """Precision of the sure zone, recall of both zones."""
    sure, right = count["sure right"] + count["sure wrong"], count["sure right"] + count["check right"]
    lost = count["not found"] + count["check wrong"] + count["sure wrong"]
    return count["sure right"] / max(sure, 1), right / max(right + lost, 1)


def explain(found: matching_set.LabelledSet, show: int) -> None:
    """Print what went wrong."""
    matching = match(found.local, found.reference)
    partner = {pair.local: pair for pair in matching.pairs}
    reached = {found.truth[pair.local] for pair in matching.pairs if found.truth[pair.local] == pair.reference}
    for row, (truth, kind) in enumerate(zip(found.truth, found.kinds)):
        pair = partner.get(row)
        wrong = truth >= 0 and truth not in reached if pair is None else pair.reference != truth
        if wrong and show > 0:
            show -= 1
            print(f"- {kind}: {found.local[row]}\n  should be {found.reference[truth] if truth >= 0 else None}")
            if pair:
                print(f"  is {pair.zone} {found.reference[pair.reference]}: {'; '.join(map(str, pair.reasons))}")


def speed(rows: int) -> None:
    reference, local = national(rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start, cpu = time.perf_counter(), time.process_time()
    found = match(local, reference)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    right = sum(reference[pair.reference].id == local[pair.local].url for pair in found.pairs if pair.zone == SURE)
    sure = sum(pair.zone == SURE for pair in found.pairs)
    print(
        f"{rows} × {rows} rows: {seconds:.1f} s ({cpu:.1f} s of processor), "
        f"peak {peak:.0f} MB ({before:.0f} MB before); "
        f"{sure} sure ({right} right), {len(found.pairs) - sure} to check, {len(found.only_local)} only local"
    )


def national(rows: int, seed: int = 1) -> tuple[list[Service], list[Service]]:
    """Services of several kinds over all communes, more where more people live; the local list disturbed."""
    import csv

    rng = random.Random(seed)
    with (DATA / "admin" / "communes-cog2026.csv").open(encoding="utf-8", newline="") as lines:
        communes = [row for row in csv.DictReader(lines) if row["population"]]
    weights = [max(int(row["population"]), 50) ** 0.8 for row in communes]
    places = [(rng.uniform(-4, 8), rng.uniform(42.5, 51)) for _ in communes]
    words = ["Martin", "Bernard", "des Écoles", "de la Gare", "du Centre", "Jules Ferry", "Pasteur", "Victor Hugo"]
    words += ["Jean Moulin", "de la Mairie", "des Tilleuls", "du Marché", "de la République", "Curie", "Jaurès"]
    kinds = ["pharmacie", "ecole_primaire", "la_poste", "creche", "ehpad", "mediatheque", "maison_sante"]
    reference = []
    for number in range(rows):
        hall = number < len(communes)
        place = number if hall else rng.choices(range(len(communes)), weights)[0]
        commune, kind = communes[place], "mairie" if hall else rng.choice(kinds)
        lon, lat = places[place]
        name = (
            f"Mairie de {commune['nom']}"
            if hall
            else f"{kind.replace('_', ' ')} {rng.choice(words)} {rng.choice(words)}"
        )
        reference.append(
            Service(
                id=f"national-{number}",
                nom=name,
                categorie=kind,
                adresse=f"{rng.randint(1, 200)} rue {rng.choice(words)}",
                code_postal=commune["code_insee"][:2].replace("A", "0").replace("B", "0") + "000",
                commune=commune["nom"],
                code_insee=commune["code_insee"],
                telephone=f"0{rng.randint(100000000, 599999999)}",
                lon=lon + rng.gauss(0, 0.01),
                lat=lat + rng.gauss(0, 0.01),
            )
        )
    local = []
    for service in reference:
        _kind, disturb = rng.choice([d for d in matching_set.DISTURBANCES if d[0] != "renamed"])
        own = disturb(matching_set.own_form(service, rng), rng)
        local.append(matching_set.replace(own, id=f"l{len(local)}", url=service.id))
    rng.shuffle(local)
    return reference, local


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("quality", "speed"))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--show", type=int, default=0, help="errors to print")
    parser.add_argument("--plain", action="store_true")
    asked = parser.parse_args()
    if asked.plain:
        similarity.cpdist = None
    if asked.what == "quality":
        quality(asked.seeds, asked.show)
    else:
        speed(asked.rows)


if __name__ == "__main__":
    main()
