"""Leave cover, as far as roles go: for oneself, or for those whose work one hands out."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from yincai.casework.permissions import led_by, roles_of
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.ledger.vocabulary import Actor
from yincai.people import actions as people
from yincai.people import queries as accounts


def arrange_leave(
    account_id: UUID, *, actor: Actor, place: str, substitute: UUID, first_day: date, last_day: date
) -> None:
    """Let somebody stand in; a member of staff for themselves, who hands out work for those who do it.

    Raises `NotAllowed`, and `Invalid` as `people.actions.arrange_leave` does.
    """
    _check(account_id, actor, place)
    people.arrange_leave(
        account_id,
        actor=actor,
        place=place,
        substitute=substitute,
        first_day=first_day,
        last_day=last_day,
    )


def end_leave(leave_id: UUID, *, actor: Actor, place: str) -> None:
    """End a leave early; who may arrange it may end it.  `NotFound` for one that is over."""
    leave = next((one for one in accounts.leaves(place) if one.id == leave_id), None)
    if leave is None:
        raise NotFound("没有找到这条休假登记，可能已经撤销。请刷新页面查看。")
    _check(leave.account_id, actor, place)
    people.end_leave(leave_id, actor=actor)


def _check(account_id: UUID, actor: Actor, place: str) -> None:
    roles = roles_of(actor, place)
    led = led_by(roles, place)
    own = account_id == actor.id and bool(roles)
    if actor.kind != "staff" or not (own or accounts.staff_roles(account_id, place=place) & led):
        raise NotAllowed("休假代办由本人或负责人登记。请联系您的负责人。")
