"""Travel costs: one interface, several engines."""
