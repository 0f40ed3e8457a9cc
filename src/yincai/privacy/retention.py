"""What is over goes: every day, in batches, by what is declared (个人信息保护法 第十九条).  Doors: `actions`.

Each row is erased in a transaction of its own, with its record; one that fails is logged, keeps no other, and
is tried again the next day.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

from django.db import transaction

from yincai.cards import actions as card_actions
from yincai.cards import queries as cards
from yincai.casework import actions as case_actions
from yincai.casework import queries as casework
from yincai.directory import actions as directory_actions
from yincai.directory import queries as directory
from yincai.documents import actions as document_actions
from yincai.documents import queries as documents
from yincai.engine.retention import Kept, Period
from yincai.foundation import clock
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, SYSTEM, EntryView
from yincai.messages import actions as message_actions
from yincai.people import actions as people_actions
from yincai.people import queries as people
from yincai.privacy.amending import ended_amendments, erase_amendment
from yincai.privacy.closing import things_kept
from yincai.privacy.vocabulary import DeclaredPeriods, Erased
from yincai.programmes import queries as programmes

logger = logging.getLogger(__name__)
AT_ONCE = 200
CHAIN = uuid5(UUID("0f1f6f0e-5d4b-4f0c-8f19-1d6a9be0c7a4"), "retention")
"""The chain of what is erased in masses: messages, sign-ins."""
ROWS_ERASED = "rows.erased"
OF_A_PLACE: Mapping[Kept, tuple[Callable[..., list[UUID]], Callable[[UUID], bool]]] = {
    Kept.DIRECTORY_REQUEST: (directory.decided_requests, directory_actions.erase_request),
    Kept.TICKET: (directory.ended_tickets, directory_actions.erase_ticket),
    Kept.COMPLAINT: (directory.ended_complaints, directory_actions.erase_complaint),
    Kept.AMENDMENT: (ended_amendments, erase_amendment),
}
"""What is over, and how one is erased."""
ENDED = (Kept.WITHDRAWN, Kept.REFUSED, Kept.DECIDED)


@dataclass(frozen=True, slots=True)
class Swept:
    """How much of each kind was erased, and how many rows failed."""

    erased: dict[Kept, int]
    failed: int


class _Sweep:
    """One day's work, counted."""

    def __init__(self) -> None:
        self.erased: dict[Kept, int] = {}
        self.failed = 0

    def each(self, kind: Kept, ids: Iterator[UUID], erase: Callable[[UUID], object]) -> None:
        """Erase one after the other, each by itself."""
        for one in ids:
            try:
                with transaction.atomic():
                    done = bool(erase(one))
            except Exception as error:
                self.failed += 1
                logger.exception("%s %s is not erased: %s", kind.value, one, type(error).__name__)
            else:
                self.erased[kind] = self.erased.get(kind, 0) + done

    def masses(self, kind: Kept, erase: Callable[[], int], *, before: datetime) -> None:
        """Erase batch after batch, each on record with its number alone."""
        try:
            while number := self._batch(kind, erase, before):
                self.erased[kind] = self.erased.get(kind, 0) + number
        except Exception as error:
            self.failed += 1
            logger.exception("%s are not erased: %s", kind.value, type(error).__name__)

    def _batch(self, kind: Kept, erase: Callable[[], int], before: datetime) -> int:
        with transaction.atomic():
            number = erase()
            if number:
                payload: dict[str, JSON] = {
                    "kind": kind.value,
                    "number": number,
                    "before": before.isoformat(),
                }
                record(chain=CHAIN, event=ROWS_ERASED, actor=SYSTEM, payload=payload)
        return number


def erase_due() -> Swept:
    """Erase everything whose time is over; what was erased before is not looked at again."""
    sweep, now = _Sweep(), clock.now()
    for place, programme in sorted({(one.place, one.name) for one in programmes.all_versions()}):
        _drafts(sweep, place, programme, now)
        for kind in ENDED:
            _cases(sweep, place, programme, kind, now)
    for one in programmes.places():
        for kind, (over, erase) in OF_A_PLACE.items():
            before = programmes.retention(one.name).rule(kind).period.before(now)
            sweep.each(kind, _pages(partial(over, one.name, before=before, limit=AT_ONCE)), erase)
    _of_accounts(sweep, now)
    return Swept(sweep.erased, sweep.failed)


