"""What was given up is listed and set going again by one command."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.ledger import cast
from yincai.ledger import actions
from yincai.ops import jobs
from yincai.ops.commands import main
from yincai.ops.worker import run_worker

pytestmark = pytest.mark.django_db(transaction=True)


def fail_two() -> list[int]:
    """A delivery whose handler breaks, and a job of another kind that does."""
    cast.stumbles.append(ValueError("our own mistake"))
    with cast.wired({"case.submitted": ("tests.stumble",)}), transaction.atomic():
        actions.record(chain=uuid4(), event="case.submitted", actor=cast.OFFICER, payload={})
        app.configure_task("documents.erase_files", queue="default").defer(wrong="argument")
    run_worker(["default"], until_idle=True)
    return list(ProcrastinateJob.objects.filter(status="failed").order_by("id").values_list("id", flat=True))


def test_failed_jobs_are_listed_and_put_back(capsys: pytest.CaptureFixture[str]) -> None:
    failed = fail_two()

    assert main(["retry"]) == 0
    listed = capsys.readouterr().out
    assert main(["retry", str(failed[0])]) == 0
    assert [job.id for job in jobs.failed_jobs()] == failed[1:]
    assert main(["retry", "--all"]) == 0

    assert len(failed) == 2
    assert "2 failed" in listed
    assert "tests.stumble (ValueError)" in listed
    assert jobs.failed_jobs() == []
    assert ProcrastinateJob.objects.filter(pk__in=failed, status="todo").count() == 2


def test_number_that_did_not_fail_is_told_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["retry", "1"]) == 1

    assert "no failed job has the number 1" in capsys.readouterr().out
