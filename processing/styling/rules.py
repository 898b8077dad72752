"""Rules of a renderer."""

from __future__ import annotations

from qgis.core import QgsRuleBasedRenderer, QgsSymbol

Rule = QgsRuleBasedRenderer.Rule


def new_rule(
    symbol: QgsSymbol | None = None, condition: str = "", label: str = "", scales: tuple[int, int] = (0, 0)
) -> QgsRuleBasedRenderer.Rule:
    """A rule between two scales (0: no bound); ``condition`` ``ELSE`` takes what no other rule has taken.

    A clone, which QGIS makes: the object that Python's constructor makes is written to after QGIS has freed it with its
    renderer (it has no virtual destructor), which spoils whatever stands there by then.
    """
    return Rule(symbol, *scales, condition, label).clone()
