"""Pages of the desk cost as many queries with many rows as with one, and not many."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.answers import picture
from tests.cases import PLACE, someone_elses_case, submit
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.models import Case, CaseKey
from yincai.casework.sealing import new_case_key, seal
from yincai.casework.vocabulary import CaseView
from yincai.documents.inspection import inspect_document
from yincai.foundation import clock
from yincai.ledger.vocabulary import Actor

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]
PersonOf = Callable[[str], Any]
LARGEST_PAGE = 500_000


def queries_of(browser: Client, address: str) -> int:
    browser.get(address)  # whatever is read once a process is read now
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


def test_queue_does_not_grow_with_its_rows(submitted: CaseView, browser: BrowserOf) -> None:
    officer, address = browser("window_officer"), reverse("desk:queue")
    few = queries_of(officer, address)

    for number in range(29):
        add_like(submitted, number)

    assert queries_of(officer, address) == few <= 14
    assert len(officer.get(address).content) < LARGEST_PAGE
    assert officer.get(address).content.decode().count(">RC9999") == 29


def test_search_does_not_grow_with_what_it_finds(submitted: CaseView, browser: BrowserOf) -> None:
    officer, address = browser("window_officer"), reverse("desk:search")
    asked = {"place": PLACE, "text": "张晓雨"}
    officer.post(address, asked)
    with CaptureQueriesContext(connection) as few:
        officer.post(address, asked)

    for number in range(29):
        add_like(submitted, number, with_keys=True)
    with CaptureQueriesContext(connection) as many:
        found = officer.post(address, asked).content.decode()

    assert found.count(">RC9999") == 29
    assert len(many) == len(few) <= 25


def test_case_page_does_not_grow_with_its_documents(
    complete: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    other = someone_elses_case(actor("spouse"))
    for _ in range(4):
        added = actions.add_material(
            complete.id, actor=actor("applicant"), slot="degree_copy", upload=picture()
        )
        inspect_document(added.document_id)
    submit(complete.id, actor("applicant"))
    officer = browser("window_officer")

    few = queries_of(officer, reverse("desk:case", args=[other.id]))
    many = queries_of(officer, reverse("desk:case", args=[complete.id]))

    assert len(cases.materials(complete.id)) == len(cases.materials(other.id)) + 4
    assert many == few <= 34


def test_figures_do_not_grow_with_their_days(submitted: CaseView, browser: BrowserOf) -> None:
    administrator, address = browser("administrator"), reverse("desk:admin-statistics")
    year = f"{address}?begin={clock.today() - timedelta(days=365)}"

    few = queries_of(administrator, address)

    assert queries_of(administrator, year) == few <= 12
    assert len(administrator.get(year).content) < LARGEST_PAGE


def test_reasons_do_not_grow_with_their_number(published: Any, browser: BrowserOf, person: PersonOf) -> None:
    administrator, address = browser("administrator"), reverse("desk:admin-reasons")
    few = queries_of(administrator, address)

    for number in range(30):
        keeper = Actor("staff", person("administrator").pk, "administrator")
        actions.add_reason(PLACE, actor=keeper, label=f"原因 {number}", about=["field"])

    assert queries_of(administrator, address) <= few + 1 <= 8  # who changed them is asked for, once
    assert len(administrator.get(address).content) < LARGEST_PAGE


def test_exports_do_not_grow_with_their_number(published: Any, browser: BrowserOf, person: PersonOf) -> None:
    administrator, address = browser("administrator"), reverse("desk:admin-exports")
    keeper = Actor("staff", person("administrator").pk, "administrator")
    few = queries_of(administrator, address)

    for number in range(30):
        actions.ask_export(
            actor=keeper, place=PLACE, begin=clock.today(), end=clock.today(), purpose=f"统计 {number}"
        )

    assert queries_of(administrator, address) == few <= 8


def add_like(case: CaseView, number: int, *, with_keys: bool = False) -> None:
    """Another person's case in the same state, with the words by which the first is found or without."""
    row = Case.objects.get(id=case.id)
    row.id, row.opening_key, row.reference = uuid4(), uuid4(), f"RC9999{number:013}"
    row.subject_index, row.data_key = os.urandom(32), new_case_key(row)
    row.subject_name = seal(row, "王小明", context="subject_name")
    row.save(force_insert=True)
    for key in CaseKey.objects.filter(case_id=case.id) if with_keys else ():
        key.pk, key.case_id = None, row.id
        key.save(force_insert=True)
