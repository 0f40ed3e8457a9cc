"""Spreadsheets: text only, masked unless asked, on record in every case, sealed, and gone after a day."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.answers import NUMBER, SECTIONS
from tests.cases import PLACE, someone_elses_case
from yincai.casework import actions, queries
from yincai.casework.actions.export import export_chain, rows_after
from yincai.casework.models import Case, Export
from yincai.casework.spreadsheet import Sheet
from yincai.casework.vocabulary import CaseView
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound
from yincai.ledger.queries import history
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people import queries as people
from yincai.people.actions import enrol_totp, note_staff_document
from yincai.people.models import Account

BrowserOf = Callable[[str], Client]
SHARED = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def administrator(person: Callable[[str], object]) -> Actor:
    return people.actor_of(person("administrator"))  # type: ignore[arg-type]  # an account


def app_code(actor: Actor) -> str:
    """What the authenticator app of somebody shows, who enrols it anew."""
    secret = enrol_totp(Account.objects.get(pk=actor.id))
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def ask(actor: Actor, *, whole: bool = False, purpose: str = "季度统计") -> UUID:
    today = clock.today()
    return actions.ask_export(
        actor=actor,
        place=PLACE,
        begin=today - timedelta(days=1),
        end=today,
        purpose=purpose,
        whole_numbers=whole,
        code=app_code(actor) if whole else "",
    )


def texts(file: bytes) -> list[str]:
    """Every text of the spreadsheet; asserts that it holds no formula."""
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own file
        strings = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))  # noqa: S314 - our own file
    assert sheet.findall(f".//{SHARED}f") == []
    return [one.text or "" for one in strings.iter(f"{SHARED}t")]


def test_export_is_masked_recorded_in_the_case_and_fetched_by_who_asked(
    submitted: CaseView, administrator: Actor
) -> None:
    export_id = ask(administrator)
    actions.make_export(export_id)

    found = texts(actions.fetch_export(export_id, actor=administrator, place=PLACE))

    assert submitted.reference in found
    assert NUMBER not in found
    assert f"{NUMBER[:3]}***********{NUMBER[-4:]}" in found
    look = history(submitted.id)[-1]
    assert (look.is_read, look.payload["what"], look.said("purpose")) == (True, "export", "季度统计")
    assert [one.is_read for one in history(export_chain(PLACE))] == [False, True]
    (view,) = queries.exports_of(administrator.id, place=PLACE)  # type: ignore[arg-type]  # staff have one
    assert (view.state, view.done, view.total) == ("ready", 1, 1)


def test_cases_of_the_one_who_asks_and_of_their_household_are_left_out(
    submitted: CaseView, administrator: Actor, actor: Callable[[str], Actor]
) -> None:
    own = someone_elses_case(actor("stranger"))
    Case.objects.filter(id=own.id).update(account_id=administrator.id)
    child = SECTIONS["household"]["family.a1.member_identity.number"][0]
    assert administrator.id is not None
    note_staff_document(
        administrator.id, actor=SYSTEM, place=PLACE, kind="111", number=child, relation="child"
    )

    export_id = ask(administrator, whole=True)
    actions.make_export(export_id)

    found = texts(actions.fetch_export(export_id, actor=administrator, place=PLACE))
    assert submitted.reference not in found
    assert own.reference not in found
    assert queries.exports_of(administrator.id, place=PLACE)[0].total == 0
    assert not any(one.is_read for case in (submitted, own) for one in history(case.id))


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_ask_for_one(administrator: Actor) -> None:
    start, found = threading.Barrier(2), []

    def click() -> None:
        start.wait()
        try:
            found.append(ask(administrator))
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()

    assert len(found) == 2
    assert len(set(found)) == Export.objects.count() == 1


def test_batches_are_read_from_their_index_in_the_order_of_receipt(
    submitted: CaseView, administrator: Actor
) -> None:
    asked = Export.objects.get(pk=ask(administrator))

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = rows_after(asked, (clock.start_of(asked.begin), submitted.id)).explain()

    assert "case_received" in plan
    assert "Sort" not in plan


def test_asked_for_again_while_it_is_made_it_is_the_same_one(administrator: Actor) -> None:
    first = ask(administrator)

    assert ask(administrator) == first
    assert ask(administrator, purpose="另一个用途") != first
    actions.make_export(first)
    assert ask(administrator) != first
    assert len(history(export_chain(PLACE))) == Export.objects.count() == 3


def test_whole_numbers_are_there_when_asked_for(submitted: CaseView, administrator: Actor) -> None:
    export_id = ask(administrator, whole=True)
    actions.make_export(export_id)

    assert NUMBER in texts(actions.fetch_export(export_id, actor=administrator, place=PLACE))
    assert history(submitted.id)[-1].payload["what"] == "export:whole"


def test_whole_numbers_need_the_second_factor_again_and_a_code_counts_once(
    administrator: Actor, browser: BrowserOf
) -> None:
    address, asked = reverse("desk:admin-exports"), {"purpose": "年度总结", "whole_numbers": "on"}
    code, client = app_code(administrator), browser("administrator")

    for wrong in ("", "000000"):
        answer = client.post(address, {**asked, "code": wrong})
        assert answer.status_code == 422
        assert "验证码不正确或已经用过" in answer.content.decode()
    assert not Export.objects.exists()

    assert client.post(address, {**asked, "code": code}).status_code == 302
    assert client.post(address, {**asked, "code": code}).status_code == 302  # pressed twice: the same one
    assert Export.objects.count() == 1
    assert client.post(address, {**asked, "purpose": "另一个用途", "code": code}).status_code == 422
    assert Export.objects.count() == 1
    assert client.post(address, {"purpose": "不含号码"}).status_code == 302


def test_nothing_lies_open_and_making_again_changes_nothing(
    submitted: CaseView, administrator: Actor
) -> None:
    export_id = ask(administrator, whole=True)
    actions.make_export(export_id)
    content = bytes(Export.objects.get(pk=export_id).content or b"")

    actions.make_export(export_id)

    assert not content.startswith(b"PK")
    assert bytes(Export.objects.get(pk=export_id).content or b"") == content
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs WHERE task_name = 'casework.make_export'")
        assert cursor.fetchall() == [(f'{{"export_id": "{export_id}"}}',)]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@SUM(A1)"])
def test_cell_that_looks_like_a_formula_is_text(submitted: CaseView, text: str) -> None:
    sheet = Sheet(whole_numbers=True)
    case = Case.objects.get(id=submitted.id)
    case.reference = text

    sheet.add([case])

    assert text in texts(sheet.finished())


def test_file_is_gone_after_a_day_and_is_nobody_elses(
    submitted: CaseView, administrator: Actor, person: Callable[[str], object]
) -> None:
    export_id = ask(administrator)
    actions.make_export(export_id)

    with pytest.raises(NotAllowed):
        actions.fetch_export(export_id, actor=people.actor_of(person("approver")), place=PLACE)  # type: ignore[arg-type]
    with clock.frozen(clock.now() + timedelta(hours=25, minutes=1)):
        with pytest.raises(NotFound):
            actions.fetch_export(export_id, actor=administrator, place=PLACE)
        assert actions.forget_exports() == 1


def test_file_is_kept_for_as_long_as_is_declared(
    submitted: CaseView, administrator: Actor, settings: Any, tmp_path: Path
) -> None:
    declared = Path(settings.RETENTION).read_text("utf8")
    settings.RETENTION = tmp_path / "retention.yaml"
    settings.RETENTION.write_text(declared.replace("export\n    keep: 1", "export\n    keep: 3"))
    export_id = ask(administrator)
    actions.make_export(export_id)

    with clock.frozen(clock.now() + timedelta(days=2, hours=12)):
        assert actions.fetch_export(export_id, actor=administrator, place=PLACE)
        assert actions.forget_exports() == 0
    with clock.frozen(clock.now() + timedelta(days=3, hours=2)):
        assert actions.forget_exports() == 1


def test_purpose_and_dates_are_asked_for(administrator: Actor) -> None:
    with pytest.raises(Invalid) as caught:
        actions.ask_export(
            actor=administrator, place=PLACE, begin=date(2026, 3, 2), end=date(2026, 3, 1), purpose=" "
        )

    assert [one.path for one in caught.value.problems] == ["purpose", "end"]
    assert not Export.objects.exists()


def test_dates_at_the_ends_of_time_are_refused_in_words(administrator: Actor, browser: BrowserOf) -> None:
    ends = {"begin": "0001-01-01", "end": "9999-12-31"}

    answer = browser("administrator").post(reverse("desk:admin-exports"), {"purpose": "年度总结", **ends})

    assert answer.status_code == 422
    assert "结束日期只能在 1900 年到 2199 年之间" in answer.content.decode()
    with pytest.raises(Invalid) as caught:
        actions.ask_export(
            actor=administrator, place=PLACE, begin=date(2026, 1, 1), end=date.max, purpose="年度总结"
        )
    assert [one.path for one in caught.value.problems] == ["begin"]


@pytest.mark.parametrize("name", [name for name in personas.CAST if name != "administrator"])
def test_page_does_not_exist_for_others(name: str, browser: BrowserOf) -> None:
    assert browser(name).get(reverse("desk:admin-exports")).status_code == 404


def test_page_asks_shows_progress_without_scripts_and_hands_the_file_out(
    submitted: CaseView, browser: BrowserOf
) -> None:
    administrator, address = browser("administrator"), reverse("desk:admin-exports")
    assert administrator.post(address, {"purpose": ""}).status_code == 422
    page = administrator.post(address, {"purpose": "年度总结"}, follow=True).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "排队中" in page
    (asked,) = Export.objects.all()

    actions.make_export(asked.pk)

    page = administrator.get(address).content.decode()
    assert "http-equiv" not in page
    answer = administrator.post(reverse("desk:admin-export", args=[asked.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert submitted.reference in texts(answer.content)
