"""What every page of the applicant's door shares: who is here, the left menu with live counts, the
submission key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages as messages_to_people
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from yincai.casework import queries as cases
from yincai.casework.queries import COUNTER_SESSION, CounterView
from yincai.casework.vocabulary import AssuranceNeeded, CaseView
from yincai.engine.workflow import Menu
from yincai.foundation.errors import Invalid
from yincai.foundation.masking import mask_name
from yincai.ledger.vocabulary import Actor
from yincai.look.visited import enter
from yincai.messages import queries as messages
from yincai.people import queries as people
from yincai.people.permissions import require_signed_in, second_factor_done
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Entry:
    """One line of the left menu 「我的申请」."""

    name: str
    title: str
    address: str
    menus: tuple[Menu, ...] = ()
    empty: str = ""


ENTRIES = (
    Entry("apply", "我要申请", "portal:apply"),
    Entry("drafts", "草稿箱", "portal:drafts", (Menu.DRAFTS,), "没有未完成的申请。"),
    Entry("in_review", "正在审批", "portal:home", (Menu.IN_REVIEW,), "没有正在审批的申请。"),
    Entry("corrections", "材料补正", "portal:corrections", (Menu.CORRECTION,), "没有需要补正材料的申请。"),
    Entry("refused", "不予受理", "portal:refused", (Menu.REFUSED, Menu.WITHDRAWN), "没有未通过核实的申请。"),
    Entry("approved", "审批通过", "portal:approved", (Menu.APPROVED,), "还没有通过核实的申请。"),
    Entry("cards", "我的电子卡", "portal:cards"),
)


def applicant_page(view: View) -> View:
    """A page for somebody signed in; anybody else is sent to sign in.  Never kept by a cache.

    Who is not known surely enough for what they ask is sent to 身份认证, and comes back to this page.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_signed_in(request)
        try:
            return view(request, *args, **kwargs)
        except AssuranceNeeded as error:
            messages_to_people.warning(request, error.sentence)
            return redirect(f"{reverse('account_identity')}?{urlencode({'next': request.get_full_path()})}")

    return never_cache(guarded)


def account_of(request: HttpRequest) -> UUID:
    """Whose pages these are."""
    return require_signed_in(request).pk


def actor_of(request: HttpRequest) -> Actor:
    """The person signed in, as the applicant that they are here; on the pages of a case that they enter at
    the counter (代办), the officer who acts for its applicant."""
    helping = helping_of(request)
    return helping.actor if helping else people.applicant_of(require_signed_in(request))


def helping_of(request: HttpRequest) -> CounterView | None:
    """What the officer enters for somebody, on the pages of that very case and with both factors shown."""
    case_id = request.resolver_match.kwargs.get("case_id") if request.resolver_match else None
    help_id = request.session.get(COUNTER_SESSION, {}).get(str(case_id)) if case_id else None
    if help_id is None or not second_factor_done(request):
        return None
    found = cases.open_help(require_signed_in(request).pk, UUID(help_id))
    return found if found is not None and found.case == case_id else None


def page(
    request: HttpRequest, template: str, *, entry: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """A page of this door with the left menu and its counts."""
    name = require_signed_in(request).get_username()
    shared = {**menu_of(request, entry), "name": name}
    if isinstance(case := context.get("case"), CaseView):
        shared["site"] = site_of(case.place)
        enter(request, case.place)
    return render(request, f"portal/{template}", {**shared, **context}, status=status)


def menu_of(request: HttpRequest, entry: str) -> dict[str, Any]:
    """What the left menu 「我的申请」 needs, with the entry that is open."""
    account = require_signed_in(request)
    standing = cases.standing(account.pk)
    counts, entries = standing.counts, _worded(standing.places)
    return {
        "menu": [(one, sum(counts[name] for name in one.menus)) for one in entries],
        "words": {one.name: one.title for one in entries},
        "entry": entry,
        "site": site_of(standing.places[0]) if len(standing.places) == 1 else "",
        "unread": messages.unread_count(account.pk),
        "helping": _shown(helping_of(request)),
    }


def _shown(helping: CounterView | None) -> dict[str, Any] | None:
    """For whom an officer enters a case, as its pages show it."""
    if helping is None:
        return None
    identity = people.identity_of(helping.applicant)
    return {
        "id": helping.id,
        "name": mask_name(identity.name) if identity else "",
        "number": identity.masked_number if identity else "",
    }


def site_of(place: str) -> str:
    """What the pages of a place call themselves in their head."""
    branding = programmes.place(place).branding
    return branding.header_title or branding.site_title


def _worded(places: Sequence[str]) -> list[Entry]:
    """The entries in the words of the first of these places, or of any, that has words of its own."""
    worded = worded_place(places)
    words = worded.menu if worded else {}
    return [replace(one, title=words.get(one.name, one.title)) for one in ENTRIES]


def worded_place(places: Sequence[str]) -> Place | None:
    """The place in whose words the menu speaks: the first of these, or of any, that has words of its own."""
    known = [programmes.place(name) for name in places] or programmes.places()
    return next((one for one in known if one.menu), None)


def entry_of(case: CaseView) -> str:
    """The menu entry under which a case is found."""
    menu = case.current_state.menu
    return next((one.name for one in ENTRIES if menu in one.menus), "in_review")


def new_key() -> str:
    """A fresh submission key for a form that writes."""
    return str(uuid4())


def key_of(request: HttpRequest) -> UUID:
    """The submission key that the form carried; `Invalid` when it carried none."""
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError as error:
        raise Invalid("这个页面已经过期，这一步没有办成。请返回上一页刷新后再试。") from error


def posted_of(request: HttpRequest) -> dict[str, list[str]]:
    """What the form posted, without the fields that start with an underscore (ours)."""
    return {
        name: values
        for name, values in request.POST.lists()
        if not name.startswith("_") and name != "csrfmiddlewaretoken"
    }
