"""The files that the plugin keeps: killed writers, two at a time, a full disk, damage. Nothing is lost or doubled."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
import uuid
from collections import Counter
from pathlib import Path

import pytest
from campaign import SECONDS, Campaign
from carto_services_publics.core.corrections import Outbox
from carto_services_publics.core.corrections.model import Change, Correction
from carto_services_publics.core.errors import CartoError
from carto_services_publics.core.matching.decisions import Decisions

WRITER = Path(__file__).with_name("writer.py")


def writing(path: Path, count: int) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, str(WRITER), str(path), str(count)], stdout=subprocess.PIPE, text=True)


def correction(number: int) -> Correction:
    changes = {"nom": Change("a", f"b{number}")}
    key = str(uuid.uuid4())
    return Correction(key, "modification", f"s{number}", changes=changes, cree_le="2026-01-01T00:00:00Z")


def compare(campaign: Campaign, path: Path, said: list[str]) -> None:
    """Count what was said to be kept and is not there, or is there twice."""
    there = Counter(entry.uuid for entry in Outbox(path).entries())
    campaign.lost += sum(1 for key in said if not there[key])
    campaign.doubled += sum(count - 1 for count in there.values())


def test_two_writers_on_one_outbox_killed_at_any_moment(tmp_path):
    campaign = Campaign("boite-d-envoi-tuee")
    for chance in campaign.cases(least=3):
        path = tmp_path / f"{campaign.tried}.sqlite"
        both = [writing(path, 10_000) for _ in range(2)]
        time.sleep(0.5 + chance.random())
        for writer in both:
            writer.kill()
        said = [key for writer in both for key in writer.communicate()[0].split("\n") if len(key) == 36]
        compare(campaign, path, said)
    campaign.keep()


def test_a_disk_that_fills_at_any_moment_loses_nothing_kept(tmp_path):
    campaign = Campaign("disque-plein")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for chance in campaign.cases(least=5):
        path, said = tmp_path / f"{campaign.tried}.sqlite", []
        outbox = Outbox(path)
        resource.setrlimit(resource.RLIMIT_FSIZE, (chance.randrange(20_000, 200_000), before[1]))
        try:
            for number in range(400):
                one = correction(number)
                outbox.add(one, "r")
                said.append(one.uuid)
        except CartoError:
            campaign.said += 1
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        compare(campaign, path, said)
        assert outbox.add(correction(999), "r"), "it works again when there is room"
    campaign.keep()


def damaged(data: bytes, chance: random.Random) -> bytes:
    kind, cut = chance.randrange(4), chance.randrange(len(data))
    if kind == 0:
        return data[:cut]
    if kind == 1:
        return data[:cut] + bytes([data[cut] ^ 255]) + data[cut + 1 :]
    return chance.randbytes(len(data)) if kind == 2 else data[:cut] + b"\0" * 512 + data[cut + 512 :]


@pytest.mark.parametrize("kept", ["outbox", "decisions"])
def test_a_damaged_file_is_said_in_a_sentence_and_left_for_the_user(tmp_path, kept):
    campaign = Campaign(f"fichier-abime-{kept}")
    good = tmp_path / "good.sqlite"
    if kept == "outbox":
        outbox = Outbox(good)
        outbox.add_all([correction(number) for number in range(50)], "r")
        del outbox
    else:
        Decisions(good).verdicts([], [])
    data = good.read_bytes()
    for chance in campaign.cases(least=20, seconds=SECONDS / 2):
        path = tmp_path / f"{campaign.tried}.sqlite"
        path.write_bytes(damaged(data, chance))
        try:
            if kept == "outbox":
                assert len(Outbox(path).entries()) <= 50
            else:
                Decisions(path).verdicts([], [])
        except CartoError:
            campaign.said += 1
        assert path.exists()
        path.unlink()
    campaign.keep()


def test_a_hundred_thousand_corrections_show_within_a_fifth_of_a_second(qgis_iface, qtbot, tmp_path, monkeypatch):
    """The panel, in time of computation: the counts, the buttons, the rows on the screen; with all chosen too."""
    from carto_services_publics.processing import outbox as kept
    from carto_services_publics.ui.page_corrections import CorrectionsPage

    count = 100_000 if SECONDS > 60 else 20_000
    campaign = Campaign("cent-mille-corrections")
    monkeypatch.setattr(kept, "outbox_path", lambda: tmp_path / "corrections.sqlite")
    outbox = kept.user_outbox()
    outbox.add_all([correction(number) for number in range(count)], "https://r.example/")
    page = CorrectionsPage(qgis_iface)
    page._ask_later.stop()
    qtbot.addWidget(page)
    page.resize(390, 700)
    times = []
    for act in (page.show, page.refresh, page.table.scrollToBottom, page.table.selectAll, page.refresh):
        begun = time.process_time()
        act()
        page.grab()
        times.append(round(time.process_time() - begun, 3))
    print("show, refresh, scroll, choose all, refresh:", times)
    campaign.tried = count
    campaign.lost = count - len(page.table.chosen())
    campaign.keep()
    assert max(times) < 0.2, times
