"""Answers as people read them: labels instead of codes, dates written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from yincai.engine.kinds import UNKNOWN, Kind
from yincai.engine.spec import CardField, Field, Mask, Programme, Variant
from yincai.foundation import codes
from yincai.foundation.days import day_in_words
from yincai.foundation.identifiers import show_phone
from yincai.foundation.masking import mask_address, mask_email, mask_identity, mask_name, mask_phone

MASKS = {Mask.NAME: mask_name, Mask.IDENTITY: mask_identity, Mask.PHONE: mask_phone}
MASKED_KINDS = {Kind.PHONE: mask_phone, Kind.EMAIL: mask_email, Kind.ADDRESS: mask_address}
"""Beside identity documents, of whose answer only the number is masked."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select or a radio group."""

    code: str
    label: str
    hint: str = ""


def choices_of(field: Field) -> Sequence[Choice]:
    """Return the options of a radio or code field, with the labels that people read."""
    if field.kind is Kind.RADIO:
        return [Choice(one.code, one.label, one.hint) for one in field.options]
    return choices_in(field.code_list, tuple(field.codes))


@lru_cache(maxsize=512)
def choices_in(code_list: str, some: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    """Return the options of a code list, all or only ``some`` in that order; lists do not change while a
    process runs."""
    known = codes.load(code_list)
    return tuple(Choice(code, known.label(code)) for code in some or known.codes)


def regions_of(programme: Programme, variant: Variant) -> list[str]:
    """Return the names of the regions that offer a variant; empty when every region does."""
    if not variant.regions:
        return []
    titles = codes.load(programme.field(variant.regions).code_list)
    return [titles.label(code) for code in programme.regions_of(variant)]


def is_masked(field: Field) -> bool:
    """Return whether staff see only a part of this answer until they ask for it: identity numbers, phones,
    e-mail addresses and addresses, unless the field declares that it is not personal."""
    return field.personal and (field.kind is Kind.IDENTITY_DOCUMENT or field.kind in MASKED_KINDS)


def show(field: Field, value: Any, *, masked: bool = False) -> str:
    """Return one answer as text; empty when there is none.  Rich text comes back as its (sanitised)
    markup.  ``masked`` hides the most of what ``is_masked``."""
    if value in (None, "", [], {}) or value is UNKNOWN:
        return ""
    masked = masked and is_masked(field)
    if masked and field.kind in MASKED_KINDS:
        return MASKED_KINDS[field.kind](str(value))
    match field.kind:
        case Kind.CODE:
            return codes.load(field.code_list).codes.get(value, str(value))
        case Kind.RADIO:
            return next((one.label for one in choices_of(field) if one.code == value), str(value))
        case Kind.CHECKBOX:
            return "是" if value else "否"
        case Kind.DATE:
            return day_in_words(date.fromisoformat(value) if isinstance(value, str) else value)
        case Kind.PHONE:
            return show_phone(value)
        case Kind.IDENTITY_DOCUMENT:
            number = mask_identity(value["number"]) if masked else value["number"]
            return f"{codes.load('document_types').label(value['type'])} {number}"
        case _:
            return f"{value} {field.unit}".strip()


def printed_card(programme: Programme, facts: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands on the card: every declared card field, worked out, labelled and masked."""
    return {field.name: _printed(programme, field, facts) for field in programme.card.fields}


def _printed(programme: Programme, field: CardField, facts: Mapping[str, Any]) -> str:
    value = field.value.evaluate(facts)
    if value is UNKNOWN or value is None:
        return ""
    try:
        text = show(programme.field(field.value.text), value)
    except KeyError:  # not a field by itself but an expression
        text = day_in_words(value) if isinstance(value, date) else _variant_title(programme, field, value)
    return MASKS[field.mask](text) if field.mask else text


def _variant_title(programme: Programme, field: CardField, value: Any) -> str:
    if field.value.text == "variant" and value:
        return programme.variant(str(value)).title
    return str(value)
