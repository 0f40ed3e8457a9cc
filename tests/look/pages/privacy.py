"""我的个人信息 and what goes out from it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from tests import personas
from tests.look.pages.accounts import trust, with_password
from tests.look.pages.album import Album, Cast
from yincai.people.queries import applicant_of
from yincai.privacy import actions


def take_all(album: Album, cast: Cast) -> None:
    """Every page of `account/data/`."""
    account = with_password("asking_for_data")
    browser = personas.sign_in(account, second_factor=False)
    trust(browser, account, "password")
    album.take("my data", browser, reverse("account_data"))
    take_copies(album, browser, account)


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
