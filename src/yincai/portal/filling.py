"""What stands in a form before anybody typed it, and the words that say where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from yincai.casework import queries as cases
from yincai.engine import forms
from yincai.engine.showing import choices_of
from yincai.engine.spec import Field, Section
from yincai.foundation.identifiers import show_phone
from yincai.partners import queries as partners
from yincai.people import queries as people
from yincai.portal.gate.arriving import Arrival

Posted = Mapping[str, Sequence[str]]
FROM_NUMBER = "已按身份证号码填写，请核对。"
FROM_IDENTITY = "已填入您注册时的实名信息，请核对。"
FROM_CASE = "已按您上一次申请填写，可以修改。"
FROM_PHONE = "已填入您账号的手机号码，可以修改。"
FROM_PARTNER = "由「{partner}」提供，请核对，可以修改。"
FROM_EMAIL = "已填入您账号的电子邮箱，可以修改。"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody: texts by the end of the input's name, and the words that say from where."""

    texts: Mapping[str, str]
    words: str


def _name(account: UUID, _field: Field) -> Known:
    identity = people.identity_of(account)
    if identity is not None:
        return Known({"": identity.name}, FROM_IDENTITY)
    return Known({"": cases.name_given_by(account)}, FROM_CASE)


def _document(account: UUID, field: Field) -> Known:
    identity = people.identity_of(account)
    if identity is None or identity.kind not in field.document_types:
        return Known({}, "")
    return Known({".type": identity.kind, ".number": identity.number}, FROM_IDENTITY)


def _phone(account: UUID, _field: Field) -> Known:
    return Known({"": show_phone(people.phone_of(account) or "")}, FROM_PHONE)


def _email(account: UUID, _field: Field) -> Known:
    return Known({"": people.email_of(account) or ""}, FROM_EMAIL)


KNOWN: Mapping[str, Callable[[UUID, Field], Known]] = {
    "name": _name,
    "document": _document,
    "phone": _phone,
    "email": _email,
}


ALL_KNOWN = frozenset(KNOWN)
FROM_DOCUMENT = frozenset({"name", "document"})
"""What an officer at the counter was shown anyway: nothing else of an account is filled in before them."""


def with_what_is_known(
    account: UUID, section: Section, posted: Posted, *, parts: Set[str] = ALL_KNOWN
) -> tuple[Posted, dict[str, str]]:
    """The inputs of a section that was never saved, with what is known of the account where it is declared
    and nothing stands yet; and the words beside those.  `parts`: what may be filled in."""
    filled, words = dict(posted), {}
    fields = {one.name: one for one in section.fields}
    asked = {name: part for name, part in forms.applicant_asked(section).items() if part in parts}
    for name, part in asked.items():
        known = KNOWN[part](account, fields[name])
        inputs = {f"{name}{end}": text for end, text in known.texts.items() if text}
        if inputs and not any("".join(posted.get(one, ())) for one in _inputs_of(name, part)):
            filled |= {one: [text] for one, text in inputs.items()}
            words[name] = known.words
    return filled, words


def with_what_was_chosen(
    arrival: Arrival | None, section: Section, posted: Posted
) -> tuple[Posted, dict[str, str]]:
    """The inputs of a section that was never saved, with the district that was chosen in the channel where it
    is declared, offered and nothing stands yet; and the words beside it."""
    filled, words = dict(posted), {}
    fields = {one.name: one for one in section.fields}
    for name in forms.arrival_asked(section) if arrival and arrival.district else ():
        offered = {one.code for one in choices_of(fields[name])}
        if arrival and arrival.district in offered and not "".join(posted.get(name, ())):
            filled[name] = [arrival.district]
            words[name] = f"已填入您在{arrival.channel}选择的办理区域，可以修改。"
    return filled, words


def _inputs_of(name: str, part: str) -> tuple[str, ...]:
    """What must be empty for a field to be filled; the kind of document has a choice before anybody chose."""
    return (f"{name}.number",) if part == "document" else (name,)


def with_what_was_handed_over(
    case_id: UUID, section: Section, posted: Posted, words: Mapping[str, str]
) -> tuple[Posted, dict[str, str]]:
    """The inputs of a section that was never saved, with what another system handed over where nothing stands
    yet; and the words beside those, added to `words`."""
    partner, texts = partners.handed_over(case_id)
    filled, said = dict(posted), dict(words)
    for field in section.fields:
        inputs = {name: text for name, text in texts.items() if name.partition(".")[0] == field.name and text}
        taken = [name for name in inputs if not name.endswith(".type") and "".join(posted.get(name, ()))]
        if inputs and not taken:
            filled |= {name: [text] for name, text in inputs.items()}
            said[field.name] = FROM_PARTNER.format(partner=partner)
    return filled, said


def marks_of(section: Section, paths: Iterable[str]) -> dict[str, str]:
    """The words beside what an identity number answered; paths that nothing fills are left out."""
    return {path: FROM_NUMBER for path in paths if forms.is_told(section, path)}
