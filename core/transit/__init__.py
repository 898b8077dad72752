"""Public transport: timetables read from GTFS feeds, exact journeys on them, and the round trip to an open counter."""
