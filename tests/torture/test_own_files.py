"""The outbox: killed writers, two at a time, and so many corrections that the panel could stand still."""

from __future__ import annotations

import time
from pathlib import Path

from campaign import FULL, SECONDS, Campaign, clock, started
from corrections_made import compare, correction

WRITER = Path(__file__).with_name("writer.py")
AT_MOST = 0.2
"""Seconds in which the panel answers."""
QUIET = 5
"""Times that each is tried: on a shared machine the best one is that of a quiet moment."""


def test_two_writers_on_one_outbox_killed_at_any_moment(tmp_path):
    campaign = Campaign("boite-d-envoi-tuee")
    for chance in campaign.cases(count=3, seconds=SECONDS / 2):
        path = tmp_path / f"{campaign.tried}.sqlite"
        both = [started(WRITER, path, 10_000) for _ in range(2)]
        time.sleep(0.5 + chance.random())
        for writer in both:
            writer.kill()
        said = [key for writer in both for key in writer.communicate()[0].split("\n") if len(key) == 36]
        compare(campaign, path, said)
    campaign.keep()


def test_a_hundred_thousand_corrections_show_within_a_fifth_of_a_second(qgis_iface, qtbot, tmp_path, monkeypatch):
    """The panel, by the clock in a quiet moment: counts, buttons, the rows on the screen; with all chosen too."""
    from carto_services_publics.processing import outbox as kept
    from carto_services_publics.ui.page_corrections import CorrectionsPage

    count = 100_000 if FULL else 20_000
    campaign = Campaign("cent-mille-corrections")
    monkeypatch.setattr(kept, "outbox_path", lambda: tmp_path / "corrections.sqlite")
    outbox = kept.user_outbox()
    outbox.add_all([correction(number) for number in range(count)], "https://r.example/")
    page = CorrectionsPage(qgis_iface)
    page._ask_later.stop()
    qtbot.addWidget(page)
    page.resize(390, 700)
    acts = (page.show, page.refresh, page.table.scrollToBottom, page.table.selectAll, page.refresh)
    times = [_best(act, page) for act in acts]
    print("show, refresh, scroll, choose all, refresh:", times)
    campaign.tried = count
    campaign.lost = count - len(page.table.chosen())
    campaign.keep()
    assert max(times) < AT_MOST, times


def _best(act, page) -> float:
    now, times = clock(), []
    for _ in range(QUIET):
        begun = now()
        act()
        page.grab()
        times.append(round(now() - begun, 3))
        if times[-1] < AT_MOST / 2:
            break
    return min(times)
