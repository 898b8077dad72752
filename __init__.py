"""Carto Services Publics: access to public services in France, inside QGIS."""


def classFactory(iface):
    """Called by QGIS when the plugin is loaded."""
    from .plugin import CartoServicesPublics

    return CartoServicesPublics(iface)
