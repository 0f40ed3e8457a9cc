"""A child that does not outlive whoever started it (Linux; elsewhere the supervisor's own stop must do)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def dies_with_parent(number: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends the signal to the child when its parent dies, even by kill -9.

    The function must run after the child has changed its user, which `subprocess` does before it.
    """
    expected = os.getpid()
    library = _library()

    def ask_kernel() -> None:
        if library is None:
            return
        library.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != expected:  # it died between the fork and the request
            os.kill(os.getpid(), number)

    return ask_kernel


def follow_parent(number: signal.Signals = signal.SIGTERM) -> None:
    """The same for a process that is already running and whose parent is not ours to change."""
    library = _library()
    if library is not None:
        library.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def _library() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
