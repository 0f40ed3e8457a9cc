"""What an applicant hears when something is recorded on their case."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction

from tests.messages.people import Resident
from tests.sandbox.running import RunningSandbox
from yincai.casework import actions as casework
from yincai.casework.vocabulary import CaseView
from yincai.ledger import deliveries, dispatch
from yincai.ledger import queries as ledger
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import SYSTEM, Actor, EntryView
from yincai.messages import actions, queries, tasks
from yincai.messages.models import Message
from yincai.messages.vocabulary import Channel
from yincai.programmes import actions as programmes

PLACE, PROGRAMME = "harbour_city", "library_card"
MESSAGES = """
case.approved:
  inbox:
    title: 您的{programme}申请已通过
    body: 受理编号 {reference}，当前状态 {state}，请到{office}领取。
  sms: 【港城】{reference} 已通过。
"""
ANSWERS = {
    "full_name": ["林小舟"],
    "paper.type": ["111"],
    "paper.number": ["11010519491231002X"],
}


@pytest.fixture
def approved(resident: Resident, tmp_path: Path) -> CaseView:
    """A case of the resident whose one step is taken, under a programme with the texts above."""
    shutil.copytree(settings.PLACES / PLACE, tmp_path / PLACE)
    folder = tmp_path / PLACE / "programmes" / PROGRAMME
    (folder / "messages.yaml").write_text(MESSAGES, "utf8")
    programmes.publish_folder(folder, actor=SYSTEM)
    applicant = Actor("applicant", resident.id)
    case = casework.open_draft(actor=applicant, place=PLACE, programme=PROGRAMME, variant="R", key=uuid4())
    casework.save_section(case.id, actor=applicant, section="reader", posted=ANSWERS, seen_revision=0)
    words = {"confirmation": "1"}
    return casework.take_transition(case.id, actor=applicant, name="apply", key=uuid4(), words=words)


def entry_of(case: CaseView, event: str) -> EntryView:
    [entry] = [entry for entry in ledger.history(case.id) if entry.event == event]
    return entry


def test_applicant_hears_of_the_approval_in_the_inbox_and_by_sms(
    gateway: RunningSandbox, resident: Resident, approved: CaseView
) -> None:
    tasks.tell_applicant(entry_of(approved, "case.approved"))

    [shown] = queries.inbox(resident.id)
    assert shown.title == "您的港城图书馆读者证申请已通过"
    assert shown.body == f"受理编号 {approved.reference}，当前状态 审批通过，请到总馆服务台领取。"
    assert shown.case_id == approved.id
    [by_sms] = Message.objects.filter(channel=Channel.SMS)
    actions.send_sms(by_sms.pk)
    assert gateway.texts(resident.phone) == [f"【港城】{approved.reference} 已通过。"]


def test_entry_delivered_twice_is_told_once(resident: Resident, approved: CaseView) -> None:
    entry = entry_of(approved, "case.approved")

    for attempt in range(2):
        deliveries.deliver(entry.id, "messages.tell_applicant", attempt=attempt)
    tasks.tell_applicant(entry)

    assert Message.objects.count() == 2
    assert ledger.is_delivered(entry.id, "messages.tell_applicant")


def test_event_without_texts_tells_nothing(resident: Resident, approved: CaseView) -> None:
    with transaction.atomic():
        entry = record(
            chain=approved.id, event="case.claimed", actor=Actor("applicant", resident.id), payload={}
        )

    tasks.tell_applicant(ledger.entry(entry.id))

    assert not Message.objects.exists()


def test_house_tells_the_applicant_of_every_event_of_a_case(approved: CaseView) -> None:
    assert "messages.tell_applicant" in dispatch.handlers_of("case.approved")
    assert "messages.tell_applicant" in dispatch.handlers_of("card.issued")
