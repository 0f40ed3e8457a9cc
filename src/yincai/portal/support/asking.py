"""遇到问题: the form, for whoever is signed in or cannot be; the code on a stranger's phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from yincai.directory import actions
from yincai.directory import queries as directory
from yincai.directory.vocabulary import HELP_SLOT, STRANGERS_PER_ADDRESS, Part, Topic
from yincai.documents.vocabulary import DocumentView
from yincai.foundation.errors import Invalid, YincaiError
from yincai.foundation.identifiers import show_phone
from yincai.foundation.masking import mask_phone
from yincai.look.form_state import labelled
from yincai.look.visited import surroundings
from yincai.people import queries as people
from yincai.people.vocabulary import LimitReached, Purpose
from yincai.portal.human_form import HumanChecked
from yincai.portal.one_file import take_file
from yincai.portal.pages import actor_of, key_of, new_key
from yincai.portal.support.context import context_of, page_asked
from yincai.portal.support.pages import (
    asker_of,
    draw,
    refused_by_limit,
    remember_code,
    sender_of,
    support_page,
)
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

LABELS = {
    "topic": "问题类型",
    "office": "受理机构",
    "text": "问题说明",
    "name": "姓名",
    "phone": "联系电话",
    "file": "截图",
    "check_answer": "验证问题",
}


class HumanForm(HumanChecked):
    """Only the human check, beside inputs that are looked at elsewhere."""

    purpose = Purpose.SUPPORT


@dataclass
class Asking:
    """One form as it was posted, or as it is shown first."""

    typed: Mapping[str, str]
    context: Mapping[Part, str]
    page: str
    upload: DocumentView | None = None
    human: HumanForm | None = None
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def along(self) -> bool:
        """Whether what is known of the page goes along."""
        return "key_" not in self.typed or "along" in self.typed

    def said(self, name: str) -> str:
        """What stands in an input."""
        return self.typed.get(name, "")

    def wrong(self, name: str) -> str:
        """What is wrong with it."""
        return self.problems.get(name, "")

    def summary(self) -> list[tuple[str, str]]:
        """What is wrong, each line with the way to its input."""
        ids = {"check_answer": "id_check_answer", "topic": "f-topic-0", "": "main"}
        return [
            (f"#{ids.get(path, 'f-' + path)}", labelled(LABELS.get(path, ""), words))
            for path, words in self.problems.items()
        ]


@require_safe
def arrive(request: HttpRequest) -> HttpResponse:
    """From any page: on to the form of the place where the page was, or the choice of a place."""
    around = surroundings(request)
    said = {"page": page_asked(request), "log": request.GET.get("log", "")}
    query = urlencode({name: text for name, text in said.items() if text})
    known = [request.GET.get("place", ""), around.place.name if around.place else ""]
    offering = [one for one in programmes.places() if directory.offers_support(one.name)]
    chosen = next((one for name in known for one in offering if one.name == name), None)
    if chosen is None and len(offering) == 1:
        chosen = offering[0]
    if chosen is not None:
        return redirect(f"{reverse('support:ask', args=[chosen.name])}?{query}")
    return draw(request, "places.html", offering[0], places=offering, query=query, entered=False)


@support_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, place: Place) -> HttpResponse:
    """The form with what will be sent along; a POST sends it, or first a code to a stranger's phone."""
    asking = _asking(request)
    if request.method != "POST":
        return _draw(request, place, asking)
    key = key_of(request)
    if request.user.is_authenticated:
        asking.upload, wrong = take_file(request, slot=HELP_SLOT)
        if wrong:
            asking.problems["file"] = wrong
            return _draw(request, place, asking)
        return _ask_signed_in(request, place, asking, key)
    return _ask_stranger(request, place, asking, key)


