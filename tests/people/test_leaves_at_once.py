"""Two who register the same leave at once register it once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests import personas
from yincai.foundation import clock
from yincai.foundation.errors import Invalid
from yincai.ledger.vocabulary import Actor
from yincai.people import actions
from yincai.people.models import Leave


@pytest.mark.django_db(transaction=True)
def test_leave_registered_twice_at_once_is_one(cast: Callable[[str], Any]) -> None:
    officer, colleague = cast("window_officer"), cast("colleague")
    start, refused = threading.Barrier(2), []

    def register() -> None:
        start.wait()
        try:
            actions.arrange_leave(
                officer.pk,
                actor=Actor("staff", officer.pk, "window_officer"),
                place=personas.PLACE,
                substitute=colleague.pk,
                first_day=clock.today(),
                last_day=clock.today() + timedelta(days=3),
            )
        except Invalid as error:
            refused.append([one.path for one in error.problems])
        finally:
            connection.close()

    clicks = [threading.Thread(target=register) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()

    assert Leave.objects.count() == 1
    assert refused == [["first_day"]]
