from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection, transaction

from tests.ledger import cast
from yincai.ledger import actions, deliveries, dispatch, queries
from yincai.ledger.vocabulary import Retry, UnknownHandler
from yincai.ops import jobs, wiring
from yincai.ops.worker import run_worker


@pytest.fixture(autouse=True)
def _nothing_to_stumble_over() -> Iterator[None]:
    cast.stumbles.clear()
    yield
    cast.stumbles.clear()


def submit(chain: UUID | None = None) -> int:
    entry = actions.record(chain=chain or uuid4(), event="case.submitted", actor=cast.OFFICER, payload={})
    return entry.id


def waiting_jobs() -> list[tuple[str, str, dict[str, object]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queue_name, status::text, args FROM procrastinate_jobs"
            " WHERE NOT args ? 'timestamp' ORDER BY id"
        )
        return [(queue, status, json.loads(args)) for queue, status, args in cursor.fetchall()]


def echoes() -> list[object]:
    return [view.payload["entry"] for view in queries.history(cast.ECHO) if view.event == "echo.heard"]


def test_wiring_of_the_house_names_known_handlers_only() -> None:
    dispatch.set_wiring(wiring.WIRING)

    assert set(dispatch.wiring()) == set(wiring.WIRING)


def test_wiring_naming_an_unknown_handler_refuses_and_keeps_the_table() -> None:
    before = dispatch.wiring()

    with pytest.raises(UnknownHandler, match=r"cards\.fly, cards\.sing"):
        dispatch.set_wiring({"case.approved": ("cards.sing", "tests.echo", "cards.fly")})

    assert dispatch.wiring() == before


def test_handler_name_taken_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"tests\.echo"):
        dispatch.handler("tests.echo")(lambda entry: None)


@pytest.mark.django_db
def test_record_enqueues_one_job_a_handler_on_its_queue() -> None:
    with cast.wired({"case.submitted": ("tests.echo", "tests.sign")}):
        entry = submit()

    assert waiting_jobs() == [
        ("default", "todo", {"entry_id": entry, "handler": "tests.echo"}),
        ("signer", "todo", {"entry_id": entry, "handler": "tests.sign"}),
    ]


@pytest.mark.django_db
def test_record_of_an_event_nobody_hears_enqueues_nothing() -> None:
    with cast.wired({"case.approved": ("tests.echo",)}):
        submit()

    assert waiting_jobs() == []


@pytest.mark.django_db(transaction=True)
def test_record_rolled_back_enqueues_nothing() -> None:
    with cast.wired({"case.submitted": ("tests.echo",)}), transaction.atomic():
        submit()
        transaction.set_rollback(True)

    assert waiting_jobs() == []


@pytest.mark.django_db(transaction=True)
def test_delivery_run_twice_has_one_effect() -> None:
    with transaction.atomic():
        entry = submit()

    deliveries.deliver(entry, "tests.echo", attempt=0)
    deliveries.deliver(entry, "tests.echo", attempt=1)

    assert echoes() == [entry]
    assert queries.is_delivered(entry, "tests.echo")


@pytest.mark.django_db(transaction=True)
def test_delivery_that_fails_leaves_no_effect_and_says_why() -> None:
    with transaction.atomic():
        entry = submit()
    cast.stumbles.append(Retry("时间戳服务没有应答"))

    with pytest.raises(Retry):
        deliveries.deliver(entry, "tests.stumble", attempt=0)

    assert queries.history(cast.ECHO) == []
    assert not queries.is_delivered(entry, "tests.stumble")
    assert queries.troubles_of(entry) == {"tests.stumble": "时间戳服务没有应答"}


@pytest.mark.django_db(transaction=True)
def test_delivery_that_heals_forgets_its_trouble() -> None:
    with transaction.atomic():
        entry = submit()
    cast.stumbles.append(Retry("gone for a moment"))
    with pytest.raises(Retry):
        deliveries.deliver(entry, "tests.stumble", attempt=0)

    deliveries.deliver(entry, "tests.stumble", attempt=1)

    assert queries.is_delivered(entry, "tests.stumble")
    assert queries.troubles_of(entry) == {}


@pytest.mark.parametrize(
    ("error", "attempt", "seconds"),
    [
        (OperationalError(), 0, 1),
        (OperationalError(), 5, 32),
        (OperationalError(), 5000, 60),
        (Retry("later"), 0, 1),
        (Retry("later", after=90), 2, 90),
        (Retry("later"), 3, None),
        (UnknownHandler("newer than this worker"), 11, 600),
        (UnknownHandler("newer than this worker"), 12, None),
        (ZeroDivisionError(), 0, None),
    ],
)
def test_retry_waits_for_what_can_heal_and_stops_at_once_otherwise(
    error: Exception, attempt: int, seconds: int | None
) -> None:
    assert deliveries.seconds_until_retry(error, handler="tests.stumble", attempt=attempt) == seconds


