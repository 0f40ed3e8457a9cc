"""Cases by number, name, document or phone (private to the room; its door is `queries`)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from yincai.casework.finding import Term, cases_concerning, terms_of
from yincai.casework.lanes import READERS, lanes_of
from yincai.casework.models import Case
from yincai.casework.permissions import roles_of
from yincai.casework.queue import PAGE, QueueRow, rows_of
from yincai.foundation.errors import Invalid
from yincai.foundation.statements import Rows, lines
from yincai.ledger.actions import record_read
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people

LONGEST = 100
SEARCHING = "查找申请"
_MAY = """
    one.submitted_at IS NOT NULL AND one.deleted_at IS NULL AND one.place = %(place)s
    AND one.account_id <> %(me)s AND one.id <> ALL(%(barred)s)
    AND (
        %(everything)s
        OR (one.publication_id, one.state, one.variant, one.office) IN (
            SELECT * FROM unnest(
                %(publications)s::uuid[], %(states)s::text[], %(variants)s::text[], %(offices)s::text[]
            )
        )
        OR one.assigned_to_id = ANY(%(mine)s)
        OR EXISTS (
            SELECT FROM casework_step step
            WHERE step.case_id = one.id AND step.actor_id = %(me)s AND step.actor_kind = 'staff'
        )
    )
"""
_BY_TERM = f"""
    SELECT key.case_id, key.received_at FROM casework_casekey key
    JOIN casework_case one ON one.id = key.case_id
    WHERE key.digest = %(digest)s AND key.kind = %(kind)s AND key.subject AND {_MAY}
    ORDER BY key.received_at DESC, key.case_id LIMIT %(size)s
"""  # noqa: S608 - no value is in it
_BY_REFERENCE = (
    f"SELECT one.id, one.submitted_at FROM casework_case one WHERE one.reference = %(reference)s AND {_MAY}"  # noqa: S608
)
_FOUND = Rows(Case, "id = ANY(%(ids)s) ORDER BY submitted_at DESC, id")


def search(actor: Actor, *, place: str, text: str, size: int = PAGE) -> tuple[list[QueueRow], bool]:
    """The cases that this text names and the actor may see, newest first, and whether there are more.

    The text is a case number, the whole name, the number of a document of any kind, or the phone of the form.
    That somebody searched, and by what kind of word, is on record on their own chain; the word is not.
    """
    text = text.replace("\0", "").strip()
    if not 0 < len(text) <= LONGEST:
        raise Invalid("请输入受理编号、完整姓名、证件号码或手机号，再点查找。")
    values = {**_who(actor, place), "size": size + 1}
    found: dict[UUID, datetime] = dict(lines(_BY_REFERENCE, reference=text.upper(), **values))
    kinds = {"reference"} if found else set()
    for term in [] if found else terms_of(text):
        if named := _named(term, values):
            found |= named
            kinds.add(term.kind.value)
    newest = sorted(found, key=lambda one: (found[one], one), reverse=True)
    _record(actor, place, kinds, len(newest))
    rows = _FOUND.all(ids=newest[:size]) if newest else []
    return rows_of(rows), len(newest) > size


def _named(term: Term, values: dict[str, Any]) -> dict[UUID, datetime]:
    return dict(lines(_BY_TERM, kind=term.kind.value, digest=term.digest, **values))


def _who(actor: Actor, place: str) -> dict[str, Any]:
    lanes = lanes_of(actor, place, reading=True)
    return {
        "place": place,
        "me": actor.id,
        "mine": [actor.id, *people.covered_by(actor.id, place=place)] if actor.id else [],
        "barred": cases_concerning(actor),
        "everything": bool(roles_of(actor, place) & READERS),
        "publications": [lane.publication_id for lane in lanes],
        "states": [lane.state for lane in lanes],
        "variants": [lane.variant for lane in lanes],
        "offices": [lane.office for lane in lanes],
    }


def _record(actor: Actor, place: str, kinds: Collection[str], count: int) -> None:
    if actor.id is None:
        return
    role = "、".join(sorted(roles_of(actor, place)))
    what = f"search:{'+'.join(sorted(kinds)) or 'none'}:{count}"
    record_read(chain=actor.id, actor=Actor("staff", actor.id, role), purpose=SEARCHING, what=what)
