"""Ctrl-C and SIGTERM as one exception, and the moments in which it has to wait."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopping(BaseException):
    """Leave whatever is being done and stop everything."""


_held = False
_asked = False


def listen() -> None:
    """From now on a request to stop raises `Stopping` in the main thread."""
    for number in SIGNALS:
        signal.signal(number, _ask)


def ignore() -> None:
    """We are stopping already: further requests change nothing."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """A request that comes meanwhile is obeyed afterwards: a process that was started must be known first."""
    global _held, _asked
    _held = True
    try:
        yield
    finally:
        _held = False
    if _asked:
        _asked = False
        raise Stopping


def _ask(number: int, frame: FrameType | None) -> None:
    global _asked
    if not _held:
        raise Stopping
    _asked = True
