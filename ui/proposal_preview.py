"""What a review would put in the outbox, before it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from ..core.corrections import Correction
from ..core.corrections.model import POSITION
from ..i18n import number, tr
from .correction_words import about, column_labels, type_labels
from .looks import open_at_size
from .plain import PlainLabel


class ProposalPreview(QDialog):
    """What would go to the outbox: how many of each kind, and each difference in words."""

    def __init__(self, proposed: list[Correction], names: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Corrections to propose"))
        self.summary = PlainLabel(_counted(proposed))
        self.summary.setWordWrap(True)
        self.words = QPlainTextEdit("\n".join(correction_in_words(one, names) for one in proposed))
        self.words.setReadOnly(True)
        self.words.setAccessibleName(tr("Differences"))
        self.buttons = QDialogButtonBox()
        self.buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.keep = self.buttons.addButton(tr("Put them in my outbox"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.keep.setEnabled(bool(proposed))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self.summary, self.words, self.buttons):
            column.addWidget(widget)
        open_at_size(self, 95, 30)


def correction_in_words(correction: Correction, names: Mapping[str, str]) -> str:
    """One line: which service, and each field with what was read and what is proposed."""
    changes = {name: change for name, change in correction.changes.items() if name != POSITION}
    if correction.type == "creation":
        said = [str(changes[name].new) for name in ("nom", "adresse", "commune") if name in changes]
        return f"+ {' · '.join(said)}"
    labels = column_labels()
    said = [about(labels.get(name, name), f"{change.old or '—'} → {change.new}") for name, change in changes.items()]
    if POSITION in correction.changes:
        said.append(tr("moved"))
    return f"{names.get(correction.service_id, correction.service_id)} · {'; '.join(said)}"


def _counted(proposed: list[Correction]) -> str:
    kinds = Counter(correction.type for correction in proposed)
    counted = ", ".join(about(type_labels()[kind], number(count)) for kind, count in kinds.most_common())
    return counted or tr("Nothing differs in the pairs that are sure or accepted.")
