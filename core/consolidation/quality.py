"""What the producers' lists are worth, in figures: by field, by producer, within and between them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date as day_of

from ..services import Service
from .choice import BY_ORDER, BY_PRIORITY, FIELDS, LATEST, said

_TELLING = tuple(field for field in FIELDS if field not in ("producteur", "id_producteur", "anomalie"))
_OF_THE_RECORD = ("date_maj", "url")
"""What is said of a producer's record and not of the place: two that differ are no conflict."""
_FRESH_DAYS = 365

Row = tuple[str, str, str, float, float, float, str]


class Quality:
    """Counts while places go by; `rows` gives the table: measure, field, producer, number, out of, share, value."""

    def __init__(self, date: str) -> None:
        self._date = day_of.fromisoformat(date[:10])
        self._records: Counter[str] = Counter()
        self._told: Counter[tuple[str, str]] = Counter()
        self._fresh: Counter[str] = Counter()
        self._dates: dict[str, list[str]] = defaultdict(list)
        self._doubtful: Counter[str] = Counter()
        self._copies: Counter[str] = Counter()
        self._known: Counter[str] = Counter()
        self._alone: Counter[str] = Counter()
        self._places = self._shared = 0
        self._several: Counter[str] = Counter()
        self._conflicts: Counter[str] = Counter()

    def add(self, records: Sequence[Service], rules: Sequence[tuple[str, str]]) -> None:
        """A place: its records, and by which rule each field was chosen."""
        for record in records:
            self._add_record(record)
        producers = Counter(record.producteur for record in records)
        self._places += 1
        self._shared += len(producers) > 1
        for producer, count in producers.items():
            self._known[producer] += 1
            self._copies[producer] += count - 1
            self._alone[producer] += len(producers) == 1
        if len(records) > 1:
            for field, rule in rules:
                self._several[field] += 1
                self._conflicts[field] += field not in _OF_THE_RECORD and rule in (BY_PRIORITY, LATEST, BY_ORDER)

    def rows(self) -> Iterator[Row]:
        """The table, in a fixed order."""
        for producer in sorted(self._records):
            total = self._records[producer]
            for field in _TELLING:
                yield _row("completude", field, producer, self._told[producer, field], total)
            dates = sorted(self._dates[producer])
            median = dates[len(dates) // 2] if dates else ""
            yield _row("moins_d_un_an", "date_maj", producer, self._fresh[producer], total, median)
            yield _row("position_douteuse", "position", producer, self._doubtful[producer], total)
            yield _row("doublons_internes", "", producer, self._copies[producer], total)
            yield _row("seul_a_connaitre", "", producer, self._alone[producer], self._known[producer])
        for field in _TELLING:
            if self._several[field]:
                yield _row("conflits", field, "", self._conflicts[field], self._several[field])
        yield _row("plusieurs_producteurs", "", "", self._shared, self._places)

    def _add_record(self, record: Service) -> None:
        producer = record.producteur
        self._records[producer] += 1
        for field in _TELLING:
            if said(record, field):
                self._told[producer, field] += 1
        if record.date_maj:
            self._dates[producer].append(record.date_maj)
            self._fresh[producer] += self._is_fresh(record.date_maj)
        self._doubtful[producer] += position_in_doubt(record)

    def _is_fresh(self, day: str) -> bool:
        try:
            return (self._date - day_of.fromisoformat(day[:10])).days <= _FRESH_DAYS
        except ValueError:
            return False


def position_in_doubt(record: Service) -> bool:
    """Whether a record is placed nowhere, in the commune only, or outside it."""
    vague = record.lon is None or record.precision_position == "commune"
    return vague or "hors_commune" in record.anomalie


def _row(measure: str, field: str, producer: str, count: int, total: int, value: str = "") -> Row:
    return measure, field, producer, float(count), float(total), round(count / total, 6) if total else 0.0, value
