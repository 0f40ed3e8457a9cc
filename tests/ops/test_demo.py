"""Demo people: only where they belong, and whole however often the making was interrupted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tests.cases import PLACE
from tests.sandbox.running import running_sandbox
from yincai.ledger.vocabulary import SYSTEM
from yincai.ops import demo
from yincai.ops.refusals import Refusal
from yincai.ops.running.platform import wants_demo
from yincai.people import actions as people
from yincai.people import queries as accounts
from yincai.people.permissions import has_second_factor


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, True),
        ({"YINCAI_DEMO": "0"}, False),
        ({"DATABASE_URL": "postgresql:///real"}, False),
        ({"DATABASE_URL": "postgresql:///real", "YINCAI_DEMO": "1"}, True),
    ],
)
def test_known_passwords_come_only_into_our_own_database_or_when_told_so(
    given: dict[str, str], wanted: bool
) -> None:
    assert wants_demo(given) is wanted


def test_unclear_word_is_refused() -> None:
    with pytest.raises(Refusal, match="YINCAI_DEMO"):
        wants_demo({"YINCAI_DEMO": "perhaps"})


@pytest.mark.django_db
def test_person_whose_making_was_interrupted_is_completed(
    published: Any, settings: Settings, tmp_path: Path
) -> None:
    with running_sandbox(tmp_path / "sandbox") as sandbox:
        settings.SANDBOX_URL = sandbox.url
        whole = demo.build_demo()
        officer = next(one for one in whole if one.duty and one.place == PLACE)
        interrupted = people.register_account(
            username="interrupted", password=demo.PASSWORD, actor=SYSTEM, check_password=False
        )
        person = demo.DemoPerson(
            username="interrupted", name="某某", roles=("approver",), office="organisation"
        )
        again = demo.build_demo()
        demo.make_person(demo.programmes.place(PLACE), person, 13_900_000_000)

    assert again == whole
    made = accounts.account_named(officer.username)
    assert made is not None
    assert has_second_factor(made.pk)
    assert has_second_factor(interrupted.pk)
    assert accounts.staff_roles(interrupted, place=PLACE) == {"approver"}
