"""Every algorithm on dirty layers and values: it answers, or says in a sentence what is wrong; no row is lost."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from campaign import SECONDS, Campaign, clock
from dirt import GEOMETRIES, NUMBERS, TEXTS, with_rows
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsVectorLayer,
)

HANGS_AFTER = 60.0


def dirtied(layer: QgsVectorLayer, chance: random.Random) -> QgsVectorLayer:
    """The layer with some geometries and values made dirty; sometimes empty, repeated or without its CRS."""
    rows = [(feature.geometry(), feature.attributes()) for feature in layer.getFeatures()]
    whole = chance.random()
    if whole < 0.1:
        rows = []
    elif whole < 0.2:
        rows = rows + rows
    fields = layer.fields()
    make, column = chance.choice(GEOMETRIES), chance.randrange(len(fields))
    numeric = fields[column].isNumeric()
    values = NUMBERS if numeric else TEXTS
    share, geometry_too = chance.choice([0.3, 1.0]), chance.random() < 0.6
    made = []
    for geometry, attributes in rows:
        if chance.random() < share:
            if geometry_too:
                geometry = make(geometry, chance)
            else:
                value = chance.choice(values)
                attributes[column] = None if numeric and isinstance(value, str) else value
        made.append((geometry, attributes))
    crs = chance.choice([layer.crs().authid()] * 6 + ["EPSG:4326", "EPSG:3857", ""])
    return with_rows(layer, made, crs)


def change_one(given: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The call with one of its values replaced by a dirty one."""
    name = chance.choice(sorted(given))
    value = given[name]
    if isinstance(value, QgsVectorLayer):
        return {**given, name: dirtied(value, chance)}
    if isinstance(value, list) and isinstance(value[0], QgsVectorLayer):
        return {**given, name: [dirtied(layer, chance) for layer in value]}
    if name in ("GEOPACKAGE", "REFERENTIAL", "HTML") or str(value) == "memory:" or name.startswith("OUTPUT"):
        return given
    return {**given, name: chance.choice([*TEXTS, *NUMBERS, 5, 7.5, [5, 10], True])}


@pytest.mark.parametrize("by_transit", [False, True])
def test_the_calls_that_are_made_dirty_are_good_before(baseline, provider, by_transit):
    bad = {}
    for algorithm in provider.algorithms():
        given, heard = baseline(algorithm.name(), by_transit=by_transit), QgsProcessingFeedback(False)
        if by_transit and "TRANSIT" not in given:
            continue
        accepted, why = algorithm.checkParameterValues(given, QgsProcessingContext())
        if accepted:
            _results, accepted = algorithm.create().run(given, QgsProcessingContext(), heard)
        if not accepted:
            bad[algorithm.name()] = why or heard.textLog()[-300:]
    assert not bad


def test_every_algorithm_answers_or_says_why(baseline, provider):
    campaign = Campaign("entrees-sales")
    algorithms = [algorithm.name() for algorithm in provider.algorithms()]
    each_row = {algorithm.name(): answered_row_by_row(baseline, algorithm) for algorithm in provider.algorithms()}
    assert ("DEMAND", "WIDE") in each_row["nearestservice"] and sum(map(bool, each_row.values())) >= 5, each_row
    print("each row has its own:", each_row)
    slowest = 0.0
    for chance in campaign.cases(count=3 * len(algorithms), seconds=4 * SECONDS):
        name = algorithms[(campaign.tried - 1) % len(algorithms)]
        given = change_one(baseline(name, by_transit=chance.random() < 0.25), chance)
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"cartoservices:{name}")
        context = QgsProcessingContext()
        begun = time.monotonic()
        try:
            if not algorithm.checkParameterValues(given, context)[0]:
                campaign.said += 1
                continue
            results, done = algorithm.run(given, context, QgsProcessingFeedback(False), catchExceptions=False)
        except QgsProcessingException as error:
            campaign.said += 1
            unforeseen = "not foreseen" in str(error) or "n'était pas prévu" in str(error)
            assert not unforeseen, f"{name}, case {campaign.tried} of seed {campaign.seed}: {error}"
            continue
        slowest = max(slowest, time.monotonic() - begun)
        assert slowest < HANGS_AFTER, f"{name}, case {campaign.tried} of seed {campaign.seed}"
        if not done:  # refused before it began, in words that QGIS keeps
            campaign.said += 1
            continue
        for source, output in each_row[name]:
            lost = given[source].featureCount() - counted(results, output, context)
            assert lost <= 0, f"{name} loses {lost} of {source}, case {campaign.tried} of seed {campaign.seed}"
    campaign.keep()


