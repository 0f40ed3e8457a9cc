"""The name in which somebody acts as staff (private to the room)."""

from __future__ import annotations

from uuid import UUID

from yincai.foundation.errors import Invalid, NotFound, Problem
from yincai.foundation.identifiers import IdentifierError
from yincai.foundation.names import check_person_name
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people.models import Account
from yincai.people.vocabulary import Event


def give_name(account_id: UUID, name: str | None, *, actor: Actor, place: str) -> None:
    """Let the account be shown by `name` as staff; None leaves the name that it has.  Recorded when
    it changes, without the name: the ledger holds no personal data.

    Locks the account, so it needs a transaction.  `NotFound` for no such account; `Invalid` at `name` for a
    name that no document prints, and for none where there is none yet.
    """
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    written = account.staff_name if name is None else _checked(name)
    if not written:
        raise Invalid(problems=[Problem("name", "请填写姓名：同事和办理记录里显示的是姓名，不是用户名。")])
    if written == account.staff_name:
        return
    Account.objects.filter(pk=account_id).update(staff_name=written)
    record(chain=account_id, event=Event.STAFF_NAMED, actor=actor, payload={"place": place})


def _checked(name: str) -> str:
    try:
        return check_person_name(name)
    except IdentifierError as error:
        raise Invalid(problems=[Problem("name", error.sentence)]) from error
