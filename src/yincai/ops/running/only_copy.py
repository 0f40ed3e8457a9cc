"""One platform a folder: a lock that the kernel releases whatever happens to its holder."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from yincai.ops.refusals import Refusal


@contextlib.contextmanager
def only_copy(path: Path) -> Iterator[None]:
    """Hold the lock file; refuse when another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise Refusal(
                f"another copy already runs on {path.parents[1]} (process {holder}); "
                "stop it first, or give this one its own folder: YINCAI_VAR=/path make run."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