@pytest.mark.parametrize("by_transit", [False, True])
def test_a_whole_category_may_be_off_the_roads(baseline, provider, by_transit):
    bad = {}
    for algorithm in provider.algorithms():
        given = baseline(algorithm.name(), by_transit=by_transit)
        far = {name: one_kind_far_away(value) for name, value in given.items() if has_categories(value)}
        if not far or (by_transit and "TRANSIT" not in given):
            continue
        try:
            algorithm.create().run(
                {**given, **far}, QgsProcessingContext(), QgsProcessingFeedback(False), catchExceptions=False
            )
        except QgsProcessingException as error:
            if "not foreseen" in str(error) or "worker process" in str(error):
                bad[algorithm.name()] = str(error)
    assert not bad


def has_categories(value: Any) -> bool:
    return isinstance(value, QgsVectorLayer) and value.fields().lookupField("categorie") >= 0


def one_kind_far_away(layer: QgsVectorLayer) -> QgsVectorLayer:
    """The layer with the services of its first category moved to where no road is."""
    column = layer.fields().lookupField("categorie")
    kind = min(str(feature["categorie"]) for feature in layer.getFeatures())
    rows = [(feature.geometry(), feature.attributes()) for feature in layer.getFeatures()]
    for geometry, attributes in rows:
        if str(attributes[column]) == kind:
            geometry.translate(90_000, 90_000)
    return with_rows(layer, rows, layer.crs().authid())


def counted(results: dict[str, Any], output: str, context: QgsProcessingContext) -> int:
    """Rows of an output, and of the table of those that failed."""
    layers = [context.getMapLayer(results[name]) for name in {output, "FAILED"} if results.get(name)]
    return sum(layer.featureCount() for layer in layers if layer is not None)


def answered_row_by_row(baseline, algorithm) -> list[tuple[str, str]]:
    """The outputs in which each row of people has its own, whatever their number: clean calls tell which."""
    pairs: set[tuple[str, str]] | None = None
    for count in (15, 12):
        given = baseline(algorithm.name(), count)
        context = QgsProcessingContext()
        try:
            results, _ = algorithm.create().run(given, context, QgsProcessingFeedback(False), catchExceptions=False)
        except QgsProcessingException:
            return []  # it needs the result of another
        rows = {name: value.featureCount() for name, value in given.items() if isinstance(value, QgsVectorLayer)}
        layers = {name: context.getMapLayer(value) for name, value in results.items() if isinstance(value, str)}
        same = {
            (source, output)
            for source, number in rows.items()
            for output, layer in layers.items()
            if source == "DEMAND" and layer is not None and layer.featureCount() == number
        }
        pairs = same if pairs is None else pairs & same
    return sorted(pairs or ())


def test_every_algorithm_stops_within_a_second_of_a_cancel(baseline, provider, monkeypatch):
    """At its beginning, then at any moment, on layers that keep each busy; until QGIS itself asks is not counted."""
    from carto_services_publics.processing import base

    campaign, now, stop, late = Campaign("annulations"), clock(), [0.0], {}
    monkeypatch.setattr(base.FeedbackProgress, "cancelled", lambda self: now() > stop[0])
    algorithms = [algorithm.name() for algorithm in provider.algorithms()]
    for chance in campaign.cases(count=2 * len(algorithms)):
        name = algorithms[(campaign.tried - 1) % len(algorithms)]
        given = baseline(name, count=3000, by_transit=chance.random() < 0.3)
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"cartoservices:{name}")
        at_once = campaign.tried <= len(algorithms)
        stop[0] = now() + (0.0 if at_once else chance.choice([0.1, 0.5, 2.0]) * chance.random())
        try:
            algorithm.run(given, QgsProcessingContext(), QgsProcessingFeedback(False), catchExceptions=False)
        except QgsProcessingException:
            campaign.said += 1
        over = now() - stop[0]
        if over > 1.0:
            late[campaign.where()] = name, round(over, 2)
    assert not late
    campaign.keep()
