"""Files that are the user's alone: what was asked of servers, and where, is nobody else's business."""

from __future__ import annotations

import contextlib
from pathlib import Path


def private_folder(path: Path) -> Path:
    """The folder, made where it is absent, open to its owner alone. Raises `OSError`."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # a folder of somebody else's, a file system without permissions
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
    return path


def private_file(path: str | Path) -> None:
    """Make the file where it is absent, open to its owner alone; those that SQLite puts beside it follow.

    ":memory:" is none.
    """
    if str(path) == ":memory:":
        return
    with contextlib.suppress(OSError):  # said by whoever opens it
        Path(path).touch(mode=0o600)
        if Path(path).stat().st_mode & 0o077:
            Path(path).chmod(0o600)
