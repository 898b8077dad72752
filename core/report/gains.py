"""What a place proposed brings, in words: each location model counts it in a unit of its own."""

from __future__ import annotations

from typing import NamedTuple

from .french import compte, nombre

_LENGTHS = {"time": "minute", "distance": "mètre"}
_PEOPLE = ("habitant",)


class GainWords(NamedTuple):
    """How the gains of a table of places proposed are said.

    Attributes:
        nouns: what is counted, as factors: ``("minute", "habitant")``.
        verb: what one place does.
        verbs: what several do.
        axis: the title of the axis of a chart of them.
    """

    nouns: tuple[str, ...]
    verb: str
    verbs: str
    axis: str

    @property
    def unit(self) -> str:
        """``habitants``, ``minutes × habitants``."""
        return _several(self.nouns)

    @property
    def title(self) -> str:
        """Of a column of gains."""
        return f"gain ({self.unit})"

    def figure(self, gain: float | None) -> str:
        """A gain without its unit: ``12 300``, ``12,5`` for minutes alone; a dash where it is not known."""
        return nombre(gain, 1 if self.nouns == ("minute",) else 0)

    def sentence(self, places: int, total: float) -> str:
        """« 3 lieux rapprochent 140 habitants. »"""
        unit = " × ".join(self.nouns) if abs(total) < 1.5 else self.unit
        verb = self.verb if places == 1 else self.verbs
        return f"{compte(places, 'lieu', 'lieux')} {verb} {self.figure(total)} {unit}."


def unit_of_gain(model: str, metric: str = "time") -> str:
    """The unit of a place's gain in a location model (`core.siting.models`), its costs measured by ``metric``."""
    return _several(_nouns(model, _LENGTHS[metric]))


def gain_words(model: str = "", unit: str = "") -> GainWords:
    """The words for a table's ``modele`` and ``unite``, both empty where it does not say: then people are counted."""
    model = model.strip().lower()
    length = _LENGTHS["distance" if unit.strip().startswith(_LENGTHS["distance"]) else "time"]
    nouns = _nouns(model, length)
    axis = _several(nouns)
    if model == "pmedian":
        gained = "gagnées" if length == _LENGTHS["time"] else "gagnés"
        return GainWords(nouns, "fait gagner", "font gagner", f"{axis} {gained}")
    if model == "pcenter":
        shorter = "le trajet le plus long de"
        return GainWords(
            nouns, f"raccourcit {shorter}", f"raccourcissent {shorter}", f"{axis} de moins au trajet le plus long"
        )
    return GainWords(nouns, "rapproche", "rapprochent", f"{axis} rapprochés")


def _nouns(model: str, length: str) -> tuple[str, ...]:
    return {"pmedian": (length, *_PEOPLE), "pcenter": (length,)}.get(model, _PEOPLE)


def _several(nouns: tuple[str, ...]) -> str:
    return " × ".join(f"{noun}s" for noun in nouns)
