"""Writing a version: the one before ends on the day on which the new one begins to count."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import F, Max, Q, Value
from django.db.models.functions import Greatest

from yincai.directory.models import Record, Version
from yincai.directory.spelling import spelling_of
from yincai.directory.vocabulary import Contact, Sort
from yincai.foundation.errors import Invalid


def write_version(
    row: Record,
    *,
    name: str,
    code: str,
    facts: dict[str, str],
    since: date,
    contact: Contact | None = None,
    is_example: bool = False,
    request: UUID | None = None,
) -> Version:
    """What counts of a record from `since` on.  Without `contact` the one known stays.

    Within the caller's transaction, the record locked.  A version that had not begun to count by then never
    will.  `Invalid` when another record of the place has this code.
    """
    locked = Record.objects.select_for_update().get(pk=row.pk)
    if code and _has_another(locked, code):
        raise Invalid("另一条记录已经使用这个统一社会信用代码，没有保存。请核对代码，或改为修改那一条记录。")
    before = open_version_of(locked.pk)
    still = locked.versions.filter(Q(valid_until=None) | Q(valid_until__gt=since))
    still.update(valid_until=Greatest(Value(since), F("valid_from")))
    last = locked.versions.aggregate(last=Max("number"))["last"] or 0
    spelt = spelling_of(name, code)
    sealed = vars_of(contact) if contact else (before.contact if before else None)
    return Version.objects.create(
        record=locked,
        number=last + 1,
        place=locked.place,
        sort=locked.sort,
        name=name,
        code=code,
        folded=spelt.folded,
        grams=spelt.grams,
        latin=spelt.latin,
        facts=facts,
        contact=sealed,
        is_example=is_example,
        valid_from=since,
        request=request,
    )


def open_version_of(record: UUID) -> Version | None:
    """The version without an end: the newest."""
    return Version.objects.filter(record_id=record, valid_until=None).first()


def vars_of(contact: Contact) -> dict[str, str]:
    """A contact as it is sealed."""
    return {"representative": contact.representative, "person": contact.person, "phone": contact.phone}


def _has_another(row: Record, code: str) -> bool:
    same = Version.objects.filter(place=row.place, sort=Sort(row.sort), code=code, valid_until=None)
    return same.exclude(record_id=row.pk).exists()
