"""Inviting a spouse to upload their own documents, and what the invited person does."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from yincai.casework import reading
from yincai.casework.actions.material import enter_material, known_material, room_in
from yincai.casework.corrections import scope_for
from yincai.casework.dossier import Dossier
from yincai.casework.inviting import (
    BROWSER_PURPOSE,
    GONE,
    MOST_OPEN,
    OPEN_FOR,
    TOKEN_PURPOSE,
    InvitedView,
    concerning_spouse,
    counted,
    live,
)
from yincai.casework.models import Case, Invitation, InvitedDocument
from yincai.casework.permissions import access_case
from yincai.casework.slots import kinds_of
from yincai.casework.vocabulary import (
    INVITATION_ENDED,
    INVITATION_MADE,
    INVITATION_OPENED,
    Verb,
    label_of,
)
from yincai.documents import actions as documents
from yincai.documents import queries as files
from yincai.documents.vocabulary import Purpose, State
from yincai.foundation import clock
from yincai.foundation.encryption import blind_index
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, Problem, SomeoneWasFirst
from yincai.foundation.identifiers import IdentifierError, normalise_phone, takes_text_messages
from yincai.foundation.names import check_person_name
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import ANONYMOUS, Actor
from yincai.people import actions as people
from yincai.people.vocabulary import QUARTER, CodeUse, Limit

INVITATIONS_A_DAY = Limit("invitation/account", 10, QUARTER * 96)
UPLOADS_OF_ONE = Limit("invitation-upload/invitation", 40, QUARTER * 96)


def invite_spouse(
    case_id: UUID, *, actor: Actor, name: str, phone: str, slots: Sequence[str], key: UUID
) -> tuple[UUID, str]:
    """Invite a named person to upload what concerns them; the invitation and what its link says (128 bits).

    Only its hash is kept: the link is shown this one time.  Raises `NotFound`, `NotAllowed` for an officer
    who enters for the applicant, `Invalid` with problems at `name`, `phone`, `slots`, `TooManyAttempts`.
    """
    if actor.behalf is not None:
        raise NotAllowed("邀请配偶由申请人本人办理，没有发出邀请。")
    case = access_case(actor, case_id, Verb.EDIT)
    dossier = Dossier.draft(case)
    checked_name, number = _checked(dossier, name, phone, slots)
    if Invitation.objects.filter(submission_key=key).exists():
        raise SomeoneWasFirst("这个邀请已经发出，链接只显示一次。没有记下的，请撤回后重新邀请。")
    people.count_attempt(INVITATIONS_A_DAY, subject=str(case.account_id))
    token, now = secrets.token_urlsafe(16), clock.now()
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.EDIT, lock=True)
        waiting = Invitation.objects.filter(case=case, ended_at=None, expires_at__gt=now)
        if waiting.count() >= MOST_OPEN:
            raise Invalid(f"一件申请同时最多 {MOST_OPEN} 个邀请，这一个没有发出。请先撤回不用的。")
        made = Invitation.objects.create(
            case=case,
            token=blind_index(token, purpose=TOKEN_PURPOSE),
            name=checked_name,
            phone=number,
            slots=list(dict.fromkeys(slots)),
            submission_key=key,
            made_at=now,
            expires_at=now + OPEN_FOR,
        )
        payload = {"invitation": str(made.pk), "slots": list(made.slots)}
        record(chain=case.id, event=INVITATION_MADE, actor=actor, payload=payload)
    return made.pk, token


def revoke_invitation(case_id: UUID, invitation_id: UUID, *, actor: Actor) -> None:
    """End an invitation at once; what was uploaded stays in the case.  `NotFound`."""
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.EDIT, lock=True)
        row = Invitation.objects.filter(pk=invitation_id, case=case, ended_at=None).first()
        if row is None:
            raise NotFound
        _end(row, actor, how="revoked")


def invited(token: str, *, browser: str) -> InvitedView:
    """What the link opens in this browser; `NotFound` for one that is used up, over or was never given."""
    row, case = live(token)
    shown = _is_shown(row, browser)
    if row.browser is not None and not shown:
        raise NotFound(GONE)
    slots = counted(row, concerning_spouse(Dossier.draft(case))) if shown else ()
    return InvitedView(
        row.pk, row.name, row.phone, shown, row.agreed_at is not None, row.shares, slots, row.expires_at
    )


def ask_invited_code(token: str) -> None:
    """Have a code sent to the phone that the applicant named.  `NotFound`, `NoContactCode`."""
    row, _ = live(token)
    people.ask_contact_code(row.phone, use=CodeUse.INVITATION, about=row.pk, actor=ANONYMOUS)


def open_invitation(token: str, *, code: str) -> str:
    """Open the link with the code; what this browser must show from now on, and no other can.

    Raises `NotFound`, also where it was opened before, `WrongPhoneCode`, `TooManyAttempts`.
    """
    row, _ = live(token)
    if row.browser is not None:
        raise NotFound(GONE)
    people.show_contact_code(row.pk, use=CodeUse.INVITATION, code=code)
    browser = secrets.token_urlsafe(16)
    with transaction.atomic():
        mine = blind_index(browser, purpose=BROWSER_PURPOSE)
        if not Invitation.objects.filter(pk=row.pk, browser=None).update(browser=mine, opened_at=clock.now()):
            raise NotFound(GONE)
        payload = {"invitation": str(row.pk)}
        record(chain=row.case_id, event=INVITATION_OPENED, actor=ANONYMOUS, payload=payload)
    return browser


def upload_invited(
    token: str, *, browser: str, slot: str, upload: File[bytes], agrees: bool, shares: bool, key: UUID
) -> None:
    """Take a file of the invited person into a place that they were asked for.

    Raises `NotFound`, `Invalid` (no agreement, a full place, a file that cannot be used), `NotPinned`,
    `TooManyAttempts`.
    """
    row, case = _shown(token, browser)
    if not agrees:
        raise Invalid("请先勾选同意，再上传。没有保存任何文件。")
    if slot not in {one.name for one, _ in counted(row, concerning_spouse(Dossier.draft(case)))}:
        raise NotFound
    people.count_attempt(UPLOADS_OF_ONE, subject=str(row.pk))
    ever = reading.materials_ever(case.id)
    if known_material(ever, key) is not None:
        return
    room_in(case, ever, slot)
    who = Actor("anonymous", role=INVITED, behalf=case.account_id)
    stored = documents.store_upload(upload, actor=who, owner=case.account_id)
    with transaction.atomic():
        row, case = live(token, lock=True)
        ever = reading.materials_ever(case.id)
        if known_material(ever, key) is not None:
            return
        accept = kinds_of(room_in(case, ever, slot))
        label = label_of(case.round_number + 1)
        made = documents.enter_upload(
            stored, actor=who, purpose=Purpose.MATERIAL, slot=slot, accept=accept, case=case.id, label=label
        )
        enter_material(case, ever, key=key, slot=slot, document=made.id, actor=who)
        InvitedDocument.objects.create(document_id=made.id, invitation=row)
        row.agreed_at, row.shares = row.agreed_at or clock.now(), shares
        row.save(update_fields=["agreed_at", "shares"])
    state, reason = files.wait_until_inspected([made.id], timeout=settings.UPLOAD_WAIT_SECONDS)[made.id]
    if state is State.REFUSED:
        raise Invalid(f"{reason}这个文件已收到但不能使用，申请人会删除它。请换一个再传。")


def finish_invitation(token: str, *, browser: str) -> None:
    """The invited person is done; the link leads nowhere from now on.  `NotFound`."""
    with transaction.atomic():
        row, _ = _shown(token, browser)
        _end(row, ANONYMOUS, how="finished")


INVITED = "invited"


def _shown(token: str, browser: str) -> tuple[Invitation, Case]:
    row, case = live(token)
    if not _is_shown(row, browser):
        raise NotFound(GONE)
    return row, case


def _is_shown(row: Invitation, browser: str) -> bool:
    if row.browser is None or not browser:
        return False
    return bytes(row.browser) == blind_index(browser, purpose=BROWSER_PURPOSE)


def _end(row: Invitation, actor: Actor, *, how: str) -> None:
    if Invitation.objects.filter(pk=row.pk, ended_at=None).update(ended_at=clock.now()):
        payload = {"invitation": str(row.pk), "how": how}
        record(chain=row.case_id, event=INVITATION_ENDED, actor=actor, payload=payload)


def _checked(dossier: Dossier, name: str, phone: str, slots: Sequence[str]) -> tuple[str, str]:
    problems: list[Problem] = []
    checked, number = "", ""
    try:
        checked = check_person_name(name)
    except IdentifierError as error:
        problems.append(Problem("name", error.sentence))
    try:
        number = normalise_phone(phone)
        if not takes_text_messages(number):
            raise IdentifierError("这个号码收不到短信。请填写配偶的手机号。")
    except IdentifierError as error:
        problems.append(Problem("phone", error.sentence if phone.strip() else "请填写配偶的手机号。"))
    open_to = scope_for(dossier)
    known = {one.name for one in concerning_spouse(dossier) if open_to.is_open(one.name)}
    if not slots or not set(slots) <= known:
        problems.append(Problem("slots", "请勾选要请配偶上传的材料。"))
    if problems:
        raise Invalid(problems=problems)
    return checked, number
