"""Why a start stops: one sentence for the operator, never a traceback."""

from __future__ import annotations

import errno
import shutil
import socket
from pathlib import Path

ROOM_NEEDED = 300_000_000  # bytes: a fresh database with its write-ahead log, and room for some files


class Refusal(Exception):  # noqa: N818 - a word of the house
    """A start that must not go on; its text is one sentence that says why and what to do."""


def check_port(port: int, *, address: str, variable: str) -> None:
    """Refuse when something else listens on the port; names the variable that chooses another."""
    if not 0 < port < 65536:
        raise Refusal(
            f"{variable} is {port}; choose a number from 1 to 65535, for example {variable}=8010 make run."
        )
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refusal(
                    f"port {port} is in use by another program; choose another port, "
                    f"for example {variable}={port + 10} make run."
                ) from None
            if error.errno == errno.EACCES:
                raise Refusal(
                    f"port {port} may only be opened by root; choose one above 1023, "
                    f"for example {variable}=8010 make run."
                ) from None
            raise Refusal(f"{address} port {port} cannot be opened ({error.strerror}).") from None


def check_room(folder: Path, *, needed: int = ROOM_NEEDED) -> None:
    """Refuse when the disk that holds the folder has less than `needed` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refusal(
            f"the disk that holds {folder} has {free // 1_000_000} MB free and at least "
            f"{needed // 1_000_000} MB are needed; make room and start again."
        )
