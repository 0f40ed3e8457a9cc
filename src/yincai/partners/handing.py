"""Handing over: a partner sends somebody here, with what it knows already, by an address that opens once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yincai.engine import forms
from yincai.engine.kinds import Kind
from yincai.engine.spec import Programme
from yincai.foundation import clock, codes
from yincai.foundation.errors import Invalid, NotFound, Problem
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.partners.models import Handover
from yincai.partners.views import handover_view
from yincai.partners.vocabulary import (
    HANDOVER_GOOD_FOR,
    VALUES_KEPT_FOR,
    HandoverView,
    LedgerEvent,
    NewHandover,
    PartnerView,
)
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import NoSuchProgramme

MOST_VALUES = 100
DRAFT_KEPT_FOR = timedelta(days=30)
"""How long values wait in a draft that is not handed in."""
NOT_TAKEN = (Kind.ROWS, Kind.PHOTO, Kind.RICH_TEXT)
OVER = "这个网址已经打开过，或已超过 30 分钟，不能再用。请回到原来的系统重新进入，或直接从本门户办理。"


def make_handover(
    partner: PartnerView,
    *,
    programme: tuple[str, str],
    variant: str = "",
    district: str = "",
    values: Mapping[str, str] | None = None,
    consent: tuple[datetime, str] | None = None,
) -> NewHandover:
    """Keep what a partner knows of somebody, for half an hour, under a token that opens it once.

    `programme` is (place, name); `values` go by the names of the form's inputs.  What is personal needs the
    `consent` of the person: when it was given and how it is proven.  Raises `Invalid`, naming each value that
    the form would not take.
    """
    owner, name = programme
    spec = _offered(partner.place, owner, name)
    given = dict(values or {})
    problems = _problems_of_choice(spec, variant, district) + _problems_of_values(spec, given)
    personal = _is_personal(spec, given)
    if personal and (consent is None or consent[0] > clock.now() or not consent[1].strip()):
        sentence = "带入的内容涉及个人，须写明申请人何时同意（不晚于现在）和同意的凭据，或去掉这些内容。"
        problems.append(Problem("consent", sentence))
    if problems:
        raise Invalid(problems=problems)
    token = secrets.token_urlsafe(32)
    proof = {"at": consent[0].isoformat(), "evidence": consent[1]} if personal and consent else None
    with transaction.atomic():
        row = Handover.objects.create(
            partner_id=partner.id,
            place=partner.place,
            owner=owner,
            programme=name,
            variant=variant,
            district=district,
            token=_digest(token),
            fields=sorted({one.partition(".")[0] for one in given}),
            is_personal=personal,
            values={"values": given, "consent": proof},
            made_at=clock.now(),
            expires_at=clock.now() + HANDOVER_GOOD_FOR,
        )
        _record(row, LedgerEvent.HANDED_OVER, partner.actor)
    return NewHandover(id=row.id, place=row.place, expires_at=row.expires_at, token=token)


def look_at_handover(token: str, *, place: str) -> HandoverView:
    """What the token would open, without its values; `NotFound` when it is over, used, or nobody's."""
    row = Handover.objects.select_related("partner").filter(token=_digest(token), place=place).first()
    if row is None or row.opened_at is not None or row.expires_at <= clock.now():
        raise NotFound(OVER)
    return handover_view(row)


def open_handover(token: str, *, place: str, actor: Actor) -> HandoverView:
    """Open it, once: whoever comes second gets `NotFound`."""
    found = look_at_handover(token, place=place)
    with transaction.atomic():
        closed = Handover.objects.filter(pk=found.id, opened_at__isnull=True, expires_at__gt=clock.now())
        if closed.update(opened_at=clock.now()) != 1:
            raise NotFound(OVER)
        row = Handover.objects.select_related("partner").get(pk=found.id)
        _record(row, LedgerEvent.OPENED, actor)
    return handover_view(row)


def opened_handover(handover_id: UUID) -> HandoverView | None:
    """One that was opened within the last day and is in no case yet."""
    since = clock.now() - VALUES_KEPT_FOR
    rows = Handover.objects.select_related("partner").filter(case__isnull=True, opened_at__gt=since)
    row = rows.filter(pk=handover_id).first()
    return handover_view(row) if row else None


