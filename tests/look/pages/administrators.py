"""The pages of the administration, empty, filled and with mistakes."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.answers import OTHER_NUMBER
from tests.cases import PLACE, take
from tests.look.pages.album import Album, Cast
from yincai.foundation import clock
from yincai.partners import queries as partners
from yincai.partners.events import note_event
from yincai.partners.models import Delivery, Endpoint
from yincai.partners.vocabulary import PAGE as PARTNERS_PAGE
from yincai.partners.vocabulary import SUBSCRIBABLE, DeliveryState, Kind, Scope
from yincai.people import actions as people


def at(name: str, *args: object) -> str:
    """An address of the administration."""
    return reverse(f"desk:admin-{name}", args=args)


def take_all(album: Album, cast: Cast) -> None:
    """Every page of `desk/admin/`."""
    chief = cast.browser("administrator")
    for name in ("staff", "appoint", "reasons", "calendar", "statistics", "exports", "partners"):
        album.take(f"{name}, as it starts", chief, at(name))
    album.take("front", chief, reverse("desk:admin"))
    take_staff(album, cast, chief)
    take_reasons(album, chief)
    take_calendar(album, cast, chief)
    take_figures(album, cast, chief)
    take_partners(album, chief)


def take_staff(album: Album, cast: Cast, chief: Client) -> None:
    """Appointing, one member, a lost phone, documents by which somebody is kept away."""
    for name in personas.STAFF:
        cast.account(name)
    album.take("staff, many", chief, at("staff"))
    album.take("appoint, wrong", chief, at("appoint"), {"username": "nobody", "since": "x"}, status=422)
    member = cast.account("window_officer")
    people.enrol_totp(member)
    album.take("member", chief, at("member", member.pk))
    album.take("member, myself", chief, at("member", cast.account("administrator").pk))
    album.take("member, wrong name", chief, at("rename", member.pk), {"name": "1"}, status=422)
    reset = at("ask-reset", member.pk)
    album.take("reset, no reason", chief, reset, {"reason": ""}, status=422)
    album.take("reset, asked", chief, reset, {"reason": "手机丢失，已当面核对身份。"})
    away = at("kept-away", member.pk)
    album.take("kept away, none", chief, away)
    album.take("kept away, wrong", chief, away, {"relation": "", "kind": "", "number": ""}, status=422)
    noted = {"place": PLACE, "kind": "111", "relation": "spouse", "number": OTHER_NUMBER}
    album.take("kept away, one", chief, away, noted)


def take_reasons(album: Album, chief: Client) -> None:
    """A reason worded wrongly, added and retired."""
    album.take("reasons, wrong", chief, at("reasons"), {"label": "", "position": "x"}, status=422)
    album.take("reasons, added", chief, at("reasons"), {"label": "照片不合规格", "about": "document"})
    one = at("reason", "not_filled")
    album.take("reason", chief, one)
    wrong = {"label": "缺少材料", "position": "7", "seen": "0"}
    album.take("reason, wrong", chief, one, wrong, status=422)
    retire = at("reason-retire", "not_filled")
    album.take("reason, wrong day", chief, retire, {"seen": "0", "on": "gone"}, status=422)
    album.take("reason, retired", chief, retire, {"seen": "0", "on": "2099-12-31"})
    album.take("reason, before its end", chief, one)


def take_calendar(album: Album, cast: Cast, chief: Client) -> None:
    """A year, one without data, a day whose setting would move limits, set."""
    case = cast.resident().submitted()
    take(case.id, cast.staff("window_officer"), "accept")
    due = take(case.id, cast.staff("window_officer"), "check_originals", confirmation="on").due_at
    assert due is not None
    album.take("calendar, unknown year", chief, at("calendar") + "?year=2031")
    preview = at("calendar-preview")
    album.take("day, wrong", chief, preview, {"day": "32"}, status=422)
    day = {"day": clock.day_of(due).isoformat(), "kind": "off", "source": "某通知〔2026〕1号", "note": "放假"}
    shown = album.take("day, seen before", chief, preview, day).content.decode()
    seen = re.search('name="seen" value="([0-9]+)"', shown)
    assert seen
    album.take("day, not chosen", chief, at("calendar-set"), day, status=422)
    album.take("day, set", chief, at("calendar-set"), day | {"limits": "keep", "seen": seen[1]})


def take_figures(album: Album, cast: Cast, chief: Client) -> None:
    """Figures and spreadsheets."""
    album.take("statistics, filled", chief, at("statistics"))
    album.take("statistics, wrong", chief, at("statistics") + "?begin=x&end=y", status=422)
    album.take("statistics, a year", chief, at("statistics") + "?begin=2026-01-01")
    album.take("export, wrong", chief, at("exports"), {"begin": "x"}, status=422)
    asked = {"purpose": "向上级报送月报"}
    album.take("export, asked", chief, at("exports"), asked)


def take_partners(album: Album, chief: Client) -> None:
    """A system of another organisation: registered wrongly and rightly, a key shown once, a wrong form."""
    album.take("partners, wrong", chief, at("partners"), {"name": "x", "_key": uuid4()}, status=422)
    album.take(
        "partners, registered", chief, at("partners"), {"name": "某某大学就业系统" * 5, "_key": uuid4()}
    )
    found, _ = partners.partners_of(PLACE)
    one = found[0].id
    key = {"scopes": [one.value for one in Scope], "per_minute": "120", "note": "正式环境", "_key": uuid4()}
    album.take("key, wrong", chief, at("make-key", one), {"per_minute": "x", "until": "x"}, status=422)
    album.take("key, shown once", chief, at("make-key", one), key | {"networks": "203.0.113.0/24"})
    album.take("partner, with a key", chief, at("partner", one))
    album.take("partners, one", chief, at("partners"))
    take_webhooks(album, chief, one)


def take_webhooks(album: Album, chief: Client, partner: UUID) -> None:
    """An address that events are pushed to: added wrongly and rightly, nothing sent, every outcome."""
    add = at("add-webhook", partner)
    album.take("webhook, wrong", chief, add, {"address": "http://10.0.0.1/", "_key": uuid4()}, status=422)
    wanted = {
        "address": "https://example.org/" + "events/" * 20,
        "kinds": [one.value for one in SUBSCRIBABLE],
    }
    album.take("webhook, added", chief, add, {**wanted, "_key": uuid4()})
    (endpoint,) = partners.endpoints_of(partner)
    page = at("webhook", partner, endpoint.id)
    album.take("webhook, nothing sent", chief, page)
    with transaction.atomic():
        for number in range(PARTNERS_PAGE + 2):
            data = {"reference": f"RC2026{number:06}"}
            note_event(Kind.CASE_MOVED, place=PLACE, office="", at=clock.now(), data=data)
    sent, _ = partners.deliveries_of(endpoint.id)
    for delivery, state in zip(sent, DeliveryState, strict=False):
        more = {"reason": "10 秒内没有回答", "attempts": 9, "next_at": clock.now()}
        Delivery.objects.filter(pk=delivery.id).update(state=state.value, **more)
    Endpoint.objects.update(failures=9, rests_until=clock.now() + timedelta(hours=1))
    album.take("webhook, every outcome", chief, page)
    album.take("webhook, parked ones", chief, page + "?state=parked")
    album.take("webhook, none of these", chief, page + "?state=parked&before=1")
    album.take("webhook, another secret", chief, at("rotate-webhook", partner, endpoint.id), {"place": PLACE})
    album.take("partner, all", chief, at("partner", partner))
    Endpoint.objects.update(is_on=False)
    album.take("webhook, off", chief, page)
