"""The filled application form as a PDF, made on demand from the frozen round.  Not sealed: people sign it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import typst

from yincai.cards import fonts, photos
from yincai.cards.rendering import LAYOUTS
from yincai.cards.rich_blocks import blocks_of
from yincai.cards.vocabulary import LayoutBroken
from yincai.casework import queries as casework
from yincai.casework.vocabulary import PaperRequest, label_of
from yincai.documents import queries as documents
from yincai.engine.kinds import Kind
from yincai.engine.showing import show
from yincai.engine.spec import STANDARD, Field, Programme
from yincai.foundation.days import moment_in_words
from yincai.foundation.errors import NotFound


def form_pdf(case_id: UUID) -> bytes:
    """The form as it was last handed in, to print and sign; `NotFound` where there is none.

    Who may have it is for the caller to decide, and to put on record.
    """
    asked = casework.paper_request(case_id)
    if asked is None or not asked.case.spec.papers.form:
        raise NotFound("这件申请没有可以打印的申请表。提交以后才能下载。")
    inputs = {"paper": json.dumps(data_of(asked), ensure_ascii=False)}
    source = _layout(asked.case.spec).encode()
    try:
        pdf = typst.Compiler(
            source, root=str(LAYOUTS), font_paths=fonts.loaded(), ignore_system_fonts=True, sys_inputs=inputs
        ).compile(source, format="pdf", timestamp=int(asked.submitted_at.timestamp()))
    except RuntimeError:  # the compiler's own words may quote answers
        raise LayoutBroken("申请表的版式无法排印。请管理员检查该事项的 papers 和版式文件。") from None
    if not isinstance(pdf, bytes):
        raise TypeError("the compiler gave pages instead of one PDF")
    return pdf


def data_of(asked: PaperRequest) -> dict[str, Any]:
    """Everything that a form's layout can print, as text."""
    spec, case = asked.case.spec, asked.case
    photo = documents.open_page(asked.photo_document_id, 1)[0] if asked.photo_document_id else None
    answers: dict[str, Any] = {"answers": {}, "codes": {}, "rich": {}, "tables": {}}
    for section in spec.sections:
        for field in section.fields:
            _take(answers, field, asked.answers.get(field.name))
    return answers | {
        "title": spec.title,
        "heading": f"{spec.title.removesuffix('申请')}申请表" + (f"（{case.title}）" if case.variant else ""),
        "variant": case.title if case.variant else "",
        "reference": case.reference or "",
        "submitted": moment_in_words(asked.submitted_at),
        "round": label_of(asked.round_number),
        "declaration": spec.declaration,
        "authority": spec.card.seal.authority,
        "photo": list(photos.for_print(photo)) if photo else None,
        "sections": [
            {
                "title": section.title,
                "fields": [_described(one) for one in section.fields if one.kind is not Kind.PHOTO],
            }
            for section in spec.sections
        ],
    }


def _take(answers: dict[str, Any], field: Field, value: Any) -> None:
    if field.kind is Kind.ROWS:
        rows = value if isinstance(value, list) else []
        answers["tables"][field.name] = [
            [fonts.drawable(_cell(column, row.get(column.name))) for column in field.rows] for row in rows
        ]
    elif field.kind is Kind.RICH_TEXT:
        answers["rich"][field.name] = [
            {**block, "runs": [{**run, "text": fonts.drawable(run["text"])} for run in block["runs"]]}
            for block in blocks_of(value or "")
        ]
    elif field.kind is not Kind.PHOTO:
        answers["answers"][field.name] = fonts.drawable(show(field, value))
        answers["codes"][field.name] = value if isinstance(value, str) else ""


def _cell(column: Field, value: Any) -> str:
    """One cell of a table; of a column for one kind of document the number alone."""
    if column.kind is Kind.IDENTITY_DOCUMENT and len(column.document_types) == 1 and value:
        return str(value.get("number", ""))
    return show(column, value)


def _described(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "kind": field.kind.value,
        "columns": [column.label for column in field.rows],
    }


def _layout(spec: Programme) -> str:
    if spec.papers.form == STANDARD:
        return (LAYOUTS / "plain_form.typ").read_text("utf8")
    return spec.files[spec.papers.form]
