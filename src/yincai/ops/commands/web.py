"""`web`: the pages."""

from __future__ import annotations

import argparse
import os

NAME = "web"
HELP = "Serve the pages (PORT, 8000 unless set)."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; requests under way are finished."""
    from granian import Granian
    from granian.constants import Interfaces

    from yincai.ops.refusals import check_port
    from yincai.ops.running.ports import port_from, ports_from

    ports = ports_from(os.environ)
    check_port(ports.web, address=ports.address, variable="PORT")
    threads = port_from(os.environ, "YINCAI_WEB_THREADS", 8)
    os.environ.setdefault("YINCAI_POOL_SIZE", str(threads))
    server = Granian(
        "yincai.ops.wsgi:application",
        address=ports.address,
        port=ports.web,
        interface=Interfaces.WSGI,
        workers=port_from(os.environ, "YINCAI_WEB_WORKERS", min(2, os.cpu_count() or 1)),
        blocking_threads=threads,
        backlog=1024,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=6,
        log_access=False,
    )
    server.serve()
    return 0
