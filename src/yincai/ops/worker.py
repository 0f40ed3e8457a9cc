"""One process that does jobs: the worker, the reader and the signer are this with different queues."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Sequence

import psycopg
from asgiref.sync import sync_to_async
from django.db import connections
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector

from yincai.ops.logging import name_job

logger = logging.getLogger(__name__)

Lane = tuple[list[str], int]
"""Queues, and how many of their jobs are done at a time."""
STOPPED = 0
DATABASE_GONE = 75
"""EX_TEMPFAIL of sysexits.h: start me again."""
GRACE = 25.0
"""Seconds that running jobs get to end when the process is asked to stop."""


def run_worker(
    queues: Sequence[str],
    *,
    apart: Sequence[str] = (),
    concurrency: int = 1,
    apart_concurrency: int = 1,
    until_idle: bool = False,
) -> int:
    """Do the jobs of `queues`, `concurrency` at a time, until SIGTERM or SIGINT; the process's exit code.

    The jobs of the queues `apart` are done beside them, `apart_concurrency` at a time, and never wait for one
    of theirs.
    0 when it was asked to stop, 75 when the database went away (a supervisor starts it again).  With
    `until_idle` it returns 0 once no job is due.
    """
    lanes = [(list(queues), concurrency)] + ([(list(apart), apart_concurrency)] if apart else [])
    return asyncio.run(_run(lanes, until_idle=until_idle))


async def _run(lanes: Sequence[Lane], *, until_idle: bool) -> int:
    asked_to_stop = asyncio.Event()
    try:
        await _try_database()
        worker_app = _app_with_pool(sum(concurrency + 1 for _, concurrency in lanes) + 1)
        async with worker_app.open_async():
            work = asyncio.create_task(_work(worker_app, lanes, until_idle=until_idle))
            _stop_on_signals(work, asked_to_stop)
            try:
                await work
            except asyncio.CancelledError:
                if not asked_to_stop.is_set():
                    raise
            finally:  # the thread that enqueues periodic jobs holds a connection of Django's
                await sync_to_async(connections.close_all)()
    except (ConnectorException, psycopg.OperationalError) as error:
        logger.error("the database does not answer (%s); the worker ends to be started again", error)  # noqa: TRY400
        return STOPPED if asked_to_stop.is_set() else DATABASE_GONE
    return STOPPED if asked_to_stop.is_set() or until_idle else DATABASE_GONE


async def _work(app: App, lanes: Sequence[Lane], *, until_idle: bool) -> None:
    """A worker a lane.  When one ends, asked to or not, the others are asked to end too."""
    workers = [
        asyncio.create_task(
            app.run_worker_async(
                queues=queues,
                concurrency=concurrency,
                wait=not until_idle,
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE,
                worker_middleware=[name_job],
            )
        )
        for queues, concurrency in lanes
    ]
    try:
        await asyncio.wait(
            workers, return_when=asyncio.ALL_COMPLETED if until_idle else asyncio.FIRST_COMPLETED
        )
    finally:
        for each in workers:
            each.cancel()
        ended = await asyncio.gather(*workers, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error


async def _try_database() -> None:
    """Fail at once when the database is away; the pool alone would try for half a minute."""
    connection = await psycopg.AsyncConnection.connect(**connector_params("default"), connect_timeout=5)
    await connection.close()


def _app_with_pool(connections_at_most: int) -> App:
    """The same tasks on an asynchronous pool of their own.

    The original app keeps Django's connector, so that what a job enqueues stays in the job's transaction.
    Its connections are tried before use: after a restart of the database none fails a job's last step.
    """
    connector = PsycopgConnector(
        kwargs=connector_params("default"),
        min_size=1,
        max_size=connections_at_most,
        timeout=10.0,
    )
    return app.with_connector(connector)


def _stop_on_signals(work: asyncio.Task[None], asked_to_stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        asked_to_stop.set()
        work.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
