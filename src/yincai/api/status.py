"""Where cases stand: one by its number, and all of the key's office by cursor; every look is on record."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from ninja.params import functions as ninja

from yincai.api import shapes
from yincai.api.keys import Needs, key_of
from yincai.api.parameters import After
from yincai.casework import queries as casework
from yincai.casework.vocabulary import CaseView
from yincai.foundation.errors import Invalid, NotFound, Problem
from yincai.ledger.actions import record_read
from yincai.partners.vocabulary import PAGE, PartnerView, Scope

PURPOSE = "通过接口查询办理状态"
NOT_HERE = "没有找到这件申请，或它不在这把密钥能查询的范围内。请核对受理编号。"
WRONG_CURSOR = "游标不对。请把上一页回答里的 after 原样带来；第一页不带。"
Reference = Annotated[
    str, ninja.Path(min_length=1, max_length=40, pattern=r"^[^\s/]+$", description="受理编号")
]
router = Router(tags=["办理状态"], auth=Needs(Scope.STATUS))


@router.get(
    "/cases/{reference}",
    response=shapes.StatusShape,
    operation_id="get_case_status",
    summary="一件申请的状态",
)
def one(request: HttpRequest, reference: Reference) -> shapes.StatusShape:
    """按受理编号查询，只回答办到哪里了。每次查询都记在这件申请的查看记录里，申请人看得到。"""
    partner = key_of(request).partner
    case = casework.case_of_reference(reference, place=partner.place)
    if case is None or not _is_seen(partner, case):
        raise NotFound(NOT_HERE)
    record_read(chain=case.id, actor=partner.actor, purpose=PURPOSE, what="status")
    return _status(case)


@router.get(
    "/cases", response=shapes.Statuses, operation_id="list_case_statuses", summary="密钥所属机构的全部申请"
)
def listing(request: HttpRequest, after: After = "") -> shapes.Statuses:
    """按首次提交的先后，一页 50 件。每次查询都记在对接系统的记录里。"""
    partner = key_of(request).partner
    offices = ["", partner.office] if partner.office else None
    found = casework.received_after(partner.place, offices=offices, after=_key(after), size=PAGE + 1)
    shown = found[:PAGE]
    what = f"cases:{len(shown)}"
    record_read(chain=partner.id, actor=partner.actor, purpose=PURPOSE, what=what)
    return shapes.Statuses(
        cases=[_status(case) for case in shown], after=_cursor(shown[-1]) if len(found) > PAGE else ""
    )


def _is_seen(partner: PartnerView, case: CaseView) -> bool:
    return not partner.office or case.office in ("", partner.office)


def _status(case: CaseView) -> shapes.StatusShape:
    if case.reference is None or case.submitted_at is None:
        raise NotFound(NOT_HERE)
    return shapes.StatusShape(
        reference=case.reference,
        programme=case.programme,
        variant=case.variant,
        title=case.title,
        state=case.state,
        state_title=case.current_state.title,
        since=case.state_since,
        due_at=case.due_at,
        received_at=case.submitted_at,
        is_ended=case.ended_at is not None,
    )


def _cursor(case: CaseView) -> str:
    at = case.submitted_at or case.opened_at
    return f"{at.isoformat()}~{case.id}"


def _key(after: str) -> tuple[datetime, UUID] | None:
    if not after:
        return None
    at, _, last = after.partition("~")
    try:
        moment, case = datetime.fromisoformat(at), UUID(last)
    except ValueError as error:
        raise Invalid(problems=[Problem("after", WRONG_CURSOR)]) from error
    if moment.tzinfo is None:
        raise Invalid(problems=[Problem("after", WRONG_CURSOR)])
    return moment, case
