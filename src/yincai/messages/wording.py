"""Fills a programme's message texts: which placeholder stands for what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from yincai.engine.kinds import Kind
from yincai.engine.patterns import Template
from yincai.engine.place import Place
from yincai.engine.spec import Field, Message, Programme
from yincai.foundation import codes
from yincai.foundation.days import day_in_words, last_day_in_words
from yincai.messages.vocabulary import Texts

NO_DUE_DATE = "无期限"
NO_REASON = "请登录平台查看"


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What is known when something happens to a case.  `answers` and `card` are asked only when needed."""

    programme: Programme
    place: Place
    variant_title: str
    reference: str
    state_title: str
    reason: str
    due_at: datetime | None
    office: str
    link: str
    answers: Callable[[], Mapping[str, Any]] = field(repr=False)
    card: Callable[[], tuple[str, date | None]] = field(repr=False)


def texts_for(message: Message, occasion: Occasion) -> Texts:
    """The finished texts of one message.  Every placeholder was checked when the programme was loaded."""
    templates = (
        message.inbox_title,
        message.inbox_body,
        message.sms,
        message.email_subject,
        message.email_body,
    )
    names = {name for template in templates if template is not None for name in template.names}
    values = values_for(names, occasion)
    title, body, sms, subject, letter = (_fill(template, values) for template in templates)
    return Texts(title=title, body=body, sms=sms, email_subject=subject, email_body=letter)


def values_for(names: set[str], occasion: Occasion) -> dict[str, str]:
    """The value of each placeholder in `names`; what the case does not have is an empty text."""
    place = occasion.place
    known: dict[str, Callable[[], str]] = {
        "place": lambda: place.title,
        "programme": lambda: occasion.programme.title,
        "variant": lambda: occasion.variant_title,
        "reference": lambda: occasion.reference,
        "state": lambda: occasion.state_title,
        "office": lambda: office_title(place, occasion.office),
        "due": lambda: last_day_in_words(occasion.due_at) if occasion.due_at else NO_DUE_DATE,
        "reason": lambda: occasion.reason or NO_REASON,
        "card_number": lambda: occasion.card()[0],
        "valid_until": lambda: _day(occasion.card()[1]),
        "link": lambda: occasion.link,
    }
    answers = occasion.answers() if names - known.keys() else {}
    return {
        name: known[name]()
        if name in known
        else answer_in_words(occasion.programme.field(name), answers.get(name))
        for name in names
    }


def _day(day: date | None) -> str:
    return day_in_words(day) if day else ""


def office_title(place: Place, office: str) -> str:
    """The title of the office that acted; else of the place's first, where residents are received."""
    named = next((one.title for one in place.offices if one.name == office), "")
    return named or next((one.title for one in place.offices), place.owner)


def answer_in_words(field: Field, value: Any) -> str:
    """An answer as people read it; empty when it was not given."""
    if value is None or value == "":
        return ""
    match field.kind:
        case Kind.CHECKBOX:
            return "是" if value else "否"
        case Kind.RADIO:
            return next((option.label for option in field.options if option.code == value), str(value))
        case Kind.CODE:
            return codes.load(field.code_list).get(str(value)) or str(value)
        case Kind.DATE:
            return day_in_words(date.fromisoformat(str(value)))
        case Kind.MONTH:
            year, _, month = str(value).partition("-")
            return f"{year}年{int(month)}月"
        case _:
            return str(value)


def _fill(template: Template | None, values: Mapping[str, str]) -> str:
    return "" if template is None else template.render(values)
