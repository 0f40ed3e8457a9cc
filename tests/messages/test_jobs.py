"""The job itself, run by a real worker from the queue."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connection, connections
from procrastinate.contrib.django import app

from tests.messages.people import NEWS, Resident, row, sms_told
from tests.sandbox.running import RunningSandbox
from yincai.messages import jobs
from yincai.messages.vocabulary import GatewayAway, GatewayRefused, State


async def _work_off() -> None:
    worker_app = app.with_connector(app.connector.get_worker_connector())
    async with worker_app.open_async():
        await worker_app.run_worker_async(
            queues=["default"], wait=False, listen_notify=False, install_signal_handlers=False
        )
    await sync_to_async(connections.close_all)()


def work_off() -> list[tuple[str, bool]]:
    """Does every job that is due; returns (status, waits for later) of the SMS jobs left in the table."""
    asyncio.run(_work_off())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, scheduled_at > now() FROM procrastinate_jobs WHERE task_name = %s",
            [jobs.SEND_SMS],
        )
        return [(status, bool(later)) for status, later in cursor.fetchall()]


def make_due() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE task_name = %s", [jobs.SEND_SMS]
        )


@pytest.mark.django_db(transaction=True)
def test_outage_heals_and_one_sms_arrives(gateway: RunningSandbox, resident: Resident) -> None:
    message_id = sms_told(resident, key="outage")
    gateway.fault("sms", "off")

    assert work_off() == [("todo", True)]
    assert row(message_id).state == State.QUEUED

    gateway.fault("sms", "working")
    make_due()
    work_off()
    assert row(message_id).state == State.SENT
    assert gateway.texts(resident.phone) == [NEWS.sms]

    work_off()
    assert gateway.texts(resident.phone) == [NEWS.sms]


@pytest.mark.parametrize(("attempt", "seconds"), [(0, 1), (1, 2), (5, 32), (9, 512), (10, 600), (4000, 600)])
def test_waits_double_up_to_ten_minutes(attempt: int, seconds: int) -> None:
    assert jobs.seconds_until_retry(GatewayAway(), attempt=attempt) == seconds


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (OperationalError(), 1),
        (psycopg.OperationalError(), 1),
        (GatewayRefused(), None),
        (KeyError("body"), None),
    ],
)
def test_only_what_may_heal_is_tried_again(error: Exception, seconds: int | None) -> None:
    assert jobs.seconds_until_retry(error, attempt=0) == seconds
