"""How a case's answers rest in the database: JSON, sealed under the case's own data key (private to the
room)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from yincai.casework.models import Case, Round, SectionRevision, Step
from yincai.casework.vocabulary import SectionContent
from yincai.foundation import encryption

Sealed = bytes | memoryview


def new_case_key(case: Case) -> bytes:
    """A fresh data key for this case, wrapped under the installation's ring."""
    return encryption.wrap_data_key(encryption.new_data_key(), context=f"casework.case:{case.id}")


def seal(case: Case, value: Any, *, context: str) -> bytes:
    """The JSON `value` sealed for one place of this case."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    return encryption.seal_under(_key(case), text, context=f"{case.id}:{context}")


def unseal(case: Case, sealed: Sealed, *, context: str) -> Any:
    """The value behind `seal`; `CannotDecrypt` when it was altered or moved."""
    return json.loads(encryption.unseal_under(_key(case), bytes(sealed), context=f"{case.id}:{context}"))


def content_of(case: Case, row: SectionRevision) -> SectionContent:
    """One saved section, opened."""
    stored = unseal(case, row.sealed, context=f"section:{row.section}:{row.revision}")
    return SectionContent(row.section, row.revision, stored["values"], stored["typed"], row.saved_at)


def seal_content(case: Case, content: SectionContent) -> bytes:
    """One section, sealed for its revision."""
    value = {"values": dict(content.values), "typed": dict(content.typed)}
    return seal(case, value, context=f"section:{content.section}:{content.revision}")


def answers_of(case: Case, frozen: Round) -> dict[str, Any]:
    """The effective answers of a frozen round."""
    opened: dict[str, Any] = unseal(case, frozen.sealed, context=f"round:{frozen.number}")["values"]
    return opened


def words_of(case: Case, step: Step) -> Mapping[str, str]:
    """The reason, opinion or confirmation given with a step."""
    if step.words is None:
        return {}
    opened: dict[str, str] = unseal(case, step.words, context=f"step:{step.number}")
    return opened


def _key(case: Case) -> bytes:
    return encryption.unwrap_data_key(bytes(case.data_key), context=f"casework.case:{case.id}")
