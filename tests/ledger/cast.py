"""Handlers and actors that the ledger's tests use."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from yincai.ledger import actions, dispatch
from yincai.ledger.vocabulary import SYSTEM, Actor, EntryView, Retry

OFFICER = Actor("staff", UUID("11111111-1111-4111-8111-111111111111"), "window_officer")
ECHO = UUID("22222222-2222-4222-8222-222222222222")
"""The chain on which `tests.echo` leaves its one effect an entry."""

stumbles: list[Exception] = []
"""What the stumbling handler raises, one at a time, before it succeeds."""


@dispatch.handler("tests.echo")
def echo(entry: EntryView) -> None:
    actions.record(chain=ECHO, event="echo.heard", actor=SYSTEM, payload={"entry": entry.id})


@dispatch.handler("tests.stumble", attempts=3)
def stumble(entry: EntryView) -> None:
    actions.record(chain=ECHO, event="echo.begun", actor=SYSTEM, payload={"entry": entry.id})
    if stumbles:
        raise stumbles.pop(0)


@dispatch.handler("tests.stall")
def stall(entry: EntryView) -> None:
    """Leave the effect, say so in the file that `STALL` names, and commit only once that file is gone."""
    echo(entry)
    said = Path(os.environ["STALL"])
    if said.with_suffix(".off").exists():
        return
    said.touch()
    while said.exists():
        time.sleep(0.02)


@dispatch.handler("tests.tell")
def tell(entry: EntryView) -> None:
    """Write a line into the log."""
    logging.getLogger("tests.tell").info("told")


@dispatch.handler("tests.sign", queue="signer")
def sign(entry: EntryView) -> None:
    raise Retry("the signer is not meant to run here")


@dispatch.handler("tests.beside", queue="reader")
def beside(entry: EntryView) -> None:
    """Touch nothing that another handler may hold."""


@contextmanager
def wired(table: dict[str, tuple[str, ...]]) -> Iterator[None]:
    """The wiring replaced within the block."""
    before = dispatch.wiring()
    dispatch.set_wiring(table)
    try:
        yield
    finally:
        dispatch.set_wiring(before)


def conninfo(**changes: str) -> str:
    """How to reach the test database from outside Django."""
    settings = connection.settings_dict
    given = {
        "dbname": settings["NAME"],
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
    }
    return make_conninfo("", **{name: value for name, value in (given | changes).items() if value})


def superuser() -> psycopg.Connection:
    """A connection of its own, with the triggers off: what an intruder with all rights has."""
    intruder = psycopg.connect(conninfo(), autocommit=True)
    intruder.execute("SET session_replication_role = replica")
    return intruder
