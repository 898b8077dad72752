"""What feeds hold that should not count, and what of them cannot be had."""

from __future__ import annotations

import zipfile
from datetime import date

import numpy as np
import pytest
from carto_services_publics.core.transit.errors import FeedUnreadable
from carto_services_publics.core.transit.feed_files import FeedFiles
from carto_services_publics.core.transit.gtfs import read_feed
from carto_services_publics.core.transit.service_days import silent_days, usual_day

TABLES = {
    "agency.txt": "agency_id,agency_name\na,Cars",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nx,X,45,1\ny,Y,45.1,1",
    "routes.txt": "route_id,agency_id\nr,a\nq,a",
    "trips.txt": "route_id,service_id,trip_id\nr,s,t1\nr,s,t2\nq,s,t3\nr,s,t4",
    "calendar_dates.txt": "service_id,date,exception_type\ns,20250304,1",
}
TIMES = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"


def read(folder, trips):
    """``trips``: name → the times at the two stops."""
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    rows = [
        f"{trip},{at},{at},{stop},{n}" for trip, times in trips.items() for n, (stop, at) in enumerate(zip("xy", times))
    ]
    (folder / "stop_times.txt").write_text(TIMES + "\n".join(rows), encoding="utf-8")
    with FeedFiles(folder) as feed:
        return read_feed(feed, date(2025, 3, 4))


def test_a_trip_given_twice_runs_once_and_is_said(tmp_path):
    once, later = ("08:00:00", "08:10:00"), ("09:00:00", "09:10:00")
    found = read(tmp_path, {"t1": once, "t2": once, "t3": once, "t4": later})
    # The same times on another line are another vehicle.
    assert found.trips.count == 3 and found.networks[0].trips == 3
    assert sorted(found.trips.departure[found.trips.first[:-1]].tolist()) == [28800, 28800, 32400]
    assert np.array_equal(np.diff(found.trips.first), [2, 2, 2])
    said = [str(message) for message in found.networks[0].anomalies]
    assert any("given twice" in text for text in said), said


def test_a_feed_without_doubles_says_nothing(tmp_path):
    found = read(tmp_path, {"t1": ("08:00:00", "08:10:00"), "t4": ("08:00:00", "08:11:00")})
    assert found.trips.count == 2 and not found.networks[0].anomalies


def test_transfers_that_cannot_be_honoured_are_named(tmp_path):
    head = "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id\n"
    rows = "x,y,2,300,\nx,y,3,,t1\n,,4,,t1\nx,y,9,,\nx,,3,,\nx,y,3,,t4"  # t4 does not run
    (tmp_path / "transfers.txt").write_text(head + rows, encoding="utf-8")
    found = read(tmp_path, {"t1": ("08:00:00", "08:10:00")})
    assert [(t.kind, t.seconds, t.origin.trip) for t in found.transfers] == [(2, 300, -1), (3, 0, 0)]
    assert any("3 transfers" in str(message) for message in found.networks[0].anomalies), found.networks


def test_trips_alike_but_for_their_block_are_two_vehicles(tmp_path):
    once = ("08:00:00", "08:10:00")
    read(tmp_path, {"t1": once, "t2": once, "t4": ("08:20:00", "08:30:00")})
    trips = "trip_id,route_id,service_id,block_id\nt1,r,s,a\nt2,r,s,b\nt4,r,s,b"
    (tmp_path / "trips.txt").write_text(trips, encoding="utf-8")
    with FeedFiles(tmp_path) as feed:
        found = read_feed(feed, date(2025, 3, 4))
    assert found.networks[0].trips == 3 and not found.networks[0].anomalies
    assert len(found.goes_on) == 0, "t4 begins where t2 began, not where it ended"


ONCE = ("08:00:00", "08:10:00")


def said(found):
    return " ".join(str(message) for message in found.networks[0].anomalies)


def test_a_row_given_twice_is_one_halt(tmp_path):
    read(tmp_path, {"t1": ONCE})
    path = tmp_path / "stop_times.txt"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    rows[0] = "t1,08:00:00,08:02:00,x,0"  # twice a minute's halt would go back in time
    path.write_text("\n".join([header, *rows, *rows]), encoding="utf-8")
    with FeedFiles(tmp_path) as feed:
        found = read_feed(feed, date(2025, 3, 4))
    assert found.trips.stop.tolist() == [0, 1] and not found.networks[0].anomalies


