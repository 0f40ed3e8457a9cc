"""The clock speaks up before a limit ends and when one has passed, once each."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.cases import send_back
from tests.plans import plans
from yincai.casework import queries as cases
from yincai.casework import tasks
from yincai.casework.models import Case
from yincai.casework.vocabulary import AskedItem, CaseView
from yincai.foundation import clock
from yincai.ledger import queries as ledger
from yincai.ledger.models import Chain
from yincai.ledger.vocabulary import Actor
from yincai.messages import queries as messages
from yincai.messages import tasks as told

ActorOf = Callable[[str], Actor]
ASKED = AskedItem(path="residence", reason="not_filled", note="")


def events(case: CaseView) -> list[str]:
    return [one.event for one in ledger.history(case.id)]


def test_applicant_is_reminded_once_before_a_correction_ends(submitted: CaseView, actor: ActorOf) -> None:
    returned = send_back(submitted.id, actor("window_officer"), ASKED)
    assert returned.due_at is not None

    for before in (timedelta(days=3, hours=1), timedelta(days=3), timedelta(days=2)):
        with clock.frozen(returned.due_at - before):
            tasks.remind(0)
            expected = int(before <= timedelta(days=3))
            assert events(submitted).count("case.due_soon") == expected

    entry = ledger.history(submitted.id)[-1]
    told.tell_applicant(entry)
    newest = messages.inbox(submitted.account_id)[0]
    last = (returned.due_at - timedelta(seconds=1)).astimezone(clock.CHINA)
    assert newest.title == "补正即将到期"
    assert f"请在 {last.year}年{last.month}月{last.day}日 前（含当日）" in newest.body


def test_limit_of_the_staff_that_has_passed_is_told_once_and_a_new_one_anew(
    submitted: CaseView, actor: ActorOf
) -> None:
    assert submitted.due_at is not None
    with clock.frozen(submitted.due_at - timedelta(minutes=1)):
        tasks.remind(0)
        assert "case.overdue" not in events(submitted)

    for later in (timedelta(0), timedelta(hours=5)):
        with clock.frozen(submitted.due_at + later):
            tasks.remind(0)
    entry = ledger.history(submitted.id)[-1]
    told.tell_applicant(entry)

    assert (entry.event, entry.actor.kind, events(submitted).count("case.overdue")) == (
        "case.overdue",
        "system",
        1,
    )
    assert "在「预受理」环节超过了办理时限" in messages.inbox(submitted.account_id)[0].body


def test_limit_that_ends_the_case_is_not_called_overdue(submitted: CaseView, actor: ActorOf) -> None:
    returned = send_back(submitted.id, actor("window_officer"), ASKED)
    assert returned.due_at is not None

    with clock.frozen(returned.due_at + timedelta(hours=1)):
        tasks.remind(0)

    assert not {"case.overdue", "case.due_soon"} & set(events(submitted))


def test_draft_has_no_limit_to_speak_of(complete: CaseView) -> None:
    with clock.frozen(clock.now() + timedelta(days=400)):
        tasks.remind(0)

    assert events(complete)[-1].startswith(("draft.", "material.", "case.opened"))


def test_next_page_of_late_cases_is_looked_for_in_the_same_index(submitted: CaseView) -> None:
    found = plans(lambda: cases.past_their_limit((clock.now(), submitted.id)), of='"casework_case"')

    assert found
    assert [plan for plan in found if "case_due" not in plan or "Sort" in plan] == []


@pytest.mark.parametrize("ask", [lambda: tasks.remind(0), cases.past_their_limit])
def test_limits_are_looked_for_in_their_index(submitted: CaseView, ask: Callable[[], object]) -> None:
    found = plans(ask, of='"casework_case"')

    assert found
    assert [plan for plan in found if "case_due" not in plan or "Sort" in plan] == []


def test_case_that_cannot_be_told_keeps_no_other_from_hearing(
    submitted: CaseView, caplog: pytest.LogCaptureFixture
) -> None:
    """A chain that can take no further entry: its case is logged, the other is told."""
    assert submitted.due_at is not None
    full = Case.objects.get(id=submitted.id)
    full.id, full.opening_key, full.reference = uuid4(), uuid4(), "RC20260101000000001"
    full.subject_index, full.due_at = os.urandom(32), submitted.due_at - timedelta(hours=1)
    full.save(force_insert=True)
    Chain.objects.create(chain=full.id, last_sequence=2**63 - 1, last_hash=bytes(32))

    with clock.frozen(submitted.due_at + timedelta(minutes=1)):
        tasks.remind(0)

    assert "case.overdue" in events(submitted)
    assert f"case {full.id} is not told of its limit" in caplog.text
