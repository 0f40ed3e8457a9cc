"""Every programme that ships tells people of everything that happens, by every channel."""

from __future__ import annotations

import pytest

from tests.engine.test_trials import ROOT
from yincai.engine.loading import load_folder
from yincai.engine.workflow import APPLICANT, Effect

FOLDERS = sorted(one.parent for one in (ROOT / "places").glob("*/programmes/*/programme.yaml"))
OF_CARDS = {"card.cancelled", "card.withdrawn", "card.replaced", "card.expiring", "card.expired"}


def events_of(programme):
    table = programme.workflow
    held = [state for state in table.states if state.limit is not None]
    found = {way.event for way in table.transitions} | OF_CARDS
    if not any(way.event == "case.issued" for way in table.transitions):
        found.add("card.issued")
    else:  # a second card is announced by no step of the case
        found.add("card.reissued")
    if any(state.holder == APPLICANT for state in held):
        found.add("case.due_soon")
    if any(not state.limit.at_end for state in held):
        found.add("case.overdue")
    return found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_event_has_an_inbox_message_an_sms_and_an_email(folder):
    programme = load_folder(folder)

    lacking = [
        (event, channel)
        for event in sorted(events_of(programme))
        for channel in ("inbox_title", "inbox_body", "sms", "email_subject", "email_body")
        if getattr(programme.message(event), channel, None) is None
    ]

    assert any(Effect.ORDER_CARD in way.effects for way in programme.workflow.transitions)
    assert lacking == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_leaves_the_house_holds_no_answer_and_no_reason(folder):
    programme = load_folder(folder)
    fields = {field.name for section in programme.sections for field in section.fields}

    for message in programme.messages:
        for text in (message.sms, message.email_subject, message.email_body):
            assert text is not None
            assert not text.names & (fields | {"reason"}), message.event


def test_sms_is_short_enough_for_two_parts():
    sentences = {
        message.event: message.sms.text
        for folder in FOLDERS
        for message in load_folder(folder).messages
        if message.sms is not None and len(message.sms.text) > 110
    }

    assert sentences == {}
