"""Who runs a data folder now, read from its `postmaster.pid` and checked against the system."""

from __future__ import annotations

from pathlib import Path


def running_postmaster(data: Path) -> int | None:
    """The process id of the PostgreSQL that serves this folder now; None when there is none."""
    process_id = _written_id(data)
    return process_id if process_id is not None and _serves(process_id, data) else None


def clear_stale(data: Path) -> bool:
    """Remove a `postmaster.pid` whose process is gone or is another program by now; tells whether it did.

    PostgreSQL itself only looks whether the number is in use, and after a power cut it may be: by anything.
    """
    path = data / "postmaster.pid"
    if not path.exists() or running_postmaster(data) is not None:
        return False
    path.unlink(missing_ok=True)
    return True


def _written_id(data: Path) -> int | None:
    try:
        first = (data / "postmaster.pid").read_text("ascii", errors="replace").splitlines()[0]
    except (FileNotFoundError, IndexError):
        return None
    return int(first) if first.isdigit() else None


def _serves(process_id: int, data: Path) -> bool:
    """A postmaster's working folder is its data folder."""
    process = Path("/proc") / str(process_id)
    try:
        name = (process / "comm").read_text("utf8").strip()
        return name.startswith("postgres") and (process / "cwd").resolve() == data.resolve()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False
