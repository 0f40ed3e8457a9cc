from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cards.conftest import Office
from tests.cards.orders import LAYOUT, order
from yincai.cards import queries, tasks
from yincai.cards.models import Card, CardLayout
from yincai.cards.vocabulary import CardState
from yincai.foundation import clock
from yincai.ledger import dispatch
from yincai.ledger import queries as ledger
from yincai.ops.wiring import WIRING
from yincai.ops.worker import run_worker


def jobs() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=tasks.SEAL, status="todo").order_by("id"))


def test_order_is_wired_to_the_signer() -> None:
    assert WIRING["card.ordered"] == ("cards.seal",)
    assert dispatch.find_handler("cards.seal").queue == "signer"


@pytest.mark.django_db(transaction=True)
def test_committed_order_is_sealed_by_the_signer_s_worker(office: Office) -> None:
    chain = uuid4()
    with transaction.atomic():
        card = order(chain=chain)

    run_worker(["signer"], until_idle=True)

    assert queries.card(card.id).state is CardState.SEALED
    assert [entry.event for entry in ledger.history(chain)] == ["card.ordered", "card.issued"]
    assert jobs() == []


@pytest.mark.django_db(transaction=True)
def test_order_that_rolls_back_leaves_nothing_for_the_signer(office: Office) -> None:
    with transaction.atomic():
        order()
        transaction.set_rollback(True)

    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_authority_away_makes_the_job_come_back_later_and_says_why(own_office: Office) -> None:
    chain = uuid4()
    with transaction.atomic():
        card = order(chain=chain)
    own_office.authority.fault("timestamp", "off")

    run_worker(["signer"], until_idle=True)
    waiting = queries.card(card.id)
    [later] = jobs()
    own_office.authority.fault("timestamp", "working")
    ProcrastinateJob.objects.filter(pk=later.pk).update(scheduled_at=None)
    run_worker(["signer"], until_idle=True)

    assert waiting.state is CardState.ORDERED
    assert "时间戳" in waiting.waiting_reason
    assert later.args == {"card": str(card.id), "waits": 1}
    assert queries.card(card.id).state is CardState.SEALED
    events = [entry.event for entry in ledger.history(chain)]
    assert events == ["card.ordered", "card.seal_waited", "card.issued"]


@pytest.mark.django_db(transaction=True)
def test_card_that_no_job_speaks_of_is_taken_up_and_a_waiting_one_is_not() -> None:
    with transaction.atomic():
        lost, waits = order(), order()
        ProcrastinateJob.objects.all().delete()
        tasks.enqueue_sealing(waits.id)

    at_once = tasks.lost_cards()
    with clock.frozen(clock.now() + timedelta(minutes=3)):
        later = tasks.lost_cards()

    assert at_once == []
    assert later == [lost.id]


@pytest.mark.django_db(transaction=True)
def test_full_disk_makes_the_card_wait_and_say_so_and_it_is_sealed_afterwards(
    office: Office, tmp_path: Path
) -> None:
    chain = uuid4()
    with transaction.atomic():
        card = order(chain=chain)
    (tmp_path / "files").write_text("no folder: nothing can be stored here")

    run_worker(["signer"], until_idle=True)
    waiting = queries.card(card.id)
    [later] = jobs()
    (tmp_path / "files").unlink()
    ProcrastinateJob.objects.filter(pk=later.pk).update(scheduled_at=None)
    run_worker(["signer"], until_idle=True)

    assert waiting.state is CardState.ORDERED
    assert "磁盘" in waiting.waiting_reason
    assert queries.card(card.id).state is CardState.SEALED


@pytest.mark.django_db(transaction=True)
def test_card_whose_job_failed_is_taken_up_again_ever_later(office: Office) -> None:
    with transaction.atomic():
        card = order(layout="#nonsense")
    run_worker(["signer"], until_idle=True)
    [failed] = ProcrastinateJob.objects.filter(task_name=tasks.SEAL, status="failed")
    Card.objects.update(layout=CardLayout.objects.create(sha256="0" * 64, source=LAYOUT))

    at_once = tasks.failed_sealings()
    with clock.frozen(clock.now() + timedelta(minutes=3)):
        later = tasks.failed_sealings()
        tasks.take_up_lost(timestamp=0)
    ProcrastinateJob.objects.filter(pk=failed.pk).update(scheduled_at=None)  # due by the frozen clock
    run_worker(["signer"], until_idle=True)

    assert (at_once, later) == ([], [failed.pk])
    assert queries.card(card.id).state is CardState.SEALED


def test_waits_double_up_to_ten_minutes() -> None:
    assert [tasks.seconds_to_wait(times) for times in (0, 1, 2, 8, 9, 500)] == [2, 4, 8, 512, 600, 600]
