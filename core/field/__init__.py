"""Work outdoors: a GeoPackage to take along, its copies as agents bring them back, what becomes of their rows."""