def _drafts(sweep: _Sweep, place: str, programme: str, now: datetime) -> None:
    rule = programmes.retention(place).rule(Kept.DRAFT, programme=programme)
    before = rule.period.before(now)
    ask = partial(casework.stale_drafts, place, programme, before=before, limit=AT_ONCE)
    sweep.each(Kept.DRAFT, _pages(ask), partial(case_actions.erase_stale_draft, before=before))


def _cases(sweep: _Sweep, place: str, programme: str, kind: Kept, now: datetime) -> None:
    period = programmes.retention(place).rule(kind, programme=programme).period
    ask = partial(casework.ended_cases, place, programme, kind, before=period.before(now), limit=AT_ONCE)
    sweep.each(kind, _ended(ask, period, now), partial(_erase_case, kind=kind))


def _ended(ask: Callable[..., list[tuple[UUID, datetime]]], period: Period, now: datetime) -> Iterator[UUID]:
    """The cases whose period is over, counted from the end of their card where that came later."""
    after = None
    while page := ask(after=after):
        ids = [case_id for case_id, _ in page]
        in_force, last_days = cards.in_force_of(ids), cards.last_days_of(ids)
        for case_id, ended_at in page:
            if case_id in in_force:
                continue
            last = last_days.get(case_id)
            since = max(ended_at, clock.start_of(last + timedelta(days=1))) if last else ended_at
            if period.after(since) <= now:
                yield case_id
        after = ids[-1]


def _erase_case(case_id: UUID, *, kind: Kept) -> bool:
    card_actions.erase_cards_of(case_id)
    return case_actions.erase_case(case_id, kind=kind)


def _of_accounts(sweep: _Sweep, now: datetime) -> None:
    """What belongs to no place."""
    declared = programmes.retention()
    loose = declared.rule(Kept.LOOSE_UPLOAD).period.before(now)
    ask = partial(documents.loose_before, loose, limit=AT_ONCE)
    sweep.each(Kept.LOOSE_UPLOAD, _pages(ask), lambda one: document_actions.erase([one], why="retention"))
    told = declared.rule(Kept.MESSAGE).period.before(now)
    forget = partial(message_actions.forget_messages, before=told, limit=AT_ONCE)
    sweep.masses(Kept.MESSAGE, forget, before=told)
    signed_in = declared.rule(Kept.SIGN_IN).period.before(now)
    forget = partial(people_actions.forget_sign_ins, before=signed_in)
    sweep.masses(Kept.SIGN_IN, forget, before=signed_in)


def _pages(ask: Callable[..., list[UUID]]) -> Iterator[UUID]:
    """What a query finds, page by page in the order of ids, whether or not it was erased meanwhile."""
    after = None
    while page := ask(after=after):
        yield from page
        after = page[-1]


def destroy_unneeded_keys() -> int:
    """Destroy the keys of erased accounts of which nothing is kept any more; how many."""
    done, after = 0, None
    while page := people.closed_with_key(limit=AT_ONCE, after=after):
        for account_id in page:
            if not things_kept(account_id):
                people_actions.destroy_key(account_id, actor=SYSTEM)
                done += 1
        after = page[-1]
    return done


def declared_periods() -> DeclaredPeriods:
    """Each kind with its period and its law, for whoever wants to know."""
    declared = programmes.retention()
    elsewhere = []
    for place in programmes.places():
        own = programmes.retention(place.name)
        elsewhere += [
            (place.title, "", own.rules[kind]) for kind in Kept if own.rules[kind] != declared.rules[kind]
        ]
        elsewhere += [
            (place.title, programmes.current(place.name, name).programme.title, rules[kind])
            for name, rules in sorted(own.programmes.items())
            for kind in Kept
            if kind in rules
        ]
    rules = tuple(declared.rules[kind] for kind in Kept)
    return DeclaredPeriods(rules, tuple(elsewhere), declared.cooling_off)


def swept(entries: Iterable[EntryView]) -> list[Erased]:
    """What was erased in masses, by the entries of `CHAIN`."""
    return [
        Erased(one.at, Kept(str(one.payload["kind"])), int(str(one.payload["number"])))
        for one in entries
        if one.event == ROWS_ERASED
    ]
