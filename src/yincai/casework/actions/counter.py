"""代办: an officer at the counter enters an application; its applicant confirms before it is handed in."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import transaction

from yincai.casework.actions.drafting import open_for
from yincai.casework.actions.transition import take_transition
from yincai.casework.countering import (
    CONFIRMED_WITHIN,
    COUNTER_ROLE,
    CounterView,
    digest_of,
    open_help,
    view_of,
)
from yincai.casework.dossier import Dossier
from yincai.casework.entering import application_missing
from yincai.casework.models import CounterConfirmation, CounterHelp
from yincai.casework.permissions import access_case, office_of
from yincai.casework.vocabulary import (
    COUNTER_CONFIRMED,
    COUNTER_ENDED,
    COUNTER_OPENED,
    CaseConcernsActor,
    CaseView,
    NotComplete,
    NotConfirmed,
    OwnCase,
    Verb,
)
from yincai.engine.workflow import Need
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, Problem
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people import actions as people
from yincai.people import queries as accounts
from yincai.people.vocabulary import QUARTER, CodeUse, Limit, person_index

LOOKUPS_A_DAY = Limit("counter-lookup/officer", 80, QUARTER * 96)
"""Documents that one officer looks up in a day: nobody finds out by trying who has an account."""
HELPS_A_DAY = Limit("counter-help/officer", 40, QUARTER * 96)


def open_counter_help(
    *, actor: Actor, place: str, programme: str, variant: str, applicant: UUID, key: UUID
) -> CounterView:
    """Open a draft that this officer enters for somebody who stands before them; recorded with both.

    The same `key` gives the same.  Raises `NotAllowed` without the role, `OwnCase`, `CaseConcernsActor` for
    whom the officer is kept away from, `TooManyAttempts`, and what `open_draft` raises.
    """
    officer, who = _require_role(actor, place), _officer(actor, place, applicant)
    twin = CounterHelp.objects.filter(opening_key=key, officer_id=officer).select_related("case").first()
    if twin is not None:
        return view_of(twin)
    people.count_attempt(HELPS_A_DAY, subject=str(actor.id))
    with transaction.atomic():
        missing = application_missing(applicant, place=place, programme=programme)
        if missing is not None:
            people.add_application(
                applicant, actor=who, place=missing.place, application=missing.application.name
            )
        case = open_for(applicant, actor=who, place=place, programme=programme, variant=variant, key=key)
        row = CounterHelp.objects.create(
            case_id=case.id,
            officer_id=officer,
            place=place,
            office=office_of(who, place),
            opening_key=key,
            opened_at=clock.now(),
        )
        record(chain=case.id, event=COUNTER_OPENED, actor=who, payload={}, office=row.office)
    return view_of(row)


def ask_confirmation(help_id: UUID, *, actor: Actor) -> UUID:
    """Ask the applicant to confirm what stands in the draft now: a code goes to the phone of their account.

    Raises `NotFound`, `NotComplete`, `Invalid` for an account without a mobile, `NoContactCode`.
    """
    found = _open(help_id, actor)
    dossier = Dossier.draft(access_case(found.actor, found.case, Verb.EDIT))
    if dossier.missing:
        raise NotComplete(tuple(dossier.missing))
    phone = accounts.phone_of(found.applicant)
    if not phone:
        raise Invalid("申请人的账号没有登记手机号，不能用短信确认，没有提交。请先请申请人登记手机号。")
    asked = uuid4()
    people.ask_contact_code(phone, use=CodeUse.COUNTER, about=asked, actor=found.actor)
    CounterConfirmation.objects.create(
        id=asked, help_id=found.id, digest=digest_of(dossier), how="sms", asked_at=clock.now()
    )
    return asked


def submit_confirmed(help_id: UUID, *, actor: Actor, asked: UUID, code: str, key: UUID) -> CaseView:
    """Hand the draft in with the code that its applicant gave for exactly this content.

    The code and the confirmation count once, within ten minutes.  Whatever changed since it was asked for
    makes it void.  Raises `NotFound`, `WrongPhoneCode`, `TooManyAttempts`, `NotConfirmed`, and what
    `take_transition` raises; the help ends with the submission.
    """
    found = _open(help_id, actor)
    row = CounterConfirmation.objects.filter(pk=asked, help_id=found.id, spent_at=None).first()
    if row is None:
        raise NotConfirmed
    if row.confirmed_at is None:
        if clock.now() >= row.asked_at + CONFIRMED_WITHIN:
            raise NotConfirmed
        people.show_contact_code(asked, use=CodeUse.COUNTER, code=code)
        with transaction.atomic():
            CounterConfirmation.objects.filter(pk=asked).update(confirmed_at=clock.now())
            record(
                chain=found.case,
                event=COUNTER_CONFIRMED,
                actor=Actor("applicant", found.applicant, "applicant"),
                payload={"how": row.how},
            )
    case = access_case(found.actor, found.case, Verb.EDIT)
    return take_transition(
        found.case,
        actor=found.actor,
        name=Dossier.draft(case).case.way_out.name,
        key=key,
        words={Need.CONFIRMATION: "on"},
    )


def end_counter_help(help_id: UUID, *, actor: Actor) -> None:
    """Stop entering; the draft stays with its applicant, who goes on alone.  `NotFound`."""
    found = _open(help_id, actor)
    with transaction.atomic():
        rows = CounterHelp.objects.filter(pk=found.id, ended_at=None)
        if rows.update(ended_at=clock.now()):
            record(chain=found.case, event=COUNTER_ENDED, actor=found.actor, payload={}, office=found.office)


def find_or_open_account(*, actor: Actor, place: str, name: str, kind: str, number: str, phone: str) -> UUID:
    """The account of whoever shows this document at the counter, opened for them where there is none.

    One that there is must be of the same name; its phone stays.  A new one has no password: its owner sets
    one with 忘记密码, by document and phone.  Raises `NotAllowed`, `Invalid` with problems by input.
    """
    _require_role(actor, place)
    people.count_attempt(LOOKUPS_A_DAY, subject=str(actor.id))
    checked_name, checked_number = accounts.check_identity(name, kind, number)
    known = accounts.account_of_document(kind, checked_number)
    if known is not None:
        identity = accounts.identity_of(known)
        if identity is None or identity.name != checked_name:
            sentence = "这个证件号码已有账号，登记的姓名与填写的不一致，没有打开。请对照证件原件核对。"
            raise Invalid(problems=[Problem("name", sentence)])
        return known
    with transaction.atomic():
        account = people.register_account(
            username=f"u{uuid4().hex[:15]}", password=None, phone=phone, actor=actor
        )
        people.give_identity(account, actor=actor, name=name, kind=kind, number=number)
    return account.pk


def _officer(actor: Actor, place: str, applicant: UUID) -> Actor:
    """This officer acting for the applicant, if they may."""
    _require_role(actor, place)
    if actor.id == applicant:
        raise OwnCase
    identity = accounts.identity_of(applicant)
    kept_away = accounts.document_indexes(actor.id) if actor.id else ()
    if identity is not None and person_index(identity.kind, identity.number) in kept_away:
        raise CaseConcernsActor
    return Actor("staff", actor.id, COUNTER_ROLE, behalf=applicant)


def _require_role(actor: Actor, place: str) -> UUID:
    """The account of an officer who may enter applications in the place; `NotAllowed` for others."""
    if actor.kind != "staff" or actor.id is None:
        raise NotAllowed
    if COUNTER_ROLE not in accounts.staff_roles(actor.id, place=place):
        raise NotAllowed
    return actor.id


def _open(help_id: UUID, actor: Actor) -> CounterView:
    found = open_help(actor.id, help_id) if actor.kind == "staff" and actor.id else None
    if found is None:
        raise NotFound
    _require_role(actor, found.place)
    return found
