"""The form with which somebody asks for a record, for a change of one, or for an administrator's right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yincai.directory import actions
from yincai.directory import queries as directory
from yincai.directory.vocabulary import (
    SLOT,
    AlreadyThere,
    Deed,
    DirectorySpec,
    NoAdministrator,
    RecordView,
    Similar,
    Sort,
)
from yincai.documents.vocabulary import DocumentView
from yincai.foundation.errors import Invalid
from yincai.look.form_state import labelled
from yincai.people.vocabulary import TooManyAttempts
from yincai.portal.directory.pages import page, spec_of, with_back
from yincai.portal.directory.words import WORDS
from yincai.portal.one_file import take_file
from yincai.portal.pages import account_of, actor_of, applicant_page, key_of, new_key

LONGEST_SHOWN = 400
"""How much of a name that was looked for is typed into the form; what is too long for one is said there."""


@dataclass
class Asking:
    """One form as it was posted, or as it is shown first."""

    place: str
    sort: Sort
    deed: Deed
    spec: DirectorySpec
    record: RecordView | None
    typed: Mapping[str, str]
    upload: DocumentView | None = None
    problems: dict[str, str] = field(default_factory=dict)
    similar: Similar = field(default_factory=Similar)

    @property
    def inputs(self) -> tuple[directory.Input, ...]:
        """The inputs of the form."""
        return directory.inputs_of(self.sort, self.deed, self.spec)

    def summary(self) -> list[tuple[str, str]]:
        """What is wrong, each line with the way to its input."""
        labels = {one.name: one.label for one in self.inputs}
        return [
            (f"#f-{path}" if path else "#main", labelled(labels.get(path, ""), words) if path else words)
            for path, words in self.problems.items()
        ]


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(
    request: HttpRequest, place: str, sort: Sort, deed: Deed, record_id: UUID | None = None
) -> HttpResponse:
    """The form; a POST hands it in, unless something in it is wrong or the directory may have it already."""
    spec = spec_of(place, sort)
    record = directory.record(record_id, place=place, sort=sort) if record_id else None
    if request.method != "POST":
        refusal = _refusal(deed, record, spec)
        known = _known(request, record, deed)
        return _draw(request, Asking(place, sort, deed, spec, record, known), refusal=refusal)
    made = directory.request_of_key(account_of(request), key_of(request))
    if made is not None:  # sent twice
        return redirect(with_back(reverse("directory:request", args=[place, made.id]), request))
    asking = Asking(place, sort, deed, spec, record, {name: str(one) for name, one in request.POST.items()})
    _take_upload(request, asking)
    _, problems = directory.clean(asking.inputs, asking.typed)
    asking.problems |= {one.path: one.message for one in problems}
    if asking.upload is None and "file" not in asking.problems:
        asking.problems["file"] = f"请上传{directory.file_label(sort, deed)[0]}。"
    if not asking.problems and deed is Deed.ADD and "confirmed" not in asking.typed:
        asking.similar = directory.similar_to(place, sort, asking.typed["name"], asking.typed.get("uscc", ""))
    if asking.problems or asking.similar.is_any:
        return _draw(request, asking)
    return _hand_in(request, asking)


def _hand_in(request: HttpRequest, asking: Asking) -> HttpResponse:
    try:
        made = actions.submit_request(
            actor=actor_of(request),
            place=asking.place,
            sort=asking.sort,
            deed=asking.deed,
            posted=asking.typed,
            upload=asking.upload.id if asking.upload else None,
            key=key_of(request),
            record_id=asking.record.id if asking.record else None,
        )
    except Invalid as error:
        found = {one.path: one.message for one in error.problems}
        asking.problems = found or {"": error.sentence}
        if isinstance(error, AlreadyThere) and asking.deed is Deed.ADD:
            name, code = asking.typed["name"], asking.typed.get("uscc", "")
            asking.similar = directory.similar_to(asking.place, asking.sort, name, code)
    except TooManyAttempts:
        asking.problems = {"": "您今天提交的申请已经很多，这一份没有提交，填写的内容还在下面。请明天再提交。"}
    else:
        messages.success(request, f"已提交，编号 {made.number}。")
        return redirect(with_back(reverse("directory:request", args=[asking.place, made.id]), request))
    return _draw(request, asking)


def _draw(request: HttpRequest, asking: Asking, *, refusal: str = "") -> HttpResponse:
    title, hint = directory.file_label(asking.sort, asking.deed)
    return page(
        request,
        asking.place,
        "ask.html",
        status=422 if asking.problems else 200,
        asking=asking,
        words=WORDS[asking.sort],
        file_title=title,
        file_hint=hint,
        problems=asking.summary(),
        refusal=refusal,
        key=asking.typed.get("_key") or new_key(),
    )


def _refusal(deed: Deed, record: RecordView | None, spec: DirectorySpec) -> str:
    """Why nobody of this organisation needs the right that is asked for."""
    if deed is not Deed.ADMINISTER or record is None or directory.may_have_administrator(record):
        return ""
    return NoAdministrator(spec.routing.no_administrator).sentence


def _known(request: HttpRequest, record: RecordView | None, deed: Deed) -> dict[str, str]:
    """What the form begins with: the record that is changed, the name that was looked for in vain."""
    if deed is Deed.ADD:
        return {"name": request.GET.get("name", "").replace("\0", "")[:LONGEST_SHOWN]}
    if record is None or deed is not Deed.CHANGE:
        return {}
    return {**record.facts, "name": record.name, "uscc": record.code}


def _take_upload(request: HttpRequest, asking: Asking) -> None:
    """The file that was chosen now, else the one that came before; what is wrong with it is noted."""
    asking.upload, wrong = take_file(request, slot=SLOT)
    if wrong:
        asking.problems["file"] = wrong
