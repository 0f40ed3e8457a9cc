"""How a case's answers rest in the database: JSON, sealed under the case's own data key (private to the
room)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from yincai.casework.models import Case, Round, SectionRevision, Step
from yincai.casework.vocabulary import SectionContent
from yincai.engine.workflow import Need
from yincai.foundation import encryption
from yincai.foundation.encryption import FORGOTTEN, Forgotten

Sealed = bytes | memoryview


def new_case_key(case: Case) -> bytes:
    """A fresh data key for this case, wrapped under its applicant's own key."""
    key = encryption.new_data_key()
    return encryption.wrap_data_key(key, context=f"casework.case:{case.id}", person=case.account_id)


def seal(case: Case, value: Any, *, context: str) -> bytes:
    """The JSON `value` sealed for one place of this case."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    return encryption.seal_under(_key(case), text, context=f"{case.id}:{context}")


def unseal(case: Case, sealed: Sealed, *, context: str) -> Any:
    """The value behind `seal`; `CannotDecrypt` when it was altered or moved, `Forgotten` when the applicant
    had their key destroyed."""
    return json.loads(encryption.unseal_under(_key(case), bytes(sealed), context=f"{case.id}:{context}"))


def is_forgotten(case: Case) -> bool:
    """Whether the applicant had their key destroyed, so that nothing of the case can be opened."""
    try:
        _key(case)
    except Forgotten:
        return True
    return False


def content_of(case: Case, row: SectionRevision) -> SectionContent:
    """One saved section, opened; an empty one of who is forgotten."""
    if is_forgotten(case):
        return SectionContent(row.section, row.revision, saved_at=row.saved_at)
    stored = unseal(case, row.sealed, context=f"section:{row.section}:{row.revision}")
    return SectionContent(row.section, row.revision, stored["values"], stored["typed"], row.saved_at)


def seal_content(case: Case, content: SectionContent) -> bytes:
    """One section, sealed for its revision."""
    value = {"values": dict(content.values), "typed": dict(content.typed)}
    return seal(case, value, context=f"section:{content.section}:{content.revision}")


def answers_of(case: Case, frozen: Round) -> dict[str, Any]:
    """The effective answers of a frozen round; none of who is forgotten, so that every rule fails closed."""
    if is_forgotten(case):
        return {}
    opened: dict[str, Any] = unseal(case, frozen.sealed, context=f"round:{frozen.number}")["values"]
    return opened


def words_of(case: Case, step: Step) -> Mapping[str, str]:
    """The reason, opinion or confirmation given with a step; in their place that they were forgotten."""
    if step.words is None:
        return {}
    if is_forgotten(case):
        return {Need.REASON: FORGOTTEN}
    opened: dict[str, str] = unseal(case, step.words, context=f"step:{step.number}")
    return opened


def name_of(case: Case) -> str:
    """The name of whom a case is about, `FORGOTTEN` in its place, empty where no form asked for it."""
    if not case.subject_name:
        return ""
    return FORGOTTEN if is_forgotten(case) else str(unseal(case, case.subject_name, context="subject_name"))


def _key(case: Case) -> bytes:
    return encryption.unwrap_data_key(bytes(case.data_key), context=f"casework.case:{case.id}")