@support_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, place: Place, ticket_id: UUID) -> HttpResponse:
    """The code on the phone of somebody without an account; it sends their question."""
    waiting = directory.unconfirmed_ticket(ticket_id)
    problem = ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "again":
                actions.send_code_again(ticket_id)
                messages.info(request, "已重新发送验证码，以最新的一条短信为准。")
                return redirect("support:confirm", place.name, ticket_id)
            made = actions.confirm_ticket(ticket_id, code=request.POST.get("code", ""))
        except LimitReached as error:
            problem = f"输错的次数过多，这一次没有核对。请约 {error.minutes} 分钟后再试。"
        except YincaiError as error:
            problem = error.sentence
        else:
            remember_code(request, made.id, directory.progress_code(made.id))
            messages.success(request, f"已提交，编号 {made.number}。")
            return redirect("support:ticket", place.name, made.id)
    return draw(
        request,
        "confirm.html",
        place,
        status=422 if problem else 200,
        ticket=waiting,
        phone=mask_phone(waiting.phone),
        problem=problem,
    )


def _asking(request: HttpRequest) -> Asking:
    if request.method == "POST":
        typed = {name: str(said) for name, said in request.POST.items()} | {"key_": "posted"}
    else:
        typed = _known(request)
    asking = Asking(typed, context_of(request), page_asked(request))
    if not request.user.is_authenticated:
        asking.human = HumanForm(request.POST) if request.method == "POST" else HumanForm()
    return asking


def _known(request: HttpRequest) -> dict[str, str]:
    """What somebody signed in need not type."""
    account = asker_of(request).id
    topic = {"topic": Topic.FAULT.value} if request.GET.get("log") else {}
    if account is None:
        return topic
    identity, phone = people.identity_of(account), people.phone_of(account)
    return {"name": identity.name if identity else "", "phone": show_phone(phone) if phone else "", **topic}


def _question(asking: Asking) -> actions.Question:
    typed = asking.typed
    return actions.Question(
        topic=typed.get("topic", ""),
        text=typed.get("text", ""),
        office=typed.get("office", ""),
        name=typed.get("name", ""),
        phone=typed.get("phone", ""),
        context=asking.context if asking.along else {},
        uploads=(asking.upload.id,) if asking.upload else (),
    )


def _ask_signed_in(request: HttpRequest, place: Place, asking: Asking, key: UUID) -> HttpResponse:
    try:
        made = actions.ask_ticket(_question(asking), actor=actor_of(request), place=place.name, key=key)
    except Invalid as error:
        asking.problems |= {one.path: one.message for one in error.problems} or {"": error.sentence}
    except LimitReached:
        asking.problems[""] = "您今天提交的求助已经很多，这一份没有提交。请在已有的求助里补充，或明天再提交。"
    else:
        messages.success(request, f"已提交，编号 {made.number}。")
        return redirect("support:ticket", place.name, made.id)
    return _draw(request, place, asking)


def _ask_stranger(request: HttpRequest, place: Place, asking: Asking, key: UUID) -> HttpResponse:
    human = asking.human
    if human is None or not human.is_valid():
        asking.problems["check_answer"] = str(human.errors["check_answer"][0]) if human else ""
        return _draw(request, place, asking)
    if wait := refused_by_limit(STRANGERS_PER_ADDRESS, sender_of(request)):
        asking.problems[""] = wait
        return _draw(request, place, asking, status=429)
    try:
        ticket_id = actions.begin_ticket(_question(asking), place=place.name, key=key)
    except Invalid as error:
        asking.problems |= {one.path: one.message for one in error.problems} or {"": error.sentence}
    except LimitReached:
        asking.problems["phone"] = "这个手机号今天提交的求助已经很多，这一份没有提交。请明天再提交。"
    except YincaiError as error:
        asking.problems["phone"] = error.sentence
    else:
        return redirect("support:confirm", place.name, ticket_id)
    return _draw(request, place, asking)


def _draw(request: HttpRequest, place: Place, asking: Asking, *, status: int = 0) -> HttpResponse:
    return draw(
        request,
        "ask.html",
        place,
        status=status or (422 if asking.problems else 200),
        asking=asking,
        topics=list(Topic),
        offices=directory.offices_of(place.name),
        problems=asking.summary(),
        key=asking.typed.get("_key") or new_key(),
    )
