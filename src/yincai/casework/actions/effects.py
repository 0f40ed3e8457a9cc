"""What a transition does beside changing the state; one function a word of the closed list (private to the
room)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from yincai.casework.card_checks import check_card
from yincai.casework.dossier import Dossier
from yincai.casework.exclusivity import live_key
from yincai.casework.finding import index_case
from yincai.casework.holding import check_holds_no_other
from yincai.casework.models import Case, Round
from yincai.casework.sealing import seal
from yincai.casework.vocabulary import CARD_REQUESTED, ROUND_FROZEN, NotComplete, VersionMoved
from yincai.directory import queries as directory
from yincai.engine.spec import Programme
from yincai.engine.workflow import Effect
from yincai.foundation import clock
from yincai.foundation.canonical import canonical_json
from yincai.foundation.statements import insert, value
from yincai.people.vocabulary import person_index
from yincai.programmes import queries as programmes

GIVEN = "SELECT 1 FROM casework_case WHERE reference = %(reference)s"

Changes = dict[str, Any]
Payload = dict[str, Any]


def check_ready(dossier: Dossier) -> None:
    """Refuse to freeze what is not complete (`NotComplete`), not under the version in force (`VersionMoved`),
    or for somebody who holds what bars it (`HoldsAnother`)."""
    case = dossier.row
    if case.submitted_at is None and programmes.current(case.place, case.programme).id != case.publication_id:
        raise VersionMoved
    if dossier.missing:
        raise NotComplete(tuple(dossier.missing))
    check_holds_no_other(dossier)


def freeze_round(dossier: Dossier, changes: Changes, payload: Payload) -> None:
    """Freeze what is submitted: effective answers and material hashes, complete and under the version in
    force.

    The record carries a salted commitment, never an answer, and the hash of the declaration that was given.
    `check_ready` has been passed.
    """
    case, values = dossier.row, dossier.effective
    handed_in = {str(one.id): one.sha256 for one in dossier.documents.values() if one.is_safe}
    number = case.round_number + 1
    salt = secrets.token_hex(16)
    commitment = hmac.new(salt.encode(), canonical_json(values), hashlib.sha256).hexdigest()
    insert(
        Round(
            case=case,
            number=number,
            sealed=seal(case, {"values": values, "salt": salt}, context=f"round:{number}"),
            materials=handed_in,
            commitment=commitment,
            submitted_at=clock.now(),
        )
    )
    changes["round_number"] = number
    if case.submitted_at is None:
        changes["submitted_at"] = clock.now()
    changes |= _person(case, dossier.spec, values)
    _decide_office(dossier, values, changes, payload)
    index_case(case, dossier.spec, values)
    declared = hashlib.sha256(dossier.spec.declaration.encode()).hexdigest()
    payload |= {"round": number, "commitment": commitment, "materials": handed_in, "declaration": declared}


def assign_reference(dossier: Dossier, changes: Changes, payload: Payload) -> None:
    """Give the case its number, once: it stays through every correction.

    Two submissions in the same millisecond get two numbers: the later one takes the next free millisecond.
    """
    if dossier.row.reference is not None:
        return
    pattern = dossier.spec.reference
    at = clock.now().astimezone(clock.CHINA)
    reference = pattern.render(at=at)
    while not _reserve(reference):
        at += timedelta(milliseconds=1)
        reference = pattern.render(at=at)
    changes["reference"] = reference
    payload["reference"] = reference


def release_exclusivity(dossier: Dossier, changes: Changes, payload: Payload) -> None:
    """The person may open another case of this kind."""
    changes["live_key"] = None


def nothing_more(dossier: Dossier, changes: Changes, payload: Payload) -> None:
    """The effect is its event alone."""


@dataclass(frozen=True)
class EffectRule:
    """One word of the closed list: what must hold, what changes, and which event follows.

    `ahead` is a check that takes its time, of the case by its id: made before the case is locked.
    """

    apply: Callable[[Dossier, Changes, Payload], None]
    check: Callable[[Dossier], None] | None = None
    ahead: Callable[[UUID], None] | None = None
    event: str = ""


EFFECTS: dict[Effect, EffectRule] = {
    Effect.FREEZE_ROUND: EffectRule(freeze_round, check=check_ready, event=ROUND_FROZEN),
    Effect.ASSIGN_REFERENCE: EffectRule(assign_reference),
    Effect.RELEASE_EXCLUSIVITY: EffectRule(release_exclusivity),
    Effect.ORDER_CARD: EffectRule(nothing_more, ahead=check_card, event=CARD_REQUESTED),
}


def _decide_office(dossier: Dossier, values: dict[str, Any], changes: Changes, payload: Payload) -> None:
    """The office that handles the case, and on record the rule that decided it, never the answer."""
    rule, place = dossier.spec.office, dossier.row.place
    decided = rule.decide(values, destination_of=lambda name: directory.destination_of(place, name))
    changes["office"] = decided.office
    if rule.is_declared:
        payload |= {"office": decided.office, "office_rule": decided.rule}


def _person(case: Case, spec: Programme, values: dict[str, Any]) -> Changes:
    """Who the application is for: the sealed name for lists, and the key that allows one live case a
    person."""
    changes: Changes = {}
    name = values.get(spec.identity.name)
    if name:
        changes["subject_name"] = seal(case, name, context="subject_name")
    document = values.get(spec.identity.document)
    key = live_key(spec, place=case.place, programme=case.programme, variant=case.variant)
    if document and key:
        changes["subject_index"] = person_index(document["type"], document["number"])
        changes["live_key"] = key
    return changes


def _reserve(reference: str) -> bool:
    """Whether this number is now ours: held by an advisory lock until the transaction ends, and given to
    no case yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 1))", [f"reference:{reference}"]
        )
        (free,) = cursor.fetchone()
    return bool(free) and value(GIVEN, reference=reference) is None