@pytest.mark.django_db(transaction=True)
def test_worker_delivers_and_what_the_handler_records_is_delivered_in_turn() -> None:
    with cast.wired({"case.submitted": ("tests.echo",), "echo.heard": ("tests.stumble",)}):
        with transaction.atomic():
            entry = submit()

        code = run_worker(["default"], until_idle=True)

    assert code == 0
    assert [view.event for view in queries.history(cast.ECHO)] == ["echo.heard", "echo.begun"]
    assert echoes() == [entry]
    assert waiting_jobs() == []


@pytest.mark.django_db(transaction=True)
def test_worker_enqueues_nothing_for_a_handler_that_failed() -> None:
    cast.stumbles.append(ZeroDivisionError())
    with cast.wired({"case.submitted": ("tests.stumble",), "echo.begun": ("tests.echo",)}):
        with transaction.atomic():
            entry = submit()

        run_worker(["default"], until_idle=True)

    assert waiting_jobs() == [("default", "failed", {"entry_id": entry, "handler": "tests.stumble"})]


@pytest.mark.django_db(transaction=True)
def test_failed_delivery_is_listed_until_a_person_sets_it_going_again() -> None:
    cast.stumbles.append(ZeroDivisionError("身份证 11010519491231002X"))
    with cast.wired({"case.submitted": ("tests.stumble",)}):
        with transaction.atomic():
            entry = submit()
        run_worker(["default"], until_idle=True)
        (failed,) = queries.failed_deliveries()

        actions.retry_failed(failed.job_id)
        run_worker(["default"], until_idle=True)

    assert (failed.entry_id, failed.handler, failed.queue) == (entry, "tests.stumble", "default")
    assert failed.reason == "ZeroDivisionError"
    assert queries.failed_deliveries() == []
    assert queries.is_delivered(entry, "tests.stumble")


@pytest.mark.django_db(transaction=True)
def test_retry_of_a_delivery_that_did_not_fail_is_refused() -> None:
    with cast.wired({"case.submitted": ("tests.echo",)}), transaction.atomic():
        submit()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs")
        (job,) = cursor.fetchone()

    with pytest.raises(LookupError):
        actions.retry_failed(job)


@pytest.mark.django_db(transaction=True)
def test_crash_between_effect_and_completion_does_not_double() -> None:
    with cast.wired({"case.submitted": ("tests.echo",)}):
        with transaction.atomic():
            entry = submit()
        with connection.cursor() as cursor:  # a worker took the job, did it, and died before it said so
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        deliveries.deliver(entry, "tests.echo", attempt=0)

        rescued = jobs.rescue_stalled_jobs()
        run_worker(["default"], until_idle=True)

    assert len(rescued) == 1
    assert echoes() == [entry]
    assert waiting_jobs() == []


@pytest.mark.django_db(transaction=True)
def test_rescue_leaves_the_jobs_of_a_living_worker_alone() -> None:
    with cast.wired({"case.submitted": ("tests.echo",)}), transaction.atomic():
        submit()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        (worker,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])

    assert jobs.rescue_stalled_jobs() == []
    assert len(jobs.rescue_stalled_jobs(dead_after=0)) == 1


@pytest.mark.django_db(transaction=True)
def test_rescue_gives_up_in_sight_on_a_job_that_kills_its_workers() -> None:
    with cast.wired({"case.submitted": ("tests.echo",)}), transaction.atomic():
        entry = submit()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = %s", [jobs.MOST_RESCUES])

    assert jobs.rescue_stalled_jobs() == []

    assert [failed.entry_id for failed in queries.failed_deliveries()] == [entry]


@pytest.mark.django_db(transaction=True)
def test_rescue_drops_a_periodic_job_whose_next_turn_waits_already() -> None:
    with connection.cursor() as cursor:
        for status in ("doing", "todo"):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status)"
                " VALUES ('signer', 'ledger.make_checkpoint', 'ledger.checkpoint', %s)",
                [status],
            )

    assert jobs.rescue_stalled_jobs() == []

    assert [status for _, status, _ in waiting_jobs()] == ["todo"]


@pytest.mark.django_db
def test_forgetting_takes_old_failed_turns_and_leaves_failed_deliveries() -> None:
    with connection.cursor() as cursor:
        for task, lock, args in [
            ("ledger.make_checkpoint", "ledger.checkpoint", '{"timestamp": 1}'),
            ("ledger.deliver", None, '{"entry_id": 1, "handler": "tests.echo"}'),
        ]:
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args)"
                " VALUES ('signer', %s, %s, %s)",
                [task, lock, args],
            )
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    assert jobs.forget_failed_turns() == 0

    assert jobs.forget_failed_turns(older_than=timedelta(hours=-1)) == 1

    assert [failed.handler for failed in queries.failed_deliveries()] == ["tests.echo"]
