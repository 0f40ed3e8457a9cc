"""What this room holds about somebody (door: `queries.held_about`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from yincai.casework.corrections import correction_views
from yincai.casework.models import Case, Export, Invitation, Round
from yincai.casework.reading import contents_of, materials_ever
from yincai.casework.sealing import answers_of
from yincai.casework.views import READABLE, step_view
from yincai.casework.vocabulary import label_of
from yincai.engine.kinds import Kind
from yincai.engine.showing import show
from yincai.engine.spec import Field, Programme
from yincai.foundation.held import HeldPart, of_rows
from yincai.programmes import queries as programmes

LABELS = {
    "id": "申请的编号",
    "reference": "受理编号",
    "place": "地区",
    "programme": "事项",
    "title": "事项名称",
    "variant": "类型",
    "state": "环节",
    "office": "办理机构",
    "opened_at": "开始填写",
    "submitted_at": "首次提交",
    "ended_at": "办结",
    "draft": "现在填写的内容",
    "draft.section": "部分",
    "draft.field": "字段",
    "draft.label": "名称",
    "draft.value": "内容",
    "draft.shown": "内容（文字）",
    "typed": "尚未填对的内容",
    "rounds": "历次提交",
    "rounds.label": "批次",
    "rounds.submitted_at": "提交时间",
    "rounds.answers": "提交的内容",
    "rounds.answers.section": "部分",
    "rounds.answers.field": "字段",
    "rounds.answers.label": "名称",
    "rounds.answers.value": "内容",
    "rounds.answers.shown": "内容（文字）",
    "rounds.documents": "材料及其校验值",
    "materials": "材料",
    "materials.document": "文件编号",
    "materials.slot": "材料位置",
    "materials.added_at": "放入时间",
    "materials.removed_at": "取出时间",
    "steps": "办理过程",
    "steps.title": "步骤",
    "steps.to": "到达的环节",
    "steps.by": "办理人身份",
    "steps.role": "岗位",
    "steps.reason": "告知您的原因",
    "steps.at": "时间",
    "corrections": "补正要求",
    "corrections.asked_at": "提出时间",
    "corrections.due_at": "期限",
    "corrections.items": "要求补正的内容",
}


def held_about(account_id: UUID) -> tuple[HeldPart, ...]:
    """Every application of somebody with all that they filled in and handed in and every step taken, and the
    spreadsheets that they asked for as staff."""
    cases = Case.objects.filter(account_id=account_id, deleted_at__isnull=True).order_by("opened_at", "pk")
    rows = tuple(_application(one) for one in cases)
    exports = of_rows(
        "exports",
        "作为工作人员导出的表格",
        Export.objects.filter(account_id=account_id).order_by("asked_at"),
        place="地区",
        programme="事项",
        begin="起",
        end="止",
        purpose="用途",
        whole_numbers="含完整号码",
        asked_at="导出时间",
    )
    invitations = of_rows(
        "invitations",
        "请配偶上传材料的邀请",
        Invitation.objects.filter(case__account_id=account_id).order_by("made_at"),
        case_id="申请的编号",
        name="姓名",
        phone="手机号",
        slots="材料",
        made_at="邀请时间",
        expires_at="有效期至",
        opened_at="打开时间",
        ended_at="结束时间",
        shares="同意查看",
    )
    applications = HeldPart("applications", "申请", LABELS, rows, tuple(row["id"] for row in rows))
    return applications, exports, invitations


def _application(case: Case) -> Mapping[str, Any]:
    spec = programmes.version(case.publication_id).programme
    contents = contents_of(case)
    return {
        "id": case.pk,
        "reference": case.reference,
        "place": case.place,
        "programme": case.programme,
        "title": spec.title,
        "variant": spec.variant(case.variant).title if case.variant else "",
        "state": spec.workflow.state(case.state).title,
        "office": case.office,
        "opened_at": case.opened_at,
        "submitted_at": case.submitted_at,
        "ended_at": case.ended_at,
        "draft": _answers(spec, {k: v for one in contents.values() for k, v in one.values.items()}),
        "typed": {k: v for one in contents.values() for k, v in one.typed.items()},
        "rounds": [_round(case, spec, one) for one in case.rounds.order_by("number")],
        "materials": [
            {
                "document": one.document_id,
                "slot": one.slot,
                "added_at": one.added_at,
                "removed_at": one.removed_at,
            }
            for one in materials_ever(case.pk)
        ],
        "steps": list(_steps(case)),
        "corrections": [
            {
                "asked_at": one.opened_at,
                "due_at": one.due_at,
                "items": [item.sentence for item in one.items],
            }
            for one in correction_views(case)
        ],
    }


def _round(case: Case, spec: Programme, frozen: Round) -> Mapping[str, Any]:
    return {
        "label": label_of(frozen.number),
        "submitted_at": frozen.submitted_at,
        "answers": _answers(spec, answers_of(case, frozen)),
        "documents": frozen.materials,
    }


def _steps(case: Case) -> Iterable[Mapping[str, Any]]:
    for step in case.steps.order_by("number"):
        view = step_view(case, step, readable=READABLE["applicant"])
        yield {
            "title": view.title,
            "to": view.target_title,
            "by": view.actor_kind,
            "role": view.role,
            "reason": "；".join(view.words.values()),
            "at": view.at,
        }


def _answers(spec: Programme, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [
        {
            "section": section.title,
            "field": field.name,
            "label": field.label,
            "value": values[field.name],
            "shown": _shown(field, values[field.name]),
        }
        for section in spec.sections
        for field in section.fields
        if values.get(field.name) not in (None, "", [], {})
    ]


def _shown(field: Field, value: Any) -> str:
    if field.kind is not Kind.ROWS:
        return show(field, value)
    lines = (
        "，".join(f"{column.label}：{show(column, row.get(column.name))}" for column in field.rows)
        for row in value
    )
    return "；".join(lines)
