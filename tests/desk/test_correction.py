"""The officer ticks beside the data, sees the due date, and finds the difference when the case returns."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from tests.cases import DECLARED, send_back
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import AskedItem, CaseView
from yincai.ledger.vocabulary import Actor

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]


def claimed_page(case: CaseView, officer: Client) -> str:
    officer.post(reverse("desk:claim", args=[case.id]))
    return officer.get(reverse("desk:case", args=[case.id])).content.decode()


def ask(case: CaseView, officer: Client, **posted: object) -> tuple[int, str]:
    answer = officer.post(
        reverse("desk:step", args=[case.id, "request_correction"]),
        {"_key": str(uuid4()), "_changes": str(case.changes), **posted},
    )
    return answer.status_code, answer.content.decode()


def test_every_place_can_be_ticked_beside_the_data_and_the_due_date_is_said(
    submitted: CaseView, browser: BrowserOf
) -> None:
    drawn = claimed_page(submitted, browser("window_officer"))

    for path in ("name_en", "identity", "family", "family.a1", "degree_copy", "photo", "title_copy"):
        assert f'name="pin" value="{path}"' in drawn
    assert "含当日，10 个工作日" in drawn


def test_ticked_places_go_back_to_the_applicant(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    officer = browser("window_officer")
    claimed_page(submitted, officer)

    status, _ = ask(
        submitted,
        officer,
        **{
            "pin": ["name_en", "family.a1"],
            "pin-reason.name_en": "differs_from_document",
            "pin-note.name_en": "护照上是 ZHANG",
            "pin-reason.family.a1": "not_filled",
        },
    )

    assert status == 302
    asked = cases.correction(actor("applicant"), submitted.id)
    assert asked is not None
    assert [(one.place.path, one.reason, one.note) for one in asked.items] == [
        ("name_en", "differs_from_document", "护照上是 ZHANG"),
        ("family.a1", "not_filled", ""),
    ]


def test_tick_without_a_reason_comes_back_with_everything_typed(
    submitted: CaseView, browser: BrowserOf
) -> None:
    officer = browser("window_officer")
    claimed_page(submitted, officer)

    status, drawn = ask(
        submitted, officer, **{"pin": ["name_en"], "pin-reason.name_en": "", "pin-note.name_en": "请看护照"}
    )

    assert status == 422
    assert "“姓名（英文）”：请选择补正原因。" in drawn
    assert 'value="name_en" checked' in drawn
    assert 'value="请看护照"' in drawn


def test_nothing_ticked_is_said(submitted: CaseView, browser: BrowserOf) -> None:
    officer = browser("window_officer")
    claimed_page(submitted, officer)

    status, drawn = ask(submitted, officer)

    assert status == 422
    assert "请至少勾选一处需要补正的内容。" in drawn


def test_difference_and_rounds_stand_on_the_page_when_it_returns(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    who, officer = actor("applicant"), browser("window_officer")
    send_back(submitted.id, actor("window_officer"), AskedItem("name_en", "differs_from_document", "护照"))
    actions.save_section(
        submitted.id, actor=who, section="person", posted={"name_en": ["ZHANG New"]}, seen_revision=1
    )
    drafting = officer.get(reverse("desk:case", args=[submitted.id])).content.decode()
    assert "ZHANG New" not in drafting
    actions.take_transition(submitted.id, actor=who, name="resubmit", key=uuid4(), words=DECLARED)

    drawn = officer.get(reverse("desk:case", args=[submitted.id])).content.decode()
    first = officer.get(reverse("desk:case", args=[submitted.id]), {"round": 1}).content.decode()

    assert "第1次补正改动了什么" in drawn
    assert "ZHANG New" in drawn
    assert "Zhang Xiaoyu" in drawn
    assert "补正要求（1 次）" in drawn
    assert "ZHANG New" not in first
    assert officer.get(reverse("desk:case", args=[submitted.id]), {"round": 7}).status_code == 404
