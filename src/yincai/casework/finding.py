"""By which words a case is found and whom it concerns: blind indexes of names, numbers and phones (private
to the room)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from yincai.casework.models import Case, CaseKey
from yincai.engine.kinds import Kind
from yincai.engine.spec import Programme
from yincai.foundation import clock, codes
from yincai.foundation.encryption import blind_index
from yincai.foundation.errors import YincaiError
from yincai.foundation.identifiers import check_document, normalise_phone
from yincai.foundation.names import check_person_name
from yincai.foundation.once import once
from yincai.foundation.statements import lines
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people
from yincai.people.vocabulary import person_index

NAME_PURPOSE, PHONE_PURPOSE = "casework.name", "casework.phone"
DOCUMENT_TYPES = "document_types"


class Word(StrEnum):
    """What a case is found by."""

    NAME = "name"
    DOCUMENT = "document"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Term:
    """One word under which to look."""

    kind: Word
    digest: bytes


CONCERNING = """
    SELECT DISTINCT case_id FROM casework_casekey WHERE kind = 'document' AND digest = ANY(%(digests)s)
"""


def index_case(case: Case, spec: Programme, values: Mapping[str, Any]) -> None:
    """Write the words of what is being submitted; those of an earlier round go."""
    received = case.submitted_at or clock.now()
    CaseKey.objects.filter(case=case).delete()
    found: dict[tuple[str, bytes], bool] = {}
    for term, subject in _words(spec, values):
        place = (term.kind.value, term.digest)
        found[place] = found.get(place, False) or subject
    CaseKey.objects.bulk_create(
        CaseKey(case=case, kind=kind, digest=digest, subject=subject, received_at=received)
        for (kind, digest), subject in found.items()
    )


def terms_of(text: str) -> list[Term]:
    """What a typed text may be: a name, a number of any kind of document, a phone."""
    text = text.strip()
    found: list[Term] = []
    with suppress(YincaiError):  # then it is no name
        found.append(Term(Word.NAME, _name(check_person_name(text))))
    for kind in codes.load(DOCUMENT_TYPES).codes:
        with suppress(YincaiError):  # then it is no number of this kind
            number = check_document(kind, text, today=clock.today())
            found.append(Term(Word.DOCUMENT, person_index(kind, number)))
    with suppress(YincaiError):  # then it is no phone
        found.append(Term(Word.PHONE, _phone(normalise_phone(text))))
    return found


def cases_concerning(actor: Actor) -> list[UUID]:
    """The cases that name the actor, as applicant or in a table, by the number of their appointments."""
    digests = people.document_indexes(actor.id) if actor.id else ()
    if not digests:
        return []
    found = once(("concerning", actor.id), lambda: lines(CONCERNING, digests=list(digests)))
    return [case_id for (case_id,) in found]


def concerns(actor: Actor, case: Case) -> bool:
    """Whether a case names the actor."""
    return case.id in cases_concerning(actor)


def _words(spec: Programme, values: Mapping[str, Any]) -> Iterator[tuple[Term, bool]]:
    identity = spec.identity
    if name := values.get(identity.name):
        yield Term(Word.NAME, _name(name)), True
    if phone := values.get(identity.phone):
        yield Term(Word.PHONE, _phone(phone)), True
    if document := values.get(identity.document):
        yield Term(Word.DOCUMENT, person_index(document["type"], document["number"])), True
    for field, row in _rows(spec, values):
        if document := row.get(field):
            yield Term(Word.DOCUMENT, person_index(document["type"], document["number"])), False


def _rows(spec: Programme, values: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every row with every column of it that holds an identity document."""
    for section in spec.sections:
        for table in section.fields:
            for column in table.rows:
                if column.kind is Kind.IDENTITY_DOCUMENT:
                    yield from ((column.name, row) for row in values.get(table.name) or ())


def _name(name: str) -> bytes:
    """Letter case, width and spaces do not matter."""
    return blind_index("".join(unicodedata.normalize("NFKC", name).casefold().split()), purpose=NAME_PURPOSE)


def _phone(phone: str) -> bytes:
    return blind_index(phone, purpose=PHONE_PURPOSE)
