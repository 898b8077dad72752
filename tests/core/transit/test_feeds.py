"""What feeds hold that should not count, and what of them cannot be had."""

from __future__ import annotations

from datetime import date

import numpy as np
from carto_services_publics.core.transit.feed_files import FeedFiles
from carto_services_publics.core.transit.gtfs import read_feed

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
    (tmp_path / "transfers.txt").write_text(head + "x,y,2,300,\nx,y,3,,t1\n,,4,,t1\n", encoding="utf-8")
    found = read(tmp_path, {"t1": ("08:00:00", "08:10:00")})
    assert [(t.kind, t.seconds) for t in found.transfers] == [(2, 300)]
    assert any("2 transfers" in str(message) for message in found.networks[0].anomalies), found.networks
