"""我的个人信息 and what goes out from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from prove.live.people import identity_number

from tests import personas
from tests.answers import picture
from tests.cases import take
from tests.look.pages.accounts import trust, with_password
from tests.look.pages.album import Album, Cast
from tests.privacy.amending import approve, ask, officer
from yincai.foundation import clock
from yincai.people import actions as people
from yincai.people import queries
from yincai.people.models import SignIn
from yincai.people.queries import applicant_of
from yincai.privacy import actions
from yincai.privacy.vocabulary import Item


def take_all(album: Album, cast: Cast) -> None:
    """Every page of `account/data/`."""
    account = with_password("asking_for_data")
    browser = personas.sign_in(account, second_factor=False)
    trust(browser, account, "password")
    album.take("my data", browser, reverse("account_data"))
    album.take("periods", browser, reverse("account_retention"))
    album.take("periods at the desk, nothing went", cast.browser("auditor"), reverse("desk:retention"))
    take_copies(album, browser, account)
    take_amendments(album)
    take_closing(album, cast)


def take_copies(album: Album, browser: Client, account: Any) -> None:
    """None yet, one being made, one ready, one gone, no more today."""
    copies = reverse("account_data_copies")
    album.take("copies, none", browser, copies)
    album.take("copies, asked", browser, copies, {"_key": str(uuid4())})
    for number in range(3):
        asked = actions.ask_copy(account.pk, actor=applicant_of(account), key=uuid4())
        actions.make_copy(asked.id)
        if number == 0:
            actions.destroy_copies(of=account.pk)
    album.take("copies, ready and gone", browser, copies)
    album.take("copies, no more today", browser, copies, {"_key": str(uuid4())}, status=422)


def take_closing(album: Album, cast: Cast) -> None:
    """What it would do, unread, asked, taken back; what stands in the way, what is kept, for whom nothing."""
    close = reverse("account_close")
    account = with_password("leaving")
    browser = personas.sign_in(account, second_factor=False)
    trust(browser, account, "password")
    album.take("closing, nothing kept", browser, close)
    album.take("closing, not read", browser, close, {"_key": str(uuid4())}, status=422)
    album.take("closing, asked", browser, close, {"_key": str(uuid4()), "understood": "1"})
    album.take("closing, waits", browser, close)
    album.take("closing, taken back", browser, reverse("account_close_back"), {})
    resident = cast.resident()
    live = resident.submitted()
    album.take("closing, live case", resident.browser, close)
    take(live.id, cast.staff("window_officer"), "refuse_at_window", reason="材料与原件不符")
    album.take("closing, something kept", resident.browser, close)
    about = reverse("account_amend_about", args=["case", live.id])
    album.take("amend a case", resident.browser, about)
    SignIn.objects.create(account=account, method="password", outcome="wrong", device="电脑", known=False)
    with clock.frozen(clock.now() + timedelta(days=800)):
        actions.erase_due()
    album.take("periods at the desk, something went", cast.browser("auditor"), reverse("desk:retention"))


def take_amendments(album: Album) -> None:
    """The list and the forms, wrong and right; one in each standing, for its maker and for the officers."""
    account = with_password("amending")
    actor = applicant_of(account)
    people.give_identity(account, actor=actor, name="欧阳慧敏", kind="111", number=identity_number(74190))
    browser = personas.sign_in(account, second_factor=False)
    album.take("amendments, none", browser, reverse("account_amendments"))
    for item in ("name", "document", "other"):
        album.take(f"amend {item}", browser, reverse("account_amend", args=[item]))
    form = reverse("account_amend", args=["document"])
    album.take("amend, wrong", browser, form, {"_key": str(uuid4()), "file": picture()}, status=422)
    first, second = officer("baohu_1"), officer("baohu_2")
    desks = [
        personas.sign_in(queries.account_named(name), second_factor=True) for name in ("baohu_1", "baohu_2")
    ]
    album.take("desk amendments, none", desks[0], reverse("desk:amendments"))
    asked = ask(actor, Item.DOCUMENT)
    refused = ask(actor, Item.OTHER)
    actions.settle_amendment(refused.id, actor=first, approve=False, opinion="照片看不清，请重新拍摄。")
    address = reverse("desk:amendment", args=[asked.id])
    album.take("desk amendments, waiting", desks[0], reverse("desk:amendments"))
    album.take("desk amendment, pending", desks[0], address)
    album.take("desk amendment, no reason", desks[0], address, {"verdict": "refuse"}, status=422)
    album.take("amendment, pending", browser, reverse("account_amendment", args=[asked.id]))
    approve(asked, first)
    album.take("desk amendment, checked by me", desks[0], address)
    album.take("desk amendment, to be decided", desks[1], address)
    approve(asked, second)
    for one in (asked, refused):
        album.take(f"amendment, {one.number}", browser, reverse("account_amendment", args=[one.id]))
    album.take("desk amendment, decided", desks[1], address)
    album.take("amendments, some", browser, reverse("account_amendments"))
