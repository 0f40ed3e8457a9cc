"""我的资料库: what a person keeps, put in, named, turned, framed and deleted."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yincai.casework import queries as cases
from yincai.documents import actions, library
from yincai.documents import queries as documents
from yincai.documents.vocabulary import LIBRARY_LIMIT, LIBRARY_TYPES, Crop
from yincai.foundation import codes
from yincai.foundation.errors import Invalid
from yincai.portal.pages import account_of, actor_of, applicant_page, page
from yincai.portal.views.arranging import AGREE, Problems, crop_page, day_of, turns_of

ENTRY = "library"


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def shelf(request: HttpRequest) -> HttpResponse:
    """Everything that is kept, with where it is used; a POST puts a file in."""
    problems: Problems = []
    if request.method == "POST":
        problems = _upload(request)
        if not problems:
            return redirect("portal:library")
    owner = account_of(request)
    entries = documents.library(owner)
    return page(
        request,
        "library.html",
        entry=ENTRY,
        status=422 if problems else 200,
        entries=entries,
        uses=cases.uses_of(owner, [use for one in entries for use in one.uses]),
        types=codes.load(LIBRARY_TYPES).codes,
        most=LIBRARY_LIMIT,
        typed=request.POST,
        problems=problems,
    )


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """One document: its pages, its name, type and last day; a POST changes those three."""
    owner, problems = account_of(request), []
    if request.method == "POST":
        try:
            library.change_entry(
                document_id,
                actor=actor_of(request),
                name=request.POST.get("name", ""),
                type_code=request.POST.get("type", ""),
                expires_on=day_of(request.POST.get("expires_on", "")),
            )
        except Invalid as error:
            problems = [("#expires_on" if "有效期" in error.sentence else "#type", error.sentence)]
        else:
            messages.success(request, "已保存。")
            return redirect("portal:library-entry", document_id)
    found = documents.library_entry(owner, document_id)
    return page(
        request,
        "library_entry.html",
        entry=ENTRY,
        status=422 if problems else 200,
        kept=found,
        uses=cases.uses_of(owner, found.uses),
        types=codes.load(LIBRARY_TYPES).codes,
        typed=request.POST,
        problems=problems,
    )


@applicant_page
@require_POST
def rotate(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Turn it by quarter turns."""
    documents.library_entry(account_of(request), document_id)
    actions.rotate(document_id, actor=actor_of(request), quarter_turns=turns_of(request))
    documents.wait_until_inspected([document_id], timeout=settings.UPLOAD_WAIT_SECONDS)
    return redirect("portal:library-entry", document_id)


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def crop(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Frame a kept photo."""
    found = documents.library_entry(account_of(request), document_id)

    def save(wanted: Crop) -> None:
        actions.crop_photo(document_id, actor=actor_of(request), crop=wanted)

    back = reverse("portal:library-entry", args=[document_id])
    picture = reverse("portal:library-document", args=[document_id, 0])
    return crop_page(request, found.document, save=save, back=back, picture=picture, entry=ENTRY)


@applicant_page
@require_POST
def remove(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Delete it from the library; what lies in cases stays there."""
    library.remove_from_library(document_id, actor=actor_of(request))
    messages.success(request, "已从资料库删除。已放进申请的那一份不受影响。")
    return redirect("portal:library")


def look_at_file(request: HttpRequest, document_id: UUID) -> None:
    """Whether the file is of one's own library; `NotFound`."""
    documents.library_entry(account_of(request), document_id)


def _upload(request: HttpRequest) -> Problems:
    """Put the posted file in and wait for the reader; what is wrong, each with its place."""
    file = request.FILES.get("file")
    if file is None:
        return [("#file", "还没有选择文件。请先选择要存入的图片、PDF 或 Word 文件。")]
    if request.POST.get("agree") != "on":
        return [("#agree", f"{AGREE}文件没有保存，请重新选择。")]
    actor = actor_of(request)
    try:
        added = library.receive_for_library(
            file,
            actor=actor,
            owner=account_of(request),
            type_code=request.POST.get("type", ""),
            name=request.POST.get("name", "").strip(),
            expires_on=day_of(request.POST.get("expires_on", "")),
        )
        library.settle_in_library(added, actor=actor, timeout=settings.UPLOAD_WAIT_SECONDS)
    except Invalid as error:
        return [("#file", f"“{file.name}”没有存入资料库。{error.sentence}")]
    messages.success(request, "已存入我的资料库。")
    return []
