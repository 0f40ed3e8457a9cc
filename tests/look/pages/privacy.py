"""我的个人信息 and what goes out from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from tests import personas
from tests.cases import take
from tests.look.pages.accounts import trust, with_password
from tests.look.pages.album import Album, Cast
from yincai.foundation import clock
from yincai.people.models import SignIn
from yincai.people.queries import applicant_of
from yincai.privacy import actions


def take_all(album: Album, cast: Cast) -> None:
    """Every page of `account/data/`."""
    account = with_password("asking_for_data")
    browser = personas.sign_in(account, second_factor=False)
    trust(browser, account, "password")
    album.take("my data", browser, reverse("account_data"))
    album.take("periods", browser, reverse("account_retention"))
    album.take("periods at the desk, nothing went", cast.browser("auditor"), reverse("desk:retention"))
    take_copies(album, browser, account)
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
    SignIn.objects.create(account=account, method="password", outcome="wrong", device="电脑", known=False)
    with clock.frozen(clock.now() + timedelta(days=800)):
        actions.erase_due()
    album.take("periods at the desk, something went", cast.browser("auditor"), reverse("desk:retention"))
