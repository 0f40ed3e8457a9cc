"""The proofs of `prove/` in small: real processes, killed while people apply and cards are sealed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prove import cards, replays, submissions
from prove.live.platform import Platform, running_platform

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with running_platform(YINCAI_TRUSTED_PROXIES="1") as running:
        yield running


def test_receipts_and_cards_survive_kills(platform: Platform) -> None:
    _, receipts = submissions.submit_under_fire(platform, with_documents=10, without=0, pause=4.0, kills=6)

    submissions.check(platform, receipts)
    cards.issue_under_fire(platform, receipts, pause=6.0, kills=4)


def test_fifty_replays_are_one_application(platform: Platform) -> None:
    replays.replay(platform, serial=replays.REPLAYS, times=replays.TIMES)


def test_people_who_submit_at_once_get_different_numbers(platform: Platform) -> None:
    replays.submit_at_once(platform, people=12)
