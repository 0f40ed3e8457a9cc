"""Documents of the library that end soon are told of at thirty and at seven days, each once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from tests.answers import picture
from tests.messages.people import Resident
from tests.plans import plans
from yincai.documents import library
from yincai.documents.inspection import inspect_document
from yincai.foundation import clock
from yincai.ledger.vocabulary import Actor
from yincai.messages import queries, tasks
from yincai.messages.models import Message
from yincai.messages.vocabulary import Channel

LAST = date(2027, 3, 1)


def kept(resident: Resident, last: date | None = LAST) -> UUID:
    """An identity card in the library of a resident, found safe."""
    actor = Actor("applicant", resident.id)
    entry = library.receive_for_library(
        picture("身份证.jpg"), actor=actor, owner=resident.id, type_code="111", expires_on=last
    )
    inspect_document(entry)
    return entry


def run_on(day: date) -> None:
    """The daily job on a morning."""
    with clock.frozen(datetime(day.year, day.month, day.day, 8, 40, tzinfo=clock.CHINA)):
        tasks.tell_expiring(0)


def told(resident: Resident, channel: Channel = Channel.INBOX) -> int:
    return Message.objects.filter(account_id=resident.id, channel=channel).count()


def test_owner_is_told_at_thirty_days_and_by_sms_too_at_seven(resident: Resident, stranger: Resident) -> None:
    kept(resident)

    counted = []
    for before in (31, 30, 30, 29, 8, 7, 7, 1, 0, -1):
        run_on(LAST - timedelta(days=before))
        counted.append((before, told(resident), told(resident, Channel.SMS)))

    assert counted == [
        (31, 0, 0), (30, 1, 0), (30, 1, 0), (29, 1, 0), (8, 1, 0),
        (7, 2, 1), (7, 2, 1), (1, 2, 1), (0, 2, 1), (-1, 2, 1),
    ]  # fmt: skip
    newest = queries.inbox(resident.id)[0]
    assert newest.title == "您资料库里的居民身份证快到期了"
    assert "有效期到2027年3月1日" in newest.body
    assert told(stranger) == 0


def test_day_on_which_nobody_ran_is_caught_up_once(resident: Resident) -> None:
    kept(resident)

    run_on(LAST - timedelta(days=3))
    run_on(LAST - timedelta(days=2))

    assert told(resident) == 1


def test_another_last_day_is_told_of_anew_and_what_is_gone_or_endless_never(resident: Resident) -> None:
    entry = kept(resident)
    actor = Actor("applicant", resident.id)
    run_on(LAST - timedelta(days=30))

    later = LAST + timedelta(days=365)
    library.change_entry(entry, actor=actor, name="身份证", type_code="111", expires_on=later)
    run_on(LAST - timedelta(days=7))
    assert told(resident) == 1
    run_on(later - timedelta(days=30))
    assert told(resident) == 2
    library.remove_from_library(entry, actor=actor)
    run_on(later - timedelta(days=7))

    assert told(resident) == 2


@pytest.mark.parametrize("last", [None, LAST])
def test_document_that_was_not_found_safe_or_never_ends_is_not_told_of(
    resident: Resident, last: date | None
) -> None:
    actor = Actor("applicant", resident.id)
    if last is None:
        kept(resident, None)
    else:
        library.receive_for_library(
            picture(), actor=actor, owner=resident.id, type_code="111", expires_on=last
        )

    run_on(LAST - timedelta(days=5))

    assert told(resident) == 0


def test_documents_that_end_soon_are_looked_for_in_their_index(resident: Resident) -> None:
    kept(resident)

    found = plans(lambda: run_on(LAST - timedelta(days=7)), of="expires_on")

    assert found
    assert "document_expiring" in found[0]