def test_what_is_not_read_is_named(tmp_path):
    read(tmp_path, {"t1": ONCE, "t4": ONCE})
    for name, text in {
        "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "x,X,45,1,0,g\ny,Y,45.1,1,,\ng,Gare,45,1,1,\ne,Entrée,45.01,1,2,g\nf,Entrée,45.02,1,2,",
        "trips.txt": "route_id,service_id,trip_id,block_id\nr,s,t1,b1\nq,s,t4,b1",
        "transfers.txt": "from_stop_id,to_stop_id,transfer_type,from_trip_id,to_trip_id\n,,4,t1,t4\nx,y,9,,",
        "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type\n"
        "t1,8:00:00,8:00:00,x,0,2\nt1,8:10:00,8:10:00,y,1,\nt4,8:00:00,8:00:00,x,0,\nt4,8:10:00,8:10:00,y,1,",
        "levels.txt": "level_id,level_index",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with FeedFiles(tmp_path) as feed:
        found = read_feed(feed, date(2025, 3, 4))
    assert found.trips.count == 2 and found.trips.board[found.trips.first[:-1]].all()
    for words in ("levels.txt", "1 entrance names", "1 transfer is", "1 trip must be booked"):
        assert words in said(found), words


def feed_in(folder, out, where, service):
    for name, text in TABLES.items():
        out.writestr(f"{where}{name}", text.replace("r,s,", f"r,{service},"))
    out.writestr(f"{where}stop_times.txt", TIMES + "t1,8:00:00,8:00:00,x,0\nt1,8:10:00,8:10:00,y,1")


def test_one_feed_of_a_zip_is_read_whole_and_others_are_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as out:
        out.writestr("agency.txt", "agency_id,agency_name\na,Not of these")
        feed_in(tmp_path, out, "deep/north/", "s")
        feed_in(tmp_path, out, "deep/south/", "none")
        feed_in(tmp_path, out, "__MACOSX/deep/", "none")
    with FeedFiles(tmp_path / "two.zip") as feed:
        found = read_feed(feed, date(2025, 3, 4))
    assert found.networks[0].name == "Cars" and found.networks[0].trips == 1
    assert "deep/south" in said(found) and "MACOSX" not in said(found)


def test_a_folder_without_a_feed_says_what_it_lacks(tmp_path):
    (tmp_path / "Stops.txt").write_text("stop_id\nx", encoding="utf-8")
    with pytest.raises(FeedUnreadable, match="lacks trips.txt, stop_times.txt"):
        FeedFiles(tmp_path)


@pytest.mark.parametrize("exact", ["0", "1"])
def test_a_frequency_runs_from_its_start_and_not_at_its_end(tmp_path, exact):
    read(tmp_path, {"t1": ONCE})
    head = "trip_id,start_time,end_time,headway_secs,exact_times\n"
    rows = [f"t1,06:00:00,07:00:00,1200,{exact}", f"t1,25:00:00,25:30:01,1800,{exact}"]
    (tmp_path / "frequencies.txt").write_text(head + "\n".join(rows), encoding="utf-8")
    with FeedFiles(tmp_path) as feed:
        same, after = (read_feed(feed, date(2025, 3, day)) for day in (4, 5))
    leaves = same.trips.departure[same.trips.first[:-1]]
    assert sorted((leaves / 60).tolist()) == [360, 380, 400, 1500, 1530] and same.networks[0].trips == 5
    # The night after, those past midnight can still be ridden.
    assert sorted(after.trips.departure[after.trips.first[:-1]].tolist()) == [3600, 5400]
    assert after.networks[0].trips == 0


def speaking(folder, first, last):
    """A feed of one service that runs on each day from ``first`` to ``last``."""
    read(folder, {"t1": ONCE})
    (folder / "calendar_dates.txt").unlink()
    week = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
    (folder / "calendar.txt").write_text(f"service_id,{week},start_date,end_date\ns,1,1,1,1,1,1,1,{first},{last}\n")
    return FeedFiles(folder)


def test_days_outside_those_of_a_feed_are_silent_and_a_week_it_speaks_of_goes_first(tmp_path):
    week = [date(2025, 5, 12 + offset) for offset in range(7)]
    with speaking(tmp_path, "20250513", "20250615") as feed:  # a Tuesday to a Sunday
        assert silent_days(feed, week) == week[:1] and silent_days(feed, []) == []
        assert usual_day([feed], date(2025, 5, 1)) == date(2025, 5, 20), "nobody knows of Monday 12 May"
        assert usual_day([feed], date(2025, 6, 3)) == date(2025, 6, 3)
    with speaking(tmp_path, "20250513", "20250517") as feed:
        assert silent_days(feed, week) == [week[0], week[6]]
        assert usual_day([feed], date(2025, 5, 1)) == date(2025, 5, 13), "a part of a week rather than none"
