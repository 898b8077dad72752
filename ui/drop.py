"""A producer's file dropped on QGIS becomes a connection, open in the panel."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, count
from pathlib import Path

from qgis.gui import QgsCustomDropHandler

from ..core.errors import CartoError
from ..core.progress import Progress
from ..core.registry import Connection
from ..core.registry.fichier import recognise
from ..processing.connections import all_connections, save_connection

SUFFIXES = (".csv", ".json", ".gz")


class ProducerFileDrop(QgsCustomDropHandler):
    """Takes only files of a shape the plugin knows; QGIS does as usual with the others."""

    def __init__(self, open_connection: Callable[[str], None]) -> None:
        super().__init__()
        self._open = open_connection

    def handleFileDrop(self, file: str) -> bool:
        path = Path(file)
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            return False
        try:
            recognise(path, "", (), Progress())
        except CartoError:
            return False
        name = _free_name(path)
        save_connection(Connection(name, "fichier", str(path)))
        self._open(name)
        return True


def _free_name(path: Path) -> str:
    """What to call the file: its name, numbered where another connection has it."""
    taken = {connection.name: connection.url for connection in all_connections()}
    names = chain([path.stem], (f"{path.stem} ({number})" for number in count(2)))
    return next(name for name in names if taken.get(name, str(path)) == str(path))
