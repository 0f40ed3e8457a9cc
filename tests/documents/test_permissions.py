from __future__ import annotations

import uuid

import pytest

from tests.documents import files
from tests.documents.conftest import Upload
from yincai.documents import actions, queries
from yincai.documents.permissions import Verb, access_document
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import ANONYMOUS, SYSTEM, Actor

VERBS: tuple[Verb, ...] = ("look", "download", "rotate", "crop", "discard")
YES, NO, HIDDEN = "yes", "no", "hidden"


@pytest.mark.parametrize(
    ("persona", "attached", "case_visible", "answers"),
    [
        ("owner", False, False, (YES, YES, YES, YES, YES)),
        ("owner", True, True, (YES, YES, YES, NO, NO)),
        ("officer of the case", True, True, (YES, YES, YES, NO, NO)),
        ("officer of another office", True, False, (HIDDEN,) * 5),
        ("officer", False, True, (HIDDEN,) * 5),
        ("stranger", False, False, (HIDDEN,) * 5),
        ("stranger", True, True, (HIDDEN,) * 5),
        ("nobody", True, True, (HIDDEN,) * 5),
        ("system", True, True, (HIDDEN,) * 5),
    ],
)
def test_who_may_do_what(
    upload: Upload,
    applicant: Actor,
    stranger: Actor,
    officer: Actor,
    persona: str,
    attached: bool,
    case_visible: bool,
    answers: tuple[str, ...],
) -> None:
    actors = {"owner": applicant, "stranger": stranger, "nobody": ANONYMOUS, "system": SYSTEM}
    there = {"case": uuid.uuid4(), "label": "首次提交"} if attached else {}
    document = upload(files.jpeg(), **there)

    actor = actors.get(persona, officer)

    assert tuple(_answer(actor, document.id, verb, case_visible) for verb in VERBS) == answers


def test_actions_of_a_stranger_change_nothing_and_are_not_recorded(
    inspected: Upload, stranger: Actor, officer: Actor
) -> None:
    document = inspected(files.jpeg())
    before = (queries.document(document.id), len(ledger.history(document.id)))

    for actor in (stranger, officer):
        with pytest.raises(NotFound):
            actions.rotate(document.id, actor=actor, quarter_turns=1)
        with pytest.raises(NotFound):
            actions.discard(document.id, actor=actor)

    assert (queries.document(document.id), len(ledger.history(document.id))) == before


def test_officer_at_the_window_uploads_for_a_resident(
    applicant: Actor, officer: Actor, upload: Upload
) -> None:
    document = upload(files.jpeg(), actor=officer)

    assert document.owner == applicant.id
    assert ledger.history(document.id)[0].actor == officer


def _answer(actor: Actor, document: uuid.UUID, verb: Verb, case_visible: bool) -> str:
    try:
        access_document(actor, document, verb, case_visible=case_visible)
    except NotFound:
        return HIDDEN
    except NotAllowed:
        return NO
    return YES
