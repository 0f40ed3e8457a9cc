"""A day's allowance of cases to look into, and the way to more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from tests.cases import PLACE, someone_elses_case
from yincai.casework.vocabulary import CaseView
from yincai.engine.place import Reading
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people import actions as people
from yincai.people import queries
from yincai.people.vocabulary import ReadingLimitReached
from yincai.programmes import places

BrowserOf = Callable[[str], Client]


@pytest.fixture
def one_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The place allows one case a day, and one more each time."""
    place = replace(places.load_place(PLACE), reading=Reading(1, 1))
    monkeypatch.setattr(places, "load_place", lambda name: place)


def test_beyond_the_allowance_a_code_and_a_reason_are_asked(
    submitted: CaseView,
    one_a_day: None,
    browser: BrowserOf,
    person: Callable[[str], Any],
    actor: Callable[[str], Actor],
) -> None:
    other = someone_elses_case(actor("stranger"))
    account, officer = person("window_officer"), browser("window_officer")
    secret = people.enrol_totp(account, actor=SYSTEM)
    address = reverse("desk:case", args=[other.id])
    assert officer.get(reverse("desk:case", args=[submitted.id])).status_code == 200
    assert officer.get(reverse("desk:case", args=[submitted.id])).status_code == 200  # again is free

    sent = officer.get(address)
    assert (sent.status_code, sent["Location"].startswith(reverse("desk:reading"))) == (302, True)
    assert not [entry for entry in ledger.history(other.id) if entry.is_read]

    wrong = officer.post(sent["Location"], {"place": PLACE, "reason": "集中核查", "code": "000000"})
    assert wrong.status_code == 422
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    back = officer.post(
        sent["Location"], {"place": PLACE, "reason": "集中核查", "code": code, "next": address}
    )

    assert (back.status_code, back["Location"]) == (302, address)
    assert officer.get(address).status_code == 200
    assert ledger.history(account.pk)[-1].event == "reading.extended"
    (taken,) = queries.reading_passes(PLACE)
    assert (taken.name, taken.number, taken.reason) == ("宫子衿", 1, "集中核查")
    shown = browser("administrator").get(reverse("desk:readings"))
    assert "集中核查" in shown.content.decode()
    assert officer.get(reverse("desk:readings")).status_code == 403


def test_allowance_is_counted_by_the_day(published: Any, person: Callable[[str], Any]) -> None:
    account = person("window_officer").pk
    for _ in range(2):
        people.note_reading(account, place=PLACE, subject=uuid4(), daily=2, further=1)

    with pytest.raises(ReadingLimitReached):
        people.note_reading(account, place=PLACE, subject=uuid4(), daily=2, further=1)
    assert queries.readings_today(account, place=PLACE) == 2


def test_way_back_never_leaves_the_desk(published: Any, browser: BrowserOf) -> None:
    shown = browser("window_officer").get(reverse("desk:reading"), {"next": "https://example.org/"})

    assert 'name="next" value="/desk/"' in shown.content.decode()
