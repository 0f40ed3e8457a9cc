"""Waits for a condition, never for a time."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

PAUSE = 0.1


class NeverTrue(AssertionError):
    """A condition did not come true within its limit."""


def until(condition: Callable[[], bool], what: str, *, limit: float = 120.0) -> None:
    """Return as soon as the condition holds; `NeverTrue` with `what` after `limit` seconds."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise NeverTrue(f"still not true after {limit:.0f} s: {what}")
        time.sleep(PAUSE)


def is_running(process_id: int) -> bool:
    """Whether the process exists and is not a zombie."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_text("utf8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
