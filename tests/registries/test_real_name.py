from __future__ import annotations

from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import personas
from tests.registries.conftest import events
from tests.sandbox.running import RunningSandbox
from yincai.ledger.queries import history
from yincai.people import actions as people
from yincai.people.queries import applicant_of, assurance_of
from yincai.people.vocabulary import Level
from yincai.registries import actions, queries, tasks
from yincai.registries.vocabulary import AuthorityAway, RealName, Registry, Why

pytestmark = pytest.mark.django_db


def consent(account: Any) -> None:
    actions.give_consent(
        account.pk, actor=applicant_of(account), registry=Registry.REAL_NAME, why=Why.REGISTRATION
    )


def with_identity(name: str, number: str) -> Any:
    made = personas.make_persona("stranger")
    people.give_identity(made, actor=applicant_of(made), name=name, kind="111", number=number)
    consent(made)
    return made


def test_match_raises_the_assurance_with_its_source(account: Any, sandbox: RunningSandbox) -> None:
    consent(account)

    assert actions.check_real_name(account.pk) is RealName.MATCH

    proof = assurance_of(account.pk)
    assert (proof.level, proof.source) == (Level.REAL_NAME, "real_name")
    assert queries.real_name_of(account.pk) is RealName.MATCH


@pytest.mark.parametrize(
    ("name", "number", "result"),
    [("林志远", "110101200203150011", "no_match"), ("林知远", "110101199003074178", "unknown")],
)
def test_anything_else_raises_nothing(sandbox: RunningSandbox, name: str, number: str, result: str) -> None:
    account = with_identity(name, number)

    assert actions.check_real_name(account.pk) == result

    assert assurance_of(account.pk).level is Level.REGISTERED
    assert RealName(result).sentence


def test_nobody_is_asked_about_without_consent(account: Any, sandbox: RunningSandbox) -> None:
    assert actions.check_real_name(account.pk) is None

    assert queries.real_name_of(account.pk) is None
    assert "real_name.answered" not in events(account)


def test_registry_away_says_so_and_a_short_failure_heals(account: Any, sandbox: RunningSandbox) -> None:
    consent(account)
    sandbox.fault("registry", "off")
    with pytest.raises(AuthorityAway, match="实名核验暂时没有回应"):
        actions.check_real_name(account.pk)
    assert queries.real_name_of(account.pk) is None

    sandbox.fault("registry", "error", status=503, times=2)
    assert actions.check_real_name(account.pk) is RealName.MATCH


@pytest.mark.parametrize("mode", ["wrong", "drop"])
def test_garbage_is_no_answer(account: Any, sandbox: RunningSandbox, mode: str) -> None:
    consent(account)
    sandbox.fault("registry", mode)

    with pytest.raises(AuthorityAway):
        actions.check_real_name(account.pk)


def test_consent_has_the_question_asked_as_a_job(account: Any) -> None:
    consent(account)
    given = next(entry for entry in history(account.pk) if entry.event == "consent.given")

    tasks.ask_real_name(given)

    job = ProcrastinateJob.objects.get(task_name="registries.check_real_name")
    assert job.args == {"account_id": str(account.pk)}


def test_ledger_holds_no_personal_data(account: Any, sandbox: RunningSandbox) -> None:
    consent(account)
    actions.check_real_name(account.pk)

    told = str([entry.payload for entry in history(account.pk)])
    assert "110101200203150011" not in told
    assert "林知远" not in told
