from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from procrastinate.contrib.django import app

from tests.ledger import cast
from yincai.ledger import actions, keys, queries, tasks
from yincai.ledger.vocabulary import CheckpointRefused
from yincai.ops import jobs

EVERY_HALF_MINUTE, EVERY_TEN_SECONDS = "* * * * * */30", "* * * * * */10"


def test_periodic_jobs_come_often_enough_for_their_promises() -> None:
    turns = {name: turn for (name, _), turn in app.periodic_registry.periodic_tasks.items()}
    seal, rescue = turns["ledger.make_checkpoint"], turns["ops.rescue_stalled_jobs"]

    assert (seal.cron, seal.task.queue) == (EVERY_HALF_MINUTE, "checkpoints")
    assert (rescue.cron, rescue.task.queue, rescue.task.priority) == (EVERY_TEN_SECONDS, "default", 100)


def test_dead_worker_is_noticed_and_relieved_within_half_a_minute() -> None:
    defaults = settings.PROCRASTINATE_WORKER_DEFAULTS

    assert defaults["stalled_worker_timeout"] == jobs.DEAD_AFTER
    assert defaults["update_heartbeat_interval"] * 2 < jobs.DEAD_AFTER
    assert jobs.DEAD_AFTER + 10 + defaults["fetch_job_polling_interval"] <= 30


@pytest.mark.django_db(transaction=True)
def test_checkpoint_job_signs_with_the_key_of_the_settings(tmp_path: Path) -> None:
    folder, key = tmp_path / "checkpoints", tmp_path / "key.pem"
    keys.create_checkpoint_key(key, checkpoints=folder)
    with transaction.atomic():
        actions.record(chain=uuid4(), event="case.submitted", actor=cast.OFFICER, payload={})

    with override_settings(CHECKPOINTS=folder, CHECKPOINT_KEY=str(key)):
        tasks.make_checkpoint(timestamp=0)

    made = queries.latest_checkpoint()
    assert made is not None
    assert (folder / made.file_name).is_file()


def test_checkpoint_job_without_a_key_fails_loudly() -> None:
    with (
        override_settings(CHECKPOINT_KEY=""),
        pytest.raises(CheckpointRefused, match="YINCAI_CHECKPOINT_KEY"),
    ):
        tasks.make_checkpoint(timestamp=0)
