"""What stands in a form before anybody typed it, and the words that say where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from yincai.casework import queries as cases
from yincai.engine import forms
from yincai.engine.spec import Section
from yincai.foundation.identifiers import show_phone
from yincai.people import queries as people

Posted = Mapping[str, Sequence[str]]
FROM_NUMBER = "已按身份证号码填写，请核对。"
FROM_APPLICANT = {
    "name": "已按您上一次申请填写，可以修改。",
    "phone": "已填入您账号的手机号码，可以修改。",
    "email": "已填入您账号的电子邮箱，可以修改。",
}
KNOWN: Mapping[str, Callable[[UUID], str]] = {
    "name": cases.name_given_by,
    "phone": lambda account: show_phone(people.phone_of(account) or ""),
    "email": lambda account: people.email_of(account) or "",
}


def with_what_is_known(account: UUID, section: Section, posted: Posted) -> tuple[Posted, dict[str, str]]:
    """The inputs of a section that was never saved, with what is known of the account where it is declared
    and nothing stands yet; and the words beside those."""
    asked = forms.applicant_asked(section)
    found = {name: KNOWN[part](account) for name, part in asked.items() if not "".join(posted.get(name, ()))}
    found = {name: text for name, text in found.items() if text}
    return {**posted, **{name: [text] for name, text in found.items()}}, {
        name: FROM_APPLICANT[asked[name]] for name in found
    }


def marks_of(section: Section, paths: Iterable[str]) -> dict[str, str]:
    """The words beside what an identity number answered; paths that nothing fills are left out."""
    return {path: FROM_NUMBER for path in paths if forms.is_told(section, path)}
