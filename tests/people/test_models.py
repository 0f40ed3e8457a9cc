from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def open_account(username: str) -> None:
    with transaction.atomic():
        get_user_model().objects.create(username=username, registered_at=LONG_AGO)


def test_username_taken_in_another_letter_case_is_refused_by_the_database() -> None:
    open_account("ZhangWei")

    with pytest.raises(IntegrityError, match="account_username_whatever_case"):
        open_account("zhangwei")


@pytest.mark.parametrize("username", ["a", "1abc", "_abc", "zhang wei", "张伟", "zhang\n", "ab-c", ""])
def test_username_of_another_form_is_refused_by_the_database(username: str) -> None:
    with pytest.raises(IntegrityError, match="account_username_form"):
        open_account(username)
