"""The portal of a place: for strangers, for somebody without a real name, and for somebody with one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse

from tests import checks, personas
from tests.look.pages.album import Album, Cast
from tests.partners.keys import administrator
from yincai.directory.actions import publish_library
from yincai.foundation import clock
from yincai.ledger.vocabulary import ANONYMOUS, SYSTEM, Actor
from yincai.partners import actions as partners
from yincai.people import actions
from yincai.portal.gate.registration import SALT

HERE = "guangzhou"
GREEN_CARD = ("shijiazhuang", "talent_green_card")
TYPED = {
    "username": "zhang_san_with_20cha",
    "name": "阿卜杜拉·买买提·艾山江·吐尔逊·阿布都热合曼",
    "kind": "111",
    "number": "1",
    "landline": "1",
    "phone": "1",
    "email": "1",
}


def at(name: str, *args: object) -> str:
    """An address of this portal."""
    return reverse(f"place:{name}", args=[HERE, *args])


def take_all(album: Album, cast: Cast) -> None:
    """Every page of `place/`."""
    wording = actions.publish_agreement(HERE, "\n".join(["1. 信息的录入", "不得填报虚假信息。" * 40] * 6))
    note = signing.dumps(str(wording.id), salt=SALT)
    take_reading(album, cast)
    take_strangers(album, note)
    take_handover(album)
    account = personas.make_persona("spouse")
    browser = personas.sign_in(account, second_factor=False)
    album.take("portal, no real name", browser, at("home"))
    album.take("registration 2, no real name", browser, f"{at('register_account')}?agreement={note}")
    actor = Actor("applicant", account.pk, "applicant")
    person = actions.Person(TYPED["name"], "414", "E12345678")
    actions.complete_person(account, person=person, agreement=wording.id, actor=actor)
    take_named(album, browser)


def take_reading(album: Album, cast: Cast) -> None:
    """What a portal gives to read, before anything is published and after."""
    anybody = Client()
    for name in ("library", "contacts", "channels"):
        album.take(f"{name}, empty", anybody, reverse(f"place:{name}", args=[GREEN_CARD[0]]))
    album.take("shelf, empty", anybody, reverse("place:shelf", args=[GREEN_CARD[0], "notice"]))
    publish_library(settings.PLACES / HERE)
    for name in ("library", "contacts", "channels"):
        album.take(name, anybody, at(name))
    album.take("shelf", anybody, at("shelf", "guide"))
    album.take("writing", anybody, at("writing", "talent_details"))
    with clock.frozen(datetime(2028, 1, 1, tzinfo=UTC)):
        album.take("writing that is over", anybody, at("writing", "talent_details"))
    album.take("words found", anybody, f"{at('library')}?q=添加企业")
    album.take("words not found", anybody, f"{at('library')}?q=没有的词")
    link = at("arrive", "provincial_portal")
    album.take("link to nothing", anybody, f"{link}?programme=x", status=404)
    arriving = cast.resident().browser
    album.take("link with a district", arriving, f"{link}?programme={'/'.join(GREEN_CARD)}&district=440111")


def take_strangers(album: Album, note: str) -> None:
    """What anybody sees, and the first two steps of registering with all that can be wrong."""
    anybody = Client()
    album.take("portal, signed out", anybody, at("home"))
    album.take("portal of another place", anybody, reverse("place:home", args=[GREEN_CARD[0]]))
    album.take("systems, signed out", anybody, at("applications"))
    album.take("registration 1", anybody, at("register"))
    album.take("registration 1, not ticked", anybody, at("register"), {}, status=422)
    step = at("register_account")
    album.take("registration 2", anybody, f"{step}?agreement={note}")
    work: dict[str, Any] = {"agreement": note, **checks.work_done("register")}
    album.take("registration 2, wrong", anybody, step, {**TYPED, **work}, status=422)
    free = {**TYPED, **checks.work_done("register"), "agreement": note, "_check_name": "1"}
    album.take("registration 2, name free", anybody, step, free)
    taken = {**free, **checks.work_done("register"), "username": "x"}
    album.take("registration 2, no name", anybody, step, taken, status=422)


def take_named(album: Album, browser: Client) -> None:
    """The last two steps, and the portal before and after a system was added."""
    album.take("registration 3", browser, at("register_applications"))
    album.take("registration 4", browser, at("registered"))
    album.take("portal, nothing added", browser, at("home"))
    album.take("system not added", browser, at("application", *GREEN_CARD), status=403)
    album.take("system not open", browser, at("application", HERE, "settlement"), status=403)
    album.take("to apply, system not added", browser, reverse("portal:apply"))
    chosen = {"application": "/".join(GREEN_CARD)}
    album.take("system added", browser, at("add_application"), chosen)
    album.take("system entered", browser, at("application", *GREEN_CARD))
    album.take("systems, one added", browser, at("applications"))


def take_handover(album: Album) -> None:
    """Sent here by another system, with what it knows: shown, opened, over."""
    account = actions.register_account(username="chief_of_here", password=None, email="chief@example.org")
    appointed = {"place": HERE, "office": "city", "role": "administrator", "name": "顾长宁"}
    actions.appoint_staff(account, actor=SYSTEM, **appointed)
    chief = administrator(account)
    partner = partners.register_partner(actor=chief, place=HERE, name="某某大学就业系统" * 5)
    known = {"name_en": "LI Xiaoming", "employer_address": "样例大道 8 号", "residence": "样例路 1 号"}
    made = partners.make_handover(
        partner,
        programme=GREEN_CARD,
        variant="A",
        district="440106",
        values=known,
        consent=(clock.now(), "TY-2026-0001"),
    )
    bare = partners.make_handover(partner, programme=GREEN_CARD)
    album.take("handed over, nothing known", Client(), at("handover", bare.token))
    album.take("handed over", Client(), at("handover", made.token))
    partners.open_handover(made.token, place=HERE, actor=ANONYMOUS)
    album.take("handed over, opened before", Client(), at("handover", made.token), status=404)
