"""The reader's side: one child process a file, watched, bounded, and not believed.

A child that is killed, crashes, hangs or talks nonsense means a refused file, never a shown one.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from yincai.documents.pipeline.vocabulary import Refused, SafeDocument
from yincai.documents.pipeline.wire import (
    MOST_ANSWER,
    Garbled,
    Refusal,
    Request,
    pack_request,
    unpack_answer,
)

WALL_SECONDS = 60.0
_LEAVE_SECONDS = 10.0
_SOURCE = str(Path(__file__).resolve().parents[2])
COMMAND = (sys.executable, "-B", "-P", "-s", "-W", "ignore", "-m", "yincai.documents.pipeline")
_CHUNK = 1 << 16
_LIMIT_SIGNALS = {signal.SIGXCPU, signal.SIGKILL}  # the hard CPU limit kills


def read_safely(
    data: bytes,
    *,
    request: Request,
    wall_seconds: float = WALL_SECONDS,
    command: Sequence[str] = COMMAND,
) -> SafeDocument:
    """The file made safe by a child of its own. Raises `Refused` for everything else.

    `too_heavy` when the child ran into its limits or the wall clock, `crashed` when it died or lied.
    """
    with _start(command) as child:
        try:
            out = _converse(child, pack_request(request, data), deadline=time.monotonic() + wall_seconds)
            code = None if out is None else _exit_code(child)
        finally:
            child.kill()
    if out is None or code is None:
        raise Refused("too_heavy")
    try:
        answer = unpack_answer(out, limits=request.limits)
    except Garbled as garbled:
        raise Refused("too_heavy" if -code in _LIMIT_SIGNALS else "crashed") from garbled
    if isinstance(answer, Refusal):
        raise Refused.said(answer.reason, answer.sentence)
    return answer


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A fresh child waiting for its request; all that it inherits is where our source lies."""
    return subprocess.Popen(  # noqa: S603 - a fixed command, no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": _SOURCE},
        cwd="/",
        close_fds=True,
        start_new_session=True,
    )


def _exit_code(child: subprocess.Popen[bytes]) -> int | None:
    """How the child ended, None when it closed its output and would not go."""
    try:
        return child.wait(_LEAVE_SECONDS)
    except subprocess.TimeoutExpired:
        return None


def _converse(child: subprocess.Popen[bytes], message: bytes, *, deadline: float) -> bytes | None:
    """Write the message and read the answer at once; None when the time or the size ran out."""
    assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - both are pipes
    left, out = memoryview(message), bytearray()
    os.set_blocking(child.stdin.fileno(), False)
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdin, selectors.EVENT_WRITE)
        ready.register(child.stdout, selectors.EVENT_READ)
        while (rest := deadline - time.monotonic()) > 0 and len(out) <= MOST_ANSWER:
            for key, _ in ready.select(rest):
                if key.fileobj is child.stdout:
                    chunk = os.read(key.fd, _CHUNK)
                    if not chunk:
                        return bytes(out)
                    out += chunk
                    continue
                left = _write(key.fd, left)
                if not left:
                    ready.unregister(child.stdin)
                    with contextlib.suppress(BrokenPipeError):
                        child.stdin.close()
    return None


def _write(pipe: int, left: memoryview) -> memoryview:
    """What is still to be written; nothing when the child no longer listens."""
    try:
        return left[os.write(pipe, left[:_CHUNK]) :]
    except BlockingIOError:
        return left
    except BrokenPipeError:
        return left[:0]
