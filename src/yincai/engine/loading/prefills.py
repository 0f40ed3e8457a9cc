"""Checks where fields say that their answers come from (`prefill`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from yincai.engine.forms.agreement import sexes_of
from yincai.engine.kinds import Kind
from yincai.engine.loading.reader import Reader
from yincai.engine.parts import nearest
from yincai.engine.spec import APPLICANT, ARRIVAL, Field

OF_DOCUMENT: Final = {Kind.DATE: "birth_date", Kind.CODE: "sex", Kind.RADIO: "sex"}
OF_APPLICANT: Final = {
    Kind.PERSON_NAME: "name",
    Kind.IDENTITY_DOCUMENT: "document",
    Kind.PHONE: "phone",
    Kind.EMAIL: "email",
}


def check_prefills(
    written: Iterable[tuple[Reader, Field]], beside: Sequence[Field], *, of_row: bool = False
) -> None:
    """Note every `prefill` that names nothing which could answer its field.

    A document must stand in the same section, or among the columns of the same row.
    """
    documents = [one.name for one in beside if one.kind is Kind.IDENTITY_DOCUMENT]
    for reader, field in written:
        if field.prefill:
            _check(reader, field, _known(field, documents, of_row=of_row))


def _known(field: Field, documents: list[str], *, of_row: bool) -> list[str]:
    part = OF_DOCUMENT.get(field.kind)
    found = [f"{name}.{part}" for name in documents] if part else []
    if field.kind in OF_APPLICANT and not of_row:
        found.append(f"{APPLICANT}.{OF_APPLICANT[field.kind]}")
    if field.code_list.startswith("districts_") and not of_row:
        found.append(f"{ARRIVAL}.district")
    return found


def _check(reader: Reader, field: Field, known: list[str]) -> None:
    if not known:
        where = "a document beside it or the applicant"
        reader.wrong("prefill", f"nothing of {where} answers the kind {field.kind}", "delete prefill")
    elif field.prefill not in known:
        reader.wrong("prefill", f"prefill is {field.prefill}", nearest(field.prefill, known))
    elif field.prefill.endswith(".sex") and set(sexes_of(field).values()) != {"1", "2"}:
        reader.wrong("prefill", "the field has no 男 and 女 to fill in", "offer both, or delete prefill")
