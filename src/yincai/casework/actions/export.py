"""Spreadsheets of cases: asked for, made by a job, fetched for as long as is declared."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from yincai.casework.finding import cases_concerning
from yincai.casework.models import Case, Export
from yincai.casework.permissions import administrator_of
from yincai.casework.spreadsheet import Sheet, exports_kept_since
from yincai.casework.vocabulary import EXPORT_ASKED, ExportState
from yincai.foundation import clock
from yincai.foundation.days import is_reckoned
from yincai.foundation.encryption import seal, unseal
from yincai.foundation.errors import Invalid, NotFound, Problem
from yincai.foundation.statements import hold
from yincai.ledger.actions import record, record_read
from yincai.ledger.vocabulary import JSON, Actor
from yincai.people import actions as people

MAKE = "casework.make_export"
MOST = 50_000
BATCH = 200
LONGEST_PURPOSE = 200
EXPORTING = "导出表格"
_CHAINS = UUID("5b6f0f0e-0b0a-4f57-9f35-0c9e2d6c8a77")


def export_chain(place: str) -> UUID:
    """The ledger's chain of the spreadsheets of a place."""
    return uuid5(_CHAINS, place)


def ask_export(
    *,
    actor: Actor,
    place: str,
    begin: date,
    end: date,
    purpose: str,
    programme: str = "",
    whole_numbers: bool = False,
    code: str = "",
) -> UUID:
    """Ask for a spreadsheet of the cases handed in from `begin` to `end`; a job makes it.  Returns its id.

    Cases of whoever asks and of their household are not in it.  Numbers are masked unless `whole_numbers`,
    for which the second factor is shown again (`code`).  Asked for again while it is being made, it is the
    same one, and needs no other code.  Raises `NotAllowed` for everybody but administrators of the place,
    `Invalid` without a purpose, for more than 50,000 cases or with a wrong code; `TooManyAttempts` as
    everywhere codes are asked for.
    """
    account_id = administrator_of(actor, place)
    purpose = purpose.replace("\0", "").strip()
    total, problems = 0, []
    if not 0 < len(purpose) <= LONGEST_PURPOSE:
        problems.append(Problem("purpose", f"请写明用途（{LONGEST_PURPOSE} 字以内），申请人会看到。"))
    if end < begin:
        problems.append(Problem("end", "结束日期早于开始日期，请修改。"))
    elif not (is_reckoned(begin) and is_reckoned(end)):
        problems.append(Problem("begin", "日期只能在 1900 年到 2199 年之间。请核对年份。"))
    elif (total := _cases(account_id, place, programme, begin, end).count()) > MOST:
        problems.append(Problem("begin", f"这段时间有 {total} 件，一次最多导出 {MOST} 件。请缩短日期范围。"))
    if problems:
        raise Invalid(problems[0].message, problems=problems)
    wanted: dict[str, Any] = {
        "account_id": account_id,
        "place": place,
        "programme": programme,
        "begin": begin,
        "end": end,
        "whole_numbers": whole_numbers,
        "purpose": purpose,
    }
    unmade = Export.objects.filter(**wanted, state__in=(ExportState.WAITING, ExportState.RUNNING))
    same = unmade.values_list("pk", flat=True)
    if whole_numbers and not same.exists() and not people.is_code_of(account_id, code):
        sentence = "验证码不正确或已经用过。导出完整号码须输入验证器上的最新验证码。"
        raise Invalid(sentence, problems=[Problem("code", sentence)])
    with transaction.atomic():
        hold(f"casework.export:{account_id}")
        if known := same.first():
            return known
        return _entered(wanted, actor=actor, total=total)


def _entered(wanted: dict[str, Any], *, actor: Actor, total: int) -> UUID:
    """The row of a spreadsheet, its record and its job."""
    asked = Export.objects.create(
        **wanted, role=actor.role, state=ExportState.WAITING, total=total, asked_at=clock.now()
    )
    payload: dict[str, JSON] = {
        "export": str(asked.pk),
        "programme": asked.programme,
        "begin": asked.begin.isoformat(),
        "end": asked.end.isoformat(),
        "whole_numbers": asked.whole_numbers,
    }
    record(
        chain=export_chain(asked.place),
        event=EXPORT_ASKED,
        actor=actor,
        payload=payload,
        words={"purpose": asked.purpose},
        person=actor.id,
    )
    app.configure_task(MAKE, queue="default", lock=f"export:{asked.pk}").defer(export_id=str(asked.pk))
    return asked.pk


