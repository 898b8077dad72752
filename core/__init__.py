"""The domain, in plain Python: never imports qgis or Qt."""