def give_to_case(handover_id: UUID, *, case_id: UUID, owner: str, programme: str) -> bool:
    """Put what was handed over at the disposal of a draft of that programme; whether it was."""
    since = clock.now() - VALUES_KEPT_FOR
    waiting = Handover.objects.filter(pk=handover_id, case__isnull=True, opened_at__gt=since)
    return waiting.filter(owner=owner, programme=programme).update(case_id=case_id) == 1


def handed_over(case_id: UUID) -> tuple[str, dict[str, str]]:
    """Who handed over, and the texts by the names of the form's inputs; nothing once they are forgotten."""
    row = Handover.objects.select_related("partner").filter(case_id=case_id, values__isnull=False).first()
    return (row.partner.name, dict(row.values["values"])) if row else ("", {})


def forget_values(case_id: UUID) -> None:
    """The case was handed in, or deleted: what it did not take is nobody's business."""
    Handover.objects.filter(case_id=case_id).update(values=None)


def forget_old_handovers() -> int:
    """Forget the values of those never opened, opened in vain, or in drafts for a month; how many."""
    now = clock.now()
    over = (
        Q(opened_at__isnull=True, expires_at__lt=now)
        | Q(case__isnull=True, opened_at__lt=now - VALUES_KEPT_FOR)
        | Q(opened_at__lt=now - DRAFT_KEPT_FOR)
    )
    return Handover.objects.filter(over, values__isnull=False).update(values=None)


def _offered(place: str, owner: str, name: str) -> Programme:
    """The programme, where the portal of the place leads to it."""
    systems = [one for one in programmes.systems(place) if one.place == owner]
    known = owner == place or any(name in one.application.programmes for one in systems)
    refusal = Invalid(problems=[Problem("programme", "这个地区的门户没有这个事项。请核对名称。")])
    if not known:
        raise refusal
    try:
        return programmes.current(owner, name).programme
    except NoSuchProgramme:
        raise refusal from None


def _problems_of_choice(spec: Programme, variant: str, district: str) -> list[Problem]:
    problems = []
    if variant and variant not in {one.code for one in spec.variants if one.offered}:
        problems.append(Problem("variant", "这个事项没有这个种类，或现在不办理。请核对代码。"))
    if district and not codes.district_title(district):
        problems.append(Problem("district", "没有这个办理区域。请填写六位区划代码。"))
    return problems


def _problems_of_values(spec: Programme, given: Mapping[str, str]) -> list[Problem]:
    """What the form would not take; values are cleaned by the form's own rules."""
    inputs = _inputs(spec)
    problems = [
        Problem(f"values.{name}", "申请表没有这一项，或不能带入。") for name in given if name not in inputs
    ]
    if len(given) > MOST_VALUES:
        problems.append(Problem("values", f"最多带入 {MOST_VALUES} 项。"))
    for section in spec.sections:
        posted = {name: [text] for name, text in given.items() if inputs.get(name) == section.name}
        if posted:
            cleaned = forms.clean_section(spec, section.name, posted, known={}, today=clock.today())
            names = {one.partition(".")[0] for one in posted}
            problems += [
                Problem(f"values.{one.path}", one.message)
                for one in cleaned.problems
                if one.path.partition(".")[0] in names
            ]
    return problems


def _inputs(spec: Programme) -> dict[str, str]:
    """Every input of the form that can be filled from outside, with its section."""
    found: dict[str, str] = {}
    for section in spec.sections:
        for field in section.fields:
            ends = (".type", ".number") if field.kind is Kind.IDENTITY_DOCUMENT else ("",)
            if field.kind not in NOT_TAKEN:
                found |= {f"{field.name}{end}": section.name for end in ends}
    return found


def _is_personal(spec: Programme, given: Mapping[str, str]) -> bool:
    names = {one.partition(".")[0] for one in given}
    return any(field.personal for section in spec.sections for field in section.fields if field.name in names)


def _record(row: Handover, event: LedgerEvent, actor: Actor) -> None:
    payload = {"handover": str(row.id), "programme": f"{row.owner}/{row.programme}", "fields": row.fields}
    record(chain=row.partner_id, event=event, actor=actor, payload=payload)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
