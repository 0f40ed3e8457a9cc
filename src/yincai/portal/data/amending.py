"""更正申请: what can be put right, the form, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yincai.cards import queries as cards
from yincai.casework import queries as casework
from yincai.documents import queries as documents
from yincai.documents.vocabulary import DocumentView
from yincai.foundation import codes
from yincai.foundation.errors import Invalid, NotFound
from yincai.foundation.once import asked_once
from yincai.foundation.paging import key_from, key_text
from yincai.ledger import queries as ledger
from yincai.look.files import document_page
from yincai.look.form_state import labelled
from yincai.look.visited import surroundings
from yincai.people import queries as people
from yincai.people.vocabulary import TooManyAttempts
from yincai.portal.account_views import beside_menu
from yincai.portal.one_file import take_file
from yincai.portal.pages import account_of, actor_of, applicant_page, key_of, new_key
from yincai.portal.visits import visits_of
from yincai.privacy import actions, queries
from yincai.privacy.vocabulary import AMENDMENT_DAYS, SLOT, Item
from yincai.programmes import queries as programmes

LABELS = {
    "wrong": "哪里不对",
    "name": "正确的姓名",
    "kind": "正确的证件类型",
    "number": "正确的证件号码",
    "text": "应该是什么",
    "place": "办理地区",
    "file": "证明材料",
}
ENOUGH = "您今天提交的更正申请已经很多，这一份没有提交，填写的内容还在下面。请明天再提交。"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be put right: what, about which thing, and how it stands now."""

    item: Item
    about: UUID | None
    title: str
    now: str


@dataclass
class Asking:
    """One form as it was posted, or as it is shown first."""

    choice: Choice
    typed: Mapping[str, str]
    upload: DocumentView | None = None
    problems: dict[str, str] = field(default_factory=dict)

    def summary(self) -> list[tuple[str, str]]:
        """What is wrong, each line with the way to its input."""
        return [
            (f"#f-{path}" if path else "#main", labelled(LABELS.get(path, ""), words))
            for path, words in self.problems.items()
        ]


@applicant_page
@require_safe
@asked_once()
def amendments(request: HttpRequest) -> HttpResponse:
    """What can be put right, and what was asked so far."""
    account_id = account_of(request)
    found, after = queries.own_amendments(account_id, after=key_from(request.GET.get("after", "")))
    return beside_menu(
        request,
        "account/amendments.html",
        entry="data",
        choices=choices_of(account_id),
        amendments=found,
        after=key_text(after),
        days=AMENDMENT_DAYS,
    )


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, item: str, about: UUID | None = None) -> HttpResponse:
    """The form; a POST hands it in, unless something in it is wrong."""
    choice = next(
        (one for one in choices_of(account_of(request)) if (one.item, one.about) == (item, about)), None
    )
    if choice is None:
        raise NotFound
    if request.method != "POST":
        return _draw(request, Asking(choice, {}))
    made = queries.amendment_of_key(account_of(request), key_of(request))
    if made is not None:  # sent twice
        return redirect("account_amendment", made.id)
    asking = Asking(choice, {name: str(one) for name, one in request.POST.items()})
    asking.upload, wrong = take_file(request, slot=SLOT)
    if wrong:
        asking.problems["file"] = wrong
        return _draw(request, asking)
    return _hand_in(request, asking)


@applicant_page
@require_safe
@asked_once()
def one_amendment(request: HttpRequest, amendment_id: UUID) -> HttpResponse:
    """One of mine: how it stands, what I wrote, its proof, who looked at it."""
    asked = queries.own_amendment(account_of(request), amendment_id)
    place = programmes.place(asked.place)
    titles = dict.fromkeys(asked.documents, LABELS["file"])
    return beside_menu(
        request,
        "account/amendment.html",
        entry="data",
        asked=asked,
        place=place,
        right=right_words(asked.right),
        files=documents.documents(asked.documents),
        visits=visits_of(ledger.history(asked.id), place=place, documents=titles, answers={}),
    )


@applicant_page
@require_POST
def withdraw(request: HttpRequest, amendment_id: UUID) -> HttpResponse:
    """Take it back."""
    actions.withdraw_amendment(amendment_id, actor=actor_of(request))
    messages.success(request, "更正申请已撤回。")
    return redirect("account_amendment", amendment_id)


@applicant_page
@require_safe
def picture(request: HttpRequest, amendment_id: UUID, document_id: UUID, number: int) -> HttpResponse:
    """One page of my proof."""
    if document_id not in queries.own_amendment(account_of(request), amendment_id).documents:
        raise NotFound
    return document_page(document_id, number)


def choices_of(account_id: UUID) -> list[Choice]:
    """What somebody may have put right, as it is held."""
    found: list[Choice] = []
    identity = people.identity_of(account_id)
    if identity is not None:
        found.append(Choice(Item.NAME, None, Item.NAME.words, identity.name))
        shown = f"{identity.kind_title} {identity.masked_number}"
        found.append(Choice(Item.DOCUMENT, None, Item.DOCUMENT.words, shown))
    for case in casework.kept_cases(account_id):
        if case.ended_at is not None:
            found.append(Choice(Item.CASE, case.id, f"{case.title} {case.reference}", case.state_title))
    for card in cards.cards_of_holder(account_id):
        if card.sealed_at is not None:
            found.append(Choice(Item.CARD, card.id, f"{card.title} {card.number}", card.state.label))
    return [*found, Choice(Item.OTHER, None, Item.OTHER.words, "")]


def right_words(right: Mapping[str, str]) -> list[tuple[str, str]]:
    """What should stand there, label and words."""
    kinds = codes.load("identity_documents").codes
    return [
        (LABELS.get(name, name), kinds.get(words, words) if name == "kind" else words)
        for name, words in right.items()
    ]


def _hand_in(request: HttpRequest, asking: Asking) -> HttpResponse:
    try:
        made = actions.ask_amendment(
            actor=actor_of(request),
            item=asking.choice.item,
            posted=asking.typed,
            upload=asking.upload.id if asking.upload else None,
            key=key_of(request),
            place=asking.typed.get("place", "") or _only_place(),
            subject=asking.choice.about,
        )
    except Invalid as error:
        asking.problems = {one.path: one.message for one in error.problems} or {"": error.sentence}
    except TooManyAttempts:
        asking.problems = {"": ENOUGH}
    else:
        messages.success(request, f"已提交，编号 {made.number}。")
        return redirect("account_amendment", made.id)
    return _draw(request, asking)


def _only_place() -> str:
    known = queries.places_that_amend()
    return known[0] if len(known) == 1 else ""


def _draw(request: HttpRequest, asking: Asking) -> HttpResponse:
    around = surroundings(request).place
    places = [(one, programmes.place(one).title) for one in queries.places_that_amend()]
    response = beside_menu(
        request,
        "account/amend.html",
        entry="data",
        asking=asking,
        problems=asking.summary(),
        kinds=list(codes.load("identity_documents").codes.items()),
        places=[("", "请选择"), *places] if not asking.choice.item.has_subject and len(places) > 1 else [],
        place=asking.typed.get("place", around.name if around else ""),
        days=AMENDMENT_DAYS,
        key=asking.typed.get("_key") or new_key(),
    )
    response.status_code = 422 if asking.problems else 200
    return response
