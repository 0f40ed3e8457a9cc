"""举报投诉: what one may complain about, the form, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView
from yincai.directory import actions
from yincai.directory import queries as directory
from yincai.directory.vocabulary import (
    COMPLAINT_DAYS,
    COMPLAINTS_PER_ADDRESS,
    HELP_SLOT,
    SUPERVISOR,
    Against,
    ComplaintView,
    NoSupport,
)
from yincai.documents import queries as documents
from yincai.documents.vocabulary import DocumentView
from yincai.foundation.errors import Invalid, NotFound
from yincai.foundation.identifiers import show_phone
from yincai.foundation.once import asked_once
from yincai.foundation.paging import key_from, key_text
from yincai.ledger import queries as ledger
from yincai.look.form_state import labelled
from yincai.people import queries as people
from yincai.people.vocabulary import LimitReached
from yincai.portal.one_file import take_file
from yincai.portal.pages import key_of, new_key
from yincai.portal.support.asking import HumanForm
from yincai.portal.support.pages import (
    asker_of,
    code_shown,
    draw,
    refused_by_limit,
    remember_code,
    sender_of,
    support_page,
)
from yincai.programmes.vocabulary import Place

LABELS = {
    "against": "投诉什么",
    "office": "机构",
    "officer": "工作人员姓名",
    "text": "投诉内容",
    "file": "附件",
    "check_answer": "验证问题",
}


@dataclass
class Complaining:
    """One form as it was posted, or as it is shown first."""

    typed: Mapping[str, str]
    mine: list[CaseView]
    upload: DocumentView | None = None
    human: HumanForm | None = None
    problems: dict[str, str] = field(default_factory=dict)

    def said(self, name: str) -> str:
        """What stands in an input."""
        return self.typed.get(name, "")

    def wrong(self, name: str) -> str:
        """What is wrong with it."""
        return self.problems.get(name, "")

    def summary(self) -> list[tuple[str, str]]:
        """What is wrong, each line with the way to its input."""
        ids = {"check_answer": "id_check_answer", "against": "f-against-0", "": "main"}
        return [
            (f"#{ids.get(path, 'f-' + path)}", labelled(LABELS.get(path, ""), words))
            for path, words in self.problems.items()
        ]


@support_page
@require_safe
@asked_once()
def home(request: HttpRequest, place: Place) -> HttpResponse:
    """What one may complain about, that nothing costs anything, and what I complained about before."""
    _require_supervisor(place)
    account, after = asker_of(request).id, key_from(request.GET.get("after", ""))
    found, more = directory.own_complaints(account, place.name, after=after) if account else ([], None)
    return draw(
        request,
        "complaints.html",
        place,
        rows=found,
        after=key_text(more),
        is_first=after is None,
        working_days=COMPLAINT_DAYS,
    )


@support_page
@require_http_methods(["GET", "HEAD", "POST"])
@asked_once()
def complain(request: HttpRequest, place: Place) -> HttpResponse:
    """The form; a POST hands it in, signed in or not."""
    _require_supervisor(place)
    form = _form(request)
    if request.method != "POST":
        return _draw(request, place, form)
    key = key_of(request)
    if form.human is None:
        form.upload, wrong = take_file(request, slot=HELP_SLOT)
        if wrong:
            form.problems["file"] = wrong
    elif not form.human.is_valid():
        form.problems["check_answer"] = str(form.human.errors["check_answer"][0])
    elif wait := refused_by_limit(COMPLAINTS_PER_ADDRESS, sender_of(request)):
        form.problems[""] = wait
        return _draw(request, place, form, status=429)
    return _draw(request, place, form) if form.problems else _hand_in(request, place, form, key)


@support_page
@require_safe
@asked_once()
def complaint(request: HttpRequest, place: Place, complaint_id: UUID) -> HttpResponse:
    """One complaint: how it stands, the answer, what I wrote."""
    found = _own(request, place, complaint_id)
    return draw(
        request,
        "complaint.html",
        place,
        complaint=found,
        files=documents.documents(found.documents),
        code="" if found.has_account else directory.progress_code(found.id),
        looks=sum(one.is_read for one in ledger.history(found.id)),
        working_days=COMPLAINT_DAYS,
    )


def _form(request: HttpRequest) -> Complaining:
    account = asker_of(request).id
    typed = {name: str(said) for name, said in request.POST.items()}
    if account is None:
        human = HumanForm(request.POST) if request.method == "POST" else HumanForm()
        return Complaining(typed, [], human=human)
    mine = [one for one in cases.cases_of(account) if one.reference]
    if request.method != "POST":
        identity, phone = people.identity_of(account), people.phone_of(account)
        typed = {
            "name": identity.name if identity else "",
            "phone": show_phone(phone) if phone else "",
            "against": request.GET.get("against", ""),
        }
    return Complaining(typed, mine)


def _hand_in(request: HttpRequest, place: Place, form: Complaining, key: UUID) -> HttpResponse:
    about = next((one for one in form.mine if str(one.id) == form.said("case")), None)
    grievance = actions.Grievance(
        against=form.said("against"),
        text=form.said("text"),
        office=form.said("office"),
        officer=form.said("officer"),
        case=str(about.reference) if about else "" if form.mine else form.said("case"),
        is_anonymous="anonymous" in form.typed,
        name=form.said("name"),
        phone=form.said("phone"),
        uploads=(form.upload.id,) if form.upload else (),
        worked_on_it=_worked_on(about) if about else (),
    )
    try:
        made = actions.submit_complaint(grievance, actor=asker_of(request), place=place.name, key=key)
    except Invalid as error:
        form.problems |= {one.path: one.message for one in error.problems} or {"": error.sentence}
    except LimitReached:
        form.problems[""] = "您今天提交的投诉已经很多，这一份没有提交。请明天再提交。"
    else:
        if not made.has_account:
            remember_code(request, made.id, directory.progress_code(made.id))
        messages.success(request, f"已提交，编号 {made.number}。")
        return redirect("support:complaint", place.name, made.id)
    return _draw(request, place, form)


def _worked_on(case: CaseView) -> set[UUID]:
    """The staff who did something to a case; who only looked is not among them."""
    history = ledger.history(case.id)
    return {one.actor.id for one in history if one.actor.kind == "staff" and one.actor.id and not one.is_read}


def _draw(request: HttpRequest, place: Place, form: Complaining, *, status: int = 0) -> HttpResponse:
    return draw(
        request,
        "complain.html",
        place,
        status=status or (422 if form.problems else 200),
        form=form,
        kinds=list(Against),
        offices=[("", "不清楚或不涉及"), *directory.offices_of(place.name)],
        cases=[
            ("", "不涉及某一件申请"),
            *((str(one.id), f"{one.reference} {one.title}") for one in form.mine),
        ],
        problems=form.summary(),
        key=form.said("_key") or new_key(),
        working_days=COMPLAINT_DAYS,
    )


def _require_supervisor(place: Place) -> None:
    if not directory.has_role(place.name, SUPERVISOR):
        raise NoSupport


def _own(request: HttpRequest, place: Place, complaint_id: UUID) -> ComplaintView:
    found = directory.own_complaint(asker_of(request), complaint_id, code=code_shown(request, complaint_id))
    if found.place != place.name:
        raise NotFound
    return found


def look_at_file(request: HttpRequest, place: Place, complaint_id: UUID, document_id: UUID) -> None:
    """Whether the file is mine; `NotFound`."""
    if document_id not in _own(request, place, complaint_id).documents:
        raise NotFound
