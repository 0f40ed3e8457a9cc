"""长辈模式 works with a plain form, is remembered, and cannot be used to lead people elsewhere."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from yincai.look.environment import here


def test_elder_mode_on_is_remembered_and_shown() -> None:
    browser = Client()

    answer = browser.post("/look/elder/", {"on": "1", "next": "/style/"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/style/")
    assert '<html lang="zh-Hans" class="elder">' in browser.get("/style/").content.decode()


def test_elder_mode_off_forgets_it() -> None:
    browser = Client()
    browser.post("/look/elder/", {"on": "1"})

    browser.post("/look/elder/", {"on": "0", "next": "/style/"})

    assert 'class="elder"' not in browser.get("/style/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
def test_the_way_back_never_leaves_the_platform(elsewhere: str) -> None:
    answer = Client().post("/look/elder/", {"on": "1", "next": elsewhere})

    assert answer.headers["Location"] == "/"


def test_here_is_the_page_of_the_form_when_a_form_was_sent() -> None:
    make = RequestFactory()
    asked = make.get("/verify/?number=1")
    sent = make.post("/desk/step/", headers={"referer": "http://testserver/desk/?place=a"})
    foreign = make.post("/desk/step/", headers={"referer": "http://example.org/desk/"})

    assert [here(one) for one in (asked, sent, foreign)] == ["/verify/?number=1", "/desk/?place=a", "/"]
