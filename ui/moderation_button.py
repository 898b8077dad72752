"""« Modérer », for those who keep a registry: nobody else sees it."""

from __future__ import annotations

from qgis.core import QgsProcessingFeedback
from qgis.PyQt.QtWidgets import QPushButton

from ..core.registry import Connection
from ..i18n import tr
from ..processing.moderation import open_moderator, registries
from .background import in_background
from .moderation_dock import open_moderation


class ModerationButton(QPushButton):
    """Shown once a registry has said that its corrections may be decided on with this account."""

    def __init__(self, iface) -> None:
        super().__init__(tr("Moderate…"))
        self._iface = iface
        self._known: dict[Connection, bool] = {}
        self._asking = False
        self.setToolTip(tr("Decide on the corrections that came in at the registries that you keep."))
        self.hide()
        self.clicked.connect(lambda _checked: self.open())

    def kept(self) -> list[Connection]:
        """The registries where one may decide."""
        return [connection for connection in registries() if self._known.get(connection)]

    def open(self) -> None:
        """Show what came in."""
        open_moderation(self._iface, self.kept())

    def find_rights(self) -> None:
        """Ask the registries, in the background, of which it is not known yet; where nothing waits, again next time."""
        unknown = [connection for connection in registries() if connection not in self._known]
        self._show()
        if not unknown or self._asking:
            return
        self._asking = True

        def ask(feedback: QgsProcessingFeedback) -> dict[Connection, bool | None]:
            found = {}
            for connection in unknown:
                if not feedback.isCanceled():
                    found[connection] = open_moderator(connection, feedback).may_decide()
            return found

        in_background(tr("Looking for registries to moderate"), ask, self._was_told, self._failed, self)

    def _was_told(self, found: dict[Connection, bool | None]) -> None:
        self._asking = False
        self._known.update((connection, may) for connection, may in found.items() if may is not None)
        self._show()

    def _failed(self, _sentence: str) -> None:
        """Nobody asked: to be offline is no news."""
        self._asking = False

    def _show(self) -> None:
        self.setVisible(bool(self.kept()))
