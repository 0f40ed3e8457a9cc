"""The queue costs as many queries with thirty rows as with one."""

from __future__ import annotations

import os
from collections.abc import Callable
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yincai.casework.models import Case
from yincai.casework.sealing import new_case_key, seal
from yincai.casework.vocabulary import CaseView

BrowserOf = Callable[[str], Client]


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

    assert queries_of(officer, address) == few
    assert officer.get(address).content.decode().count(">RC9999") == 29


def add_like(case: CaseView, number: int) -> None:
    """Another person's case in the same state."""
    row = Case.objects.get(id=case.id)
    row.id, row.opening_key, row.reference = uuid4(), uuid4(), f"RC9999{number:013}"
    row.subject_index, row.data_key = os.urandom(32), new_case_key(row)
    row.subject_name = seal(row, "王小明", context="subject_name")
    row.save(force_insert=True)