def make_export(export_id: UUID) -> None:
    """Make the spreadsheet; one that is made, or forgotten, is left alone.

    Every case in it has the look on record before the file is there.  Made anew from the start after a
    crash, which leaves a second look on record and no second file.
    """
    asked = Export.objects.filter(pk=export_id).exclude(state=ExportState.READY).first()
    if asked is None:
        return
    Export.objects.filter(pk=export_id).update(state=ExportState.RUNNING, done=0)
    reader = Actor("staff", asked.account_id, asked.role)
    sheet = Sheet(whole_numbers=asked.whole_numbers)
    what = "export:whole" if asked.whole_numbers else "export"
    after: tuple[datetime, UUID] | None = None
    while batch := list(rows_after(asked, after)):
        with transaction.atomic():
            sheet.add(batch)
            for case in batch:
                record_read(chain=case.id, actor=reader, purpose=EXPORTING, stated=asked.purpose, what=what)
            Export.objects.filter(pk=export_id).update(done=sheet.rows, total=max(asked.total, sheet.rows))
        last = batch[-1]
        assert last.submitted_at is not None  # noqa: S101 - only those that were handed in are asked for
        after = last.submitted_at, last.id
    content = seal(sheet.finished(), context=f"casework_export.content:{export_id}")
    unmade = Export.objects.filter(pk=export_id).exclude(state=ExportState.READY)
    unmade.update(state=ExportState.READY, content=content, total=sheet.rows, ready_at=clock.now())


def fetch_export(export_id: UUID, *, actor: Actor, place: str) -> bytes:
    """The file, for who asked for it; the look is on record first.  `NotFound` for others and after a day."""
    account_id = administrator_of(actor, place)
    asked = Export.objects.filter(pk=export_id, account_id=account_id, place=place).first()
    if asked is None or asked.content is None or _is_old(asked):
        raise NotFound("这份表格不在了：它只保存很短的时间，也只给申请导出的人。需要时请重新导出。")
    chain, what = export_chain(place), f"export:{export_id}"
    record_read(chain=chain, actor=actor, purpose=EXPORTING, stated=asked.purpose, what=what)
    return unseal(bytes(asked.content), context=f"casework_export.content:{export_id}")


def forget_exports() -> int:
    """Delete what has been kept for as long as is declared; returns how many."""
    return Export.objects.filter(asked_at__lt=exports_kept_since() - timedelta(hours=1)).delete()[0]


def fail_export(export_id: UUID) -> None:
    """Say that it will not be made."""
    Export.objects.filter(pk=export_id).exclude(state=ExportState.READY).update(state=ExportState.FAILED)


def _is_old(asked: Export) -> bool:
    return asked.ready_at is None or asked.ready_at <= exports_kept_since()


def _cases(asked_by: UUID, place: str, programme: str, begin: date, end: date) -> QuerySet[Case]:
    concerning = cases_concerning(Actor("staff", asked_by))
    found = Case.objects.exclude(account_id=asked_by).exclude(id__in=concerning)
    found = found.filter(
        place=place,
        submitted_at__gte=clock.start_of(begin),
        submitted_at__lt=clock.start_of(end + timedelta(days=1)),
        deleted_at__isnull=True,
    )
    return found.filter(programme=programme) if programme else found


def rows_after(asked: Export, after: tuple[datetime, UUID] | None) -> QuerySet[Case]:
    """What follows in the order of receipt, read from its index (`case_received`)."""
    rows = _cases(asked.account_id, asked.place, asked.programme, asked.begin, asked.end)
    if after is not None:
        moment, case_id = after
        rows = rows.filter(submitted_at__gte=moment).exclude(submitted_at=moment, id__lte=case_id)
    return rows.order_by("submitted_at", "id")[:BATCH]
