"""The editions of a referential on the map: what changed between two, and the services of any date."""

from __future__ import annotations

from dataclasses import replace

import pytest
from carto_services_publics.core.consolidation import consolidate, read_priorities
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.core.services import Service
from carto_services_publics.processing.editions import changes_layer, compare, history_layer
from qgis.core import QgsDateTimeRange, QgsExpression, QgsExpressionContext, QgsExpressionContextUtils
from qgis.PyQt.QtCore import QDateTime, Qt

TOWNS = ("Ajaccio", "Bastia", "Corte", "Calvi")


@pytest.fixture
def referential(tmp_path, qgis_app):
    path = tmp_path / "corse.gpkg"
    halls = [
        Service("", f"Mairie de {town}", "mairie", "dila", f"d{n}", commune=town, code_insee=f"2A{n + 10:03}",
                telephone=f"04 95 00 00 0{n}", lon=8.7 + n / 5, lat=42.0)
        for n, town in enumerate(TOWNS)
    ]  # fmt: skip
    changed = [
        replace(halls[0], telephone="04 95 11 <b>11", nom="Mairie d'Ajaccio"),
        replace(halls[1], lon=8.95),
        *halls[2:3],
    ]
    nowhere = replace(halls[3], id_producteur="d9", nom="Mairie de Sartène", commune="Sartène", code_insee="2A272",
                      telephone="", lon=None, lat=None)  # fmt: skip
    for date, records in (("2026-01-01", halls), ("2026-06-01", [*changed, nowhere])):
        consolidate(path, [("", record) for record in records], date, read_priorities())
    return path


def test_what_changed_is_a_layer_and_a_note_beside_the_referential(referential):
    made = compare(referential, "2026-01-01", "2026-06-01")
    layer = changes_layer(made.layer, "Corse")
    found = {row["nature"]: row for row in layer.getFeatures()}
    assert layer.isValid() and layer.crs().authid() == "EPSG:4326" and layer.featureCount() == 4
    assert sorted(found) == ["ajout", "deplacement", "fermeture", "modification"]
    assert (found["deplacement"]["lon_avant"], found["deplacement"].geometry().asPoint().x()) == pytest.approx(
        (8.9, 8.95)
    )
    assert found["modification"]["champs"].split("\n") == ["nom", "telephone"]
    assert made.without_position == 1 and not found["ajout"].hasGeometry()
    text = made.note.read_text(encoding="utf-8")
    assert "## Déplacés (1)" in text and "<b>" not in text
    assert compare(referential, "2026-06-01", "2026-06-01").changes == []


def test_its_legend_tells_the_five_apart_and_its_tip_says_what_changed(referential):
    layer = changes_layer(compare(referential, "2026-01-01", "2026-06-01").layer, "Corse")
    items = [item for item in layer.renderer().legendSymbolItems() if item.symbol()]
    assert len(items) == len({item.symbol().color().name() for item in items}) == 5
    [row] = [row for row in layer.getFeatures() if row["nature"] == "modification"]
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(row)
    tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    assert "telephone : 04 95 00 00 00 → 04 95 11 &lt;b&gt;11" in tip


def test_the_services_of_any_date_are_seen(referential):
    layer = history_layer(referential, "Corse")
    temporal = layer.temporalProperties()
    assert temporal.isActive()

    def seen(day):
        moment = QDateTime.fromString(f"{day}T12:00:00", Qt.DateFormat.ISODate)
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        start, end = QgsExpression(temporal.startExpression()), QgsExpression(temporal.endExpression())
        names = set()
        for row in layer.getFeatures():
            context.setFeature(row)
            span = QgsDateTimeRange(start.evaluate(context), end.evaluate(context))
            if span.contains(moment):
                names.add(row["nom"])
        return names

    assert seen("2026-03-01") == {f"Mairie de {town}" for town in TOWNS}
    assert seen("2026-06-15") == {"Mairie d'Ajaccio", "Mairie de Bastia", "Mairie de Corte", "Mairie de Sartène"}


def test_dates_that_cannot_be_compared_leave_no_file(referential):
    before = sorted(referential.parent.iterdir())
    with pytest.raises(InvalidInput):
        compare(referential, "2026-06-01", "2026-01-01")
    assert sorted(referential.parent.iterdir()) == before
