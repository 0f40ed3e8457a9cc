"""What lies in a case is opened through either door by whoever may; a Word file as text and as it was."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.answers import picture
from tests.cases import submit
from tests.documents.files import word
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView
from yincai.documents.inspection import inspect_document
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor

ActorOf = Callable[[str], Actor]
BrowserOf = Callable[[str], Client]
DOORS = [("desk", "window_officer"), ("portal", "applicant")]


@pytest.fixture
def word_file(complete: CaseView, actor: ActorOf) -> UUID:
    """A Word file in a case that was handed in."""
    upload = SimpleUploadedFile("申请表.docx", word())
    added = actions.add_material(
        complete.id, actor=actor("applicant"), slot="application_form", upload=upload
    )
    inspect_document(added.document_id)
    submit(complete.id, actor("applicant"))
    return added.document_id


@pytest.mark.parametrize(("door", "who"), DOORS)
def test_word_file_is_read_as_plain_text(
    door: str, who: str, word_file: UUID, complete: CaseView, browser: BrowserOf
) -> None:
    answer = browser(who).get(reverse(f"{door}:document-text", args=[complete.id, word_file]))

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "学历：硕士研究生" in answer.content.decode()


@pytest.mark.parametrize(("door", "who"), DOORS)
def test_word_file_is_kept_as_it_was_uploaded(
    door: str, who: str, word_file: UUID, complete: CaseView, browser: BrowserOf
) -> None:
    answer = browser(who).get(reverse(f"{door}:document-original", args=[complete.id, word_file]))

    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer.content.startswith(b"PK")


@pytest.mark.parametrize(("door", "who"), DOORS)
def test_page_of_a_case_leads_to_its_word_file(
    door: str, who: str, word_file: UUID, complete: CaseView, browser: BrowserOf
) -> None:
    shown = browser(who).get(reverse(f"{door}:case", args=[complete.id])).content.decode()

    assert reverse(f"{door}:document-text", args=[complete.id, word_file]) in shown
    assert reverse(f"{door}:document-original", args=[complete.id, word_file]) in shown


def test_looks_of_staff_at_a_word_file_are_on_record_and_the_applicants_are_not(
    word_file: UUID, complete: CaseView, browser: BrowserOf
) -> None:
    for door, who in DOORS:
        for name in ("document-text", "document-original"):
            browser(who).get(reverse(f"{door}:{name}", args=[complete.id, word_file]))

    looks = [one for one in ledger.history(complete.id) if one.is_read]
    assert [one.payload["what"] for one in looks] == [f"document:{word_file}"] * 2
    assert {one.actor.role for one in looks} == {"window_officer"}


@pytest.mark.parametrize(("door", "who"), DOORS)
def test_picture_has_neither_text_nor_original(
    door: str, who: str, submitted: CaseView, browser: BrowserOf
) -> None:
    scan = cases.materials(submitted.id)[0].document_id

    for name in ("document-text", "document-original"):
        assert browser(who).get(reverse(f"{door}:{name}", args=[submitted.id, scan])).status_code == 404


@pytest.mark.parametrize(("door", "who"), DOORS)
def test_document_of_another_case_is_not_found(
    door: str, who: str, submitted: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    stranger = actor("stranger")
    other = actions.open_draft(
        actor=stranger, place=submitted.place, programme=submitted.programme, variant="A", key=uuid4()
    )
    theirs = actions.add_material(other.id, actor=stranger, slot="photo", upload=picture()).document_id
    inspect_document(theirs)

    answer = browser(who).get(reverse(f"{door}:document", args=[submitted.id, theirs, 1]))

    assert answer.status_code == 404
    assert not [one for one in ledger.history(submitted.id) if one.is_read]


@pytest.mark.parametrize(("door", "who"), [("desk", "approver"), ("portal", "stranger")])
def test_document_of_a_case_that_is_not_theirs_is_not_found(
    door: str, who: str, word_file: UUID, complete: CaseView, browser: BrowserOf
) -> None:
    for name in ("document-text", "document-original"):
        assert browser(who).get(reverse(f"{door}:{name}", args=[complete.id, word_file])).status_code == 404
