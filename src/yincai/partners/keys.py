"""Partners and their keys: registered, made, revoked by administrators; recognised at every request.

A key is `yk_<label>_<secret>`: the label finds its row, the secret (200 random bits) is compared by digest.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, Problem, SomeoneWasFirst
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.partners.models import Key, Partner
from yincai.partners.permissions import require_administrator
from yincai.partners.views import PREFIX, key_view, partner_view
from yincai.partners.vocabulary import (
    MOST_KEYS,
    MOST_PER_MINUTE,
    PAGE,
    PER_MINUTE,
    KeyView,
    LedgerEvent,
    NewKey,
    PartnerView,
    Scope,
    WrongKey,
)
from yincai.programmes import queries as programmes

SHAPE = re.compile(r"yk_([a-z2-7]{12})_([a-z2-7]{40})")
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
NOTED_EVERY = timedelta(minutes=1)
LONGEST_NAME, LONGEST_NOTE = 60, 100
ONCE = "这个表单已经发过一把密钥，没有再发。密钥只显示一次；没有记下的，请撤销它，再发一把。"


def register_partner(
    *, actor: Actor, place: str, name: str, office: str = "", form: UUID | None = None
) -> PartnerView:
    """Register a system of another organisation; residents will read its name beside what it hands over.

    `office` limits what it sees to the cases of one office of the place.  `form` is the key of the form: sent
    twice, it registers once.  Raises `Invalid`, `NotAllowed`.
    """
    require_administrator(actor, place=place)
    if form and (known := Partner.objects.filter(pk=form, place=place).first()):
        return partner_view(known)
    name = " ".join(name.split())
    problems = []
    if not 2 <= len(name) <= LONGEST_NAME or not name.isprintable():
        problems.append(Problem("name", f"请填写系统名称，2 到 {LONGEST_NAME} 个字。申请人会看到它。"))
    if office and office not in {one.name for one in programmes.place(place).offices}:
        problems.append(Problem("office", "请从列表中选择机构，或选择全部。"))
    if problems:
        raise Invalid(problems=problems)
    try:
        with transaction.atomic():
            row = Partner.objects.create(
                id=form or uuid4(), place=place, name=name, office=office, registered_at=clock.now()
            )
            payload = {"place": place, "name": name, "office": office}
            record(chain=row.id, event=LedgerEvent.REGISTERED, actor=actor, payload=payload)
    except IntegrityError as error:
        sentence = "已经有同名的对接系统，没有再登记。请在列表中打开它，或换一个名称。"
        raise Invalid(problems=[Problem("name", sentence)]) from error
    return partner_view(row)


def make_key(
    partner_id: UUID,
    *,
    actor: Actor,
    place: str,
    scopes: Collection[str],
    note: str = "",
    networks: Sequence[str] = (),
    per_minute: int = PER_MINUTE,
    expires_at: datetime | None = None,
    form: UUID | None = None,
) -> NewKey:
    """Make a key; the whole of it is in the answer and nowhere else.

    `form` is the key of the form; sent twice, it is `SomeoneWasFirst`: the secret is gone.  Raises `Invalid`,
    `NotAllowed`.
    """
    require_administrator(actor, place=place)
    row = _partner(partner_id, place)
    wanted, allowed = _checked(scopes, note, networks, per_minute, expires_at)
    label, secret = _letters(12), _letters(40)
    with transaction.atomic():
        Partner.objects.select_for_update().get(pk=row.pk)
        if form and Key.objects.filter(pk=form).exists():
            raise SomeoneWasFirst(ONCE)
        if row.keys.filter(revoked_at__isnull=True).count() >= MOST_KEYS:
            raise Invalid(f"这个系统已有 {MOST_KEYS} 把有效的密钥，没有再发。请先撤销不用的。")
        key = Key.objects.create(
            id=form or uuid4(),
            partner=row,
            label=label,
            digest=_digest(secret),
            note=note.strip(),
            scopes=sorted(wanted),
            networks=allowed,
            per_minute=per_minute,
            made_at=clock.now(),
            expires_at=expires_at,
        )
        record(
            chain=row.id,
            event=LedgerEvent.KEY_MADE,
            actor=actor,
            payload={
                "key": f"{PREFIX}{label}",
                "scopes": sorted(wanted),
                "networks": allowed,
                "until": expires_at.isoformat() if expires_at else "",
            },
        )
    return NewKey(key_view(key), f"{PREFIX}{label}_{secret}")


def revoke_key(key_id: UUID, *, actor: Actor, place: str) -> KeyView:
    """End a key at once.  Raises `NotFound`, `NotAllowed`, `SomeoneWasFirst` when it ended before."""
    require_administrator(actor, place=place)
    with transaction.atomic():
        key = Key.objects.select_related("partner").filter(pk=key_id, partner__place=place).first()
        if key is None:
            raise NotFound
        now = clock.now()
        if Key.objects.filter(pk=key_id, revoked_at__isnull=True).update(revoked_at=now) != 1:
            raise SomeoneWasFirst("这把密钥已经撤销过了。请刷新页面查看。")
        payload = {"key": f"{PREFIX}{key.label}"}
        record(chain=key.partner_id, event=LedgerEvent.KEY_REVOKED, actor=actor, payload=payload)
        key.revoked_at = now
    return key_view(key)


def recognise(text: str, *, address: str) -> KeyView:
    """The key that somebody at this network address shows; `WrongKey` whatever is wrong with it.

    Notes, at most once a minute, that it was used.
    """
    shape = SHAPE.fullmatch(text)
    row = Key.objects.select_related("partner").filter(label=shape[1]).first() if shape else None
    digest = _digest(shape[2]) if shape else b""
    now = clock.now()
    if row is None or not hmac.compare_digest(bytes(row.digest), digest):
        raise WrongKey
    found = key_view(row)
    if not found.is_good(at=now) or not _is_from(found.networks, address):
        raise WrongKey
    if found.last_used_at is None or found.last_used_at < now - NOTED_EVERY:
        Key.objects.filter(pk=row.pk).update(last_used_at=now)
    return found


def partner(partner_id: UUID, *, place: str) -> PartnerView:
    """One partner of a place; `NotFound` otherwise."""
    return partner_view(_partner(partner_id, place))


def partners_of(place: str, *, after: str = "") -> tuple[list[PartnerView], str]:
    """The partners of a place by name, a page of them, and what the next page comes `after` (empty: none)."""
    rows = list(Partner.objects.filter(place=place, name__gt=after).order_by("name")[: PAGE + 1])
    return [partner_view(row) for row in rows[:PAGE]], rows[PAGE - 1].name if len(rows) > PAGE else ""


def keys_of(partner_id: UUID) -> list[KeyView]:
    """The keys of a partner, newest first, at most 100, those that ended among them."""
    rows = Key.objects.select_related("partner").filter(partner_id=partner_id)
    return [key_view(row) for row in rows.order_by("-made_at", "pk")[:100]]


def _partner(partner_id: UUID, place: str) -> Partner:
    row = Partner.objects.filter(pk=partner_id, place=place).first()
    if row is None:
        raise NotFound
    return row


def _checked(
    scopes: Collection[str],
    note: str,
    networks: Sequence[str],
    per_minute: int,
    expires_at: datetime | None,
) -> tuple[set[str], list[str]]:
    wanted = set(scopes)
    problems = []
    if not wanted or not wanted <= {one.value for one in Scope}:
        problems.append(Problem("scopes", "请至少选择一项权限。"))
    if len(note.strip()) > LONGEST_NOTE:
        problems.append(Problem("note", f"用途说明最多 {LONGEST_NOTE} 个字。"))
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        problems.append(Problem("per_minute", f"每分钟次数请填 1 到 {MOST_PER_MINUTE} 的整数。"))
    if expires_at is not None and expires_at <= clock.now():
        problems.append(Problem("until", "到期日须在今天之后。没有期限的请留空。"))
    allowed = []
    for text in networks[:50]:
        try:
            allowed.append(str(ipaddress.ip_network(text.strip(), strict=False)))
        except ValueError:
            problems.append(
                Problem("networks", f"「{text[:50]}」不是网络地址，请按 203.0.113.0/24 的样子填写。")
            )
    if problems:
        raise Invalid(problems=problems)
    return wanted, allowed


def _is_from(networks: Sequence[str], address: str) -> bool:
    """Whether an address, or the network that stands for one, lies in one of these; any does in none."""
    if not networks:
        return True
    try:
        here = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return False
    known = [ipaddress.ip_network(one) for one in networks]
    return any(here.version == one.version and here.subnet_of(one) for one in known)  # type: ignore[arg-type]  # same version


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
