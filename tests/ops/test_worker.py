"""Real worker processes that are killed, stopped, and left without their database."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.ledger import cast
from yincai.ledger import actions, queries
from yincai.ops import jobs
from yincai.ops.logging import JsonFormatter, request_id
from yincai.ops.worker import DATABASE_GONE, STOPPED, run_worker

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

PROGRAM = """
import sys, django
django.setup()
from tests.ledger import cast
from yincai.ops.worker import run_worker
sys.exit(run_worker(["default"], apart=["reader"]))
"""


def start_worker(**environment: str) -> subprocess.Popen[bytes]:
    given = connection.settings_dict
    query = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"]} | {
        name: environment.pop(name) for name in ("host", "port") if name in environment
    }
    address = (
        f"postgresql:///{given['NAME']}?{urlencode({name: value for name, value in query.items() if value})}"
    )
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=settings.ROOT,
        env=os.environ
        | {
            "DATABASE_URL": address,
            "PYTHONPATH": f"{settings.ROOT / 'src'}:{settings.ROOT}",
            "DJANGO_SETTINGS_MODULE": "yincai.settings",
            "YINCAI_TESTING": "1",
        }
        | environment,
        stderr=subprocess.DEVNULL,
    )


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, f"the worker ended early with {process.returncode}"
        assert time.monotonic() < deadline, "waited a minute"
        time.sleep(0.05)


def is_registered() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return bool(cursor.fetchone()[0])


def test_worker_killed_within_a_handler_has_its_job_done_once_by_the_next(tmp_path: Path) -> None:
    said = tmp_path / "stall"
    with cast.wired({"case.submitted": ("tests.stall",)}), transaction.atomic():
        entry = actions.record(chain=uuid4(), event="case.submitted", actor=cast.OFFICER, payload={})
    worker = start_worker(STALL=str(said))
    wait_until(said.exists, worker)

    worker.kill()
    worker.wait(30)
    said.with_suffix(".off").touch()
    rescued = jobs.rescue_stalled_jobs(dead_after=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STALL", str(said))
        run_worker(["default"], until_idle=True)

    assert len(rescued) == 1
    assert [view.payload for view in queries.history(cast.ECHO)] == [{"entry": entry.id}]
    assert queries.is_delivered(entry.id, "tests.stall")


def test_job_of_a_queue_apart_does_not_wait_for_a_long_one(tmp_path: Path) -> None:
    said = tmp_path / "stall"
    with cast.wired({"case.submitted": ("tests.stall",)}), transaction.atomic():
        slow = actions.record(chain=uuid4(), event="case.submitted", actor=cast.OFFICER, payload={})
    worker = start_worker(STALL=str(said))
    wait_until(said.exists, worker)

    with cast.wired({"case.submitted": ("tests.beside",)}), transaction.atomic():
        quick = actions.record(chain=uuid4(), event="case.submitted", actor=cast.OFFICER, payload={})
    wait_until(lambda: queries.is_delivered(quick.id, "tests.beside"), worker)

    assert not queries.is_delivered(slow.id, "tests.stall")
    said.unlink()
    worker.terminate()
    assert worker.wait(60) == STOPPED
    assert queries.is_delivered(slow.id, "tests.stall")


def test_worker_asked_to_stop_ends_its_job_first(tmp_path: Path) -> None:
    said = tmp_path / "stall"
    with cast.wired({"case.submitted": ("tests.stall",)}), transaction.atomic():
        entry = actions.record(chain=uuid4(), event="case.submitted", actor=cast.OFFICER, payload={})
    worker = start_worker(STALL=str(said))
    wait_until(said.exists, worker)

    worker.terminate()
    said.unlink()

    assert worker.wait(60) == STOPPED
    assert queries.is_delivered(entry.id, "tests.stall")
    assert not is_registered()


def test_worker_without_a_database_ends_to_be_started_again(tmp_path: Path) -> None:
    worker = start_worker(host=str(tmp_path))

    assert worker.wait(60) == DATABASE_GONE


def test_worker_whose_database_goes_away_ends_to_be_started_again() -> None:
    with relay() as (folder, cut):
        worker = start_worker(host=str(folder), port="5432")
        wait_until(is_registered, worker)

        cut()

        assert worker.wait(90) == DATABASE_GONE


@contextlib.contextmanager
def relay() -> Iterator[tuple[Path, Callable[[], None]]]:
    """A socket folder that leads to the real database until it is cut."""
    folder = Path(tempfile.mkdtemp())
    door = socket.socket(socket.AF_UNIX)
    door.bind(str(folder / ".s.PGSQL.5432"))
    door.listen()
    open_sockets: list[socket.socket] = [door]
    threading.Thread(target=_let_in, args=(door, open_sockets), daemon=True).start()

    def cut() -> None:
        (folder / ".s.PGSQL.5432").unlink(missing_ok=True)
        for each in open_sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    try:
        yield folder, cut
    finally:
        cut()
        shutil.rmtree(folder)


def _let_in(door: socket.socket, open_sockets: list[socket.socket]) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = door.accept()
            server = _reach_database()
            open_sockets.extend((client, server))
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=_carry, args=(source, sink), daemon=True).start()


def _carry(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)


def _reach_database() -> socket.socket:
    host, port = connection.settings_dict["HOST"], connection.settings_dict["PORT"] or "5432"
    if host.startswith("/"):
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server
    return socket.create_connection((host or "127.0.0.1", int(port)))


def test_lines_of_a_job_are_found_from_the_request_that_asked_for_it() -> None:
    written = io.StringIO()
    lines = logging.StreamHandler(written)
    lines.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(lines)
    token = request_id.set("a-request-of-somebody")
    try:
        with cast.wired({"case.submitted": ("tests.tell",)}), transaction.atomic():
            actions.record(chain=uuid4(), event="case.submitted", actor=cast.OFFICER, payload={})
        request_id.reset(token)
        run_worker(["default"], until_idle=True)
    finally:
        logging.getLogger().removeHandler(lines)

    found = [json.loads(line) for line in written.getvalue().splitlines()]
    (asked,) = [line for line in found if line.get("request") == "a-request-of-somebody" and "jobs" in line]
    (told,) = [line for line in found if line["message"] == "told"]
    assert asked["jobs"] == [told["job"]]
    assert "request" not in told
