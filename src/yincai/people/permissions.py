"""Who may pass which door."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from yincai.foundation.errors import NotAllowed, NotFound
from yincai.ledger.vocabulary import Actor
from yincai.people import queries
from yincai.people.devices import accounts_known as accounts_known  # a door: ops asks it
from yincai.people.guessing import address_of, is_guessing
from yincai.people.models import Account
from yincai.people.second_factor import has_second_factor as has_second_factor  # a door: ops asks it
from yincai.people.second_factor import session_shows_second_factor

__all__ = [
    "StaffDoor",
    "administrator_page",
    "accounts_known",
    "address_of",
    "has_second_factor",
    "is_guessing",
    "require_signed_in",
    "require_staff",
    "second_factor_done",
    "staff_page",
]

P = ParamSpec("P")
ADMINISTRATOR = "administrator"


def second_factor_done(request: HttpRequest) -> bool:
    """Whether the signed-in account has shown its second factor in this session."""
    return request.user.is_authenticated and session_shows_second_factor(request)


def require_signed_in(request: HttpRequest) -> Account:
    """The signed-in account; anybody else is sent to sign in and comes back to this page."""
    if not isinstance(request.user, Account):
        raise ImmediateHttpResponse(redirect_to_login(request.get_full_path()))
    return request.user


def require_staff(
    request: HttpRequest, *, roles: Collection[str] | None = None, place: str | None = None
) -> Actor:
    """The member of staff who asks, in the role that opened the door.

    Nobody signed in: sent to sign in.  No appointment in force: `NotFound`, as if the page did not exist.  No
    second factor in this session: sent to show it, or to enrol one.  None of `roles` held: `NotAllowed`.
    Appointments are read anew for every request, so that an ended one is refused at once.
    """
    account = require_signed_in(request)
    held = {appointment.role for appointment in _appointments(request, account, place)}
    if not held:
        raise NotFound
    if not second_factor_done(request):
        raise ImmediateHttpResponse(_to_second_factor(request, account))
    if roles is None:
        return Actor("staff", account.pk, held.pop() if len(held) == 1 else "")
    fitting = [role for role in roles if role in held]
    if not fitting:
        raise NotAllowed
    return Actor("staff", account.pk, fitting[0])


class StaffDoor:
    """Middleware: every address under `STAFF_PREFIX` asks `require_staff`, even if its view forgot to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """The way to sign in or to the second factor, or 404, instead of the view."""
        if not request.path_info.startswith(settings.STAFF_PREFIX):
            return None
        try:
            require_staff(request)
        except ImmediateHttpResponse as instead:
            answer: HttpResponseBase = instead.response
            return answer
        except NotFound as error:
            raise Http404 from error
        return None


def administrator_page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Decorate a view of administrators: as `staff_page`, but for others there is no such page (404).

    `request.administered` names the places in which they are one.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            request.actor = require_staff(request, roles=[ADMINISTRATOR])  # type: ignore[attr-defined]  # read by the view
        except NotAllowed as error:
            raise NotFound from error
        held = _appointments(request, require_signed_in(request), None)
        request.administered = sorted({one.place for one in held if one.role == ADMINISTRATOR})  # type: ignore[attr-defined]  # same
        return view(request, *args, **kwargs)

    guarded.is_staff_page = True  # type: ignore[attr-defined]  # the route test looks for it
    return guarded


def staff_page(
    *, roles: Collection[str] | None = None
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Decorate a view of the staff door: `require_staff` first, its actor at `request.actor`."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            request.actor = require_staff(request, roles=roles)  # type: ignore[attr-defined]  # read by the view
            return view(request, *args, **kwargs)

        guarded.is_staff_page = True  # type: ignore[attr-defined]  # the route test looks for it
        return guarded

    return decorate


def _appointments(request: HttpRequest, account: Account, place: str | None) -> list[queries.Appointment]:
    """What the account holds, read once a request."""
    held = getattr(request, "held_appointments", None)
    if held is None:
        held = request.held_appointments = queries.appointments(account)  # type: ignore[attr-defined]  # ours
    return [appointment for appointment in held if place in (None, appointment.place)]


def _to_second_factor(request: HttpRequest, account: Account) -> HttpResponseRedirect:
    name = "mfa_reauthenticate" if has_second_factor(account.pk) else "mfa_activate_totp"
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")
