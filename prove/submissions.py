"""What a receipt showed is there, and once, whatever was killed while it was submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prove.live.fire import together, under_fire
from prove.live.people import SLOTS
from prove.live.platform import Platform, running_platform
from prove.live.visitor import Visitor

TITLE = "No acknowledged submission is lost or doubled through kill -9 of web, worker, reader and database"
WITH_DOCUMENTS, WITHOUT = 100, 4_900
VISITORS = 4
PER_ACCOUNT = 20
PAUSE, KILLS = 20.0, 200
VICTIMS = ("web", "reader", "postgres", "worker")


@dataclass(frozen=True)
class Receipt:
    """What somebody was shown: their number, and whose case it is."""

    visitor: Visitor
    case: str
    reference: str
    documents: int


def prove() -> Mapping[str, str]:
    """5,000 receipts, 100 of them with three documents each: 0 lost, 0 twice, the ledger whole."""
    with running_platform(YINCAI_TRUSTED_PROXIES="1") as platform:
        figures, receipts = submit_under_fire(platform, with_documents=WITH_DOCUMENTS, without=WITHOUT)
        return {**figures, **check(platform, receipts)}


def submit_under_fire(
    platform: Platform, *, with_documents: int, without: int, pause: float = PAUSE, kills: int = KILLS
) -> tuple[dict[str, str], list[Receipt]]:
    """Submit so many applications of both kinds while processes are killed; figures and receipts."""
    groups = [*_groups(0, with_documents), *_groups(with_documents, with_documents + without)]

    def submit(serials: range) -> list[Receipt]:
        visitor = Visitor(platform.web, seat=serials.start + 1)
        visitor.register(f"fire_{serials.start}", phone=f"135{serials.start:08}")
        return [_submit(visitor, serial, documents=serial < with_documents) for serial in serials]

    with under_fire(platform, VICTIMS, pause=pause, times=kills) as killed:
        receipts = [one for several in together(submit, groups, hands=VISITORS) for one in several]
    waited = sum({one.visitor: one.visitor.refused for one in receipts}.values())
    return (
        {
            "receipts shown": f"{len(receipts)}, {with_documents} of them with {len(SLOTS)} documents each",
            "killed": ", ".join(f"{name} {times} times" for name, times in sorted(killed.items())),
            "requests without an answer, sent again": f"{waited}",
        },
        receipts,
    )


def check(platform: Platform, receipts: list[Receipt]) -> dict[str, str]:
    """Every receipt has its case, its one round, its documents that open; the ledger fits."""
    platform.await_answers()
    (waiting,) = platform.rows("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")[0]
    stored = dict(platform.rows("SELECT reference, id::text FROM casework_case WHERE reference IS NOT NULL"))
    assert len({one.reference for one in receipts}) == len(receipts), "two receipts show one number"
    lost = [one.reference for one in receipts if stored.get(one.reference) != one.case]
    assert not lost, f"shown but not there: {lost}"
    assert len(stored) == len(receipts), f"{len(stored)} cases have a number, {len(receipts)} were shown"
    twice = platform.rows("SELECT case_id FROM casework_round GROUP BY case_id HAVING count(*) > 1")
    assert not twice, f"submitted twice: {twice}"
    (rounds,) = platform.rows("SELECT count(*) FROM casework_round")[0]
    assert rounds == len(receipts), f"{rounds} rounds for {len(receipts)} receipts"
    for one in receipts:
        if one.documents:
            assert one.visitor.pages_of(one.case) == one.documents, f"documents of {one.reference}"
    verified = platform.verify_ledger()
    assert verified.returncode == 0, verified.stdout + verified.stderr
    return {
        "lost": "0",
        "twice": "0",
        "jobs still waiting then": f"{waiting}",
        "ledger": verified.stdout.strip().splitlines()[-1],
    }


def _groups(first: int, end: int) -> list[range]:
    """The serials from `first` to before `end`, one group an account."""
    size = max(1, min(PER_ACCOUNT, (end - first) // VISITORS))
    return [range(start, min(start + size, end)) for start in range(first, end, size)]


def _submit(visitor: Visitor, serial: int, *, documents: bool) -> Receipt:
    case = visitor.prepare(serial) if documents else visitor.prepare_reader(serial)
    return Receipt(visitor, case, visitor.submit(case), len(SLOTS) if documents else 0)
