"""One document of the open round: looked at, turned, framed, replaced, kept in the library, taken from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as replace_in
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.queries import Dossier
from yincai.casework.vocabulary import MaterialView, Verb
from yincai.documents import library
from yincai.documents import queries as documents
from yincai.documents.framing import MOVES, Frame, frame_of
from yincai.documents.vocabulary import (
    LIBRARY_TYPES,
    OTHER_TYPE,
    PHOTO_TYPE,
    Crop,
    DocumentView,
    Purpose,
)
from yincai.engine.spec import Material
from yincai.foundation import codes
from yincai.foundation.days import day_in
from yincai.foundation.errors import Invalid, NotFound
from yincai.portal.pages import actor_of, applicant_page, key_of, new_key, page

NOT_SHOWN = "配偶上传的文件（本人没有同意您查看）"
AGREE = "请先勾选同意，再存入资料库。不勾选就不会保存。"
Problems = list[tuple[str, str]]


@applicant_page
@require_safe
def material(request: HttpRequest, case_id: UUID, material_id: UUID) -> HttpResponse:
    """One document with its pages, and what can be done with it."""
    return _draw(request, case_id, material_id)


@applicant_page
@require_POST
def rotate(request: HttpRequest, case_id: UUID, material_id: UUID) -> HttpResponse:
    """Turn it by quarter turns and show it again where the button was pressed."""
    view = actions.rotate_material(
        case_id, material_id, actor=actor_of(request), quarter_turns=turns_of(request)
    )
    documents.wait_until_inspected([view.id], timeout=settings.UPLOAD_WAIT_SECONDS)
    if request.POST.get("from") == "table":
        table = reverse("portal:materials", args=[case_id])
        return redirect(f"{table}?open={material_id}#file-{material_id}")
    return redirect("portal:material", case_id, material_id)


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def crop(request: HttpRequest, case_id: UUID, material_id: UUID) -> HttpResponse:
    """Frame the one-inch photo: every button draws the page anew, only 使用这个范围 changes the photo."""
    dossier, _, view = _found(request, case_id, material_id)

    def save(wanted: Crop) -> None:
        actions.crop_material(case_id, material_id, actor=actor_of(request), crop=wanted)

    back = reverse("portal:material", args=[case_id, material_id])
    picture = reverse("portal:document", args=[case_id, view.id, 0])
    return crop_page(request, view, save=save, back=back, picture=picture, entry="drafts", case=dossier.case)


@applicant_page
@require_POST
def replace(request: HttpRequest, case_id: UUID, material_id: UUID) -> HttpResponse:
    """A new file in the place of this one, which goes when the new one was found safe."""
    _, old, _ = _found(request, case_id, material_id)
    upload = request.FILES.get("file")
    if upload is None:
        return _draw(request, case_id, material_id, [("#file", "还没有选择文件。请先选择新的文件。")])
    actor = actor_of(request)
    try:
        new = actions.add_material(
            case_id,
            actor=actor,
            slot=old.slot,
            upload=upload,
            key=key_of(request),
            replaces=material_id,
        )
    except Invalid as error:
        return _draw(request, case_id, material_id, [("#file", error.sentence)])
    gone = actions.settle_materials(case_id, [new.id], actor=actor, timeout=settings.UPLOAD_WAIT_SECONDS)
    if gone:
        why = f"新文件不能使用，原来的那份还在。{gone[new.id]}"
        return _draw(request, case_id, material_id, [("#file", why)])
    if actions.settle_replacement(case_id, new.id, replaces=material_id, actor=actor):
        messages.success(request, "已换成新的文件。")
    else:
        messages.warning(request, "新文件已收到，还在检查，原来的先留着。检查通过后请删除旧的。")
    return redirect(f"{reverse('portal:materials', args=[case_id])}{place_of(old.slot)}")


@applicant_page
@require_POST
def keep(request: HttpRequest, case_id: UUID, material_id: UUID) -> HttpResponse:
    """Put a copy into the library, after the person agreed."""
    _, _, view = _found(request, case_id, material_id)
    if view.id in cases.hidden_from_applicant(case_id):  # somebody else's, who did not agree to show it
        raise NotFound
    if request.POST.get("agree") != "on":
        return _draw(request, case_id, material_id, [("#agree", AGREE)])
    try:
        kept = library.keep_document(
            view.id,
            actor=actor_of(request),
            type_code=request.POST.get("type", ""),
            expires_on=day_of(request.POST.get("expires_on", "")),
        )
    except Invalid as error:
        return _draw(request, case_id, material_id, [("#type", error.sentence)])
    if kept is None:
        messages.success(request, "这份材料检查通过后会存入我的资料库。")
    else:
        messages.success(request, "已存入我的资料库，以后申请可以直接选用。")
    return redirect("portal:material", case_id, material_id)


@applicant_page
@require_POST
def reuse(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Put a document of one's library into a row of the table."""
    slot = request.POST.get("slot", "")
    try:
        entry = UUID(request.POST.get("entry", ""))
    except ValueError as error:
        raise NotFound("资料库里没有这份资料，它可能已经删除。请返回材料列表重新选择。") from error
    actor, key = actor_of(request), uuid5(key_of(request), f"{slot}:{entry}")
    used = actions.reuse_document(case_id, actor=actor, slot=slot, document=entry, key=key)
    copy = documents.document(used.document_id)
    dossier = cases.open_case(actor, case_id, Verb.EDIT)
    if copy.expires_on and copy.expires_on <= cases.must_hold_until(dossier.spec.workflow):
        messages.warning(
            request,
            f"已选用。请注意：它的有效期到 {copy.expires_on:%Y-%m-%d}，"
            "可能在办理期间过期，届时需要补交新的。",
        )
    else:
        messages.success(request, "已从资料库选用，不需要重新检查。")
    return redirect(f"{reverse('portal:materials', args=[case_id])}{place_of(slot)}")


def crop_page(
    request: HttpRequest,
    view: DocumentView,
    *,
    save: Callable[[Crop], None],
    back: str,
    picture: str,
    entry: str,
    **more: Any,
) -> HttpResponse:
    """The page on which a photo is framed; saved, it leads back to where the photo is shown."""
    stored = frame_of(view)
    if view.purpose != Purpose.PHOTO or stored is None:
        raise NotFound("这份文件不是一寸照片，或者还在检查，不能裁剪。请返回查看。")
    frame = _posted_frame(request, stored)
    if request.method == "POST" and request.POST.get("do") == "save":
        save(frame.crop)
        documents.wait_until_inspected([view.id], timeout=settings.UPLOAD_WAIT_SECONDS)
        messages.success(request, "已按选定的范围裁剪。下面是裁剪后的一寸照片。")
        return redirect(back)
    return page(request, "crop.html", entry=entry, frame=frame, picture=picture, back=back, **more)


def _posted_frame(request: HttpRequest, stored: Frame) -> Frame:
    """The frame that the form shows, moved as its button says; what is no number counts as the one before."""
    if request.method != "POST":
        return stored
    numbers = {name: getattr(stored, name) for name in ("left", "top", "width")}
    for name in numbers:
        text = request.POST.get(name, "").strip()
        if text.isascii() and text.isdigit() and len(text) < 6:
            numbers[name] = int(text)
    frame = stored.placed(**numbers)
    how = request.POST.get("do", "")
    return frame.moved(how) if how in MOVES else frame


def turns_of(request: HttpRequest) -> int:
    """How many quarter turns clockwise a button asks for: 1, or 3 for one to the left."""
    return 3 if request.POST.get("turn") == "left" else 1


def day_of(text: str) -> date | None:
    """The day of an optional date input; `Invalid` when something else, or no year of ours, was typed."""
    try:
        return day_in(text, path="", label="有效期")
    except Invalid as error:
        raise Invalid("有效期写法不对，没有保存。请写成 2030-01-31 这样，长期有效的可以不填。") from error


def place_of(slot: str) -> str:
    """Where the row of a slot is on the page of materials."""
    return f"#slot-{slot.replace('.', '-')}"


def usual_type(declared: Material, *, photo: bool) -> str:
    """What a document of a slot usually is, as a code of the library."""
    return PHOTO_TYPE if photo else next(iter(declared.types), OTHER_TYPE)


def _found(
    request: HttpRequest, case_id: UUID, material_id: UUID
) -> tuple[Dossier, MaterialView, DocumentView]:
    dossier = cases.open_case(actor_of(request), case_id, Verb.EDIT)
    found = next((one for one in dossier.materials if one.id == material_id), None)
    if found is None:
        raise NotFound("这份材料已经不在申请里，可能已经删除。请返回材料列表查看。")
    return dossier, found, own_view(dossier, found.document_id)


def own_view(dossier: Dossier, document_id: UUID) -> DocumentView:
    """A document as the applicant may see it: what an invited person uploaded and did not agree to show has
    neither a name nor pages."""
    view = dossier.documents[document_id]
    if not cases.may_invite(dossier.spec) or view.id not in cases.hidden_from_applicant(dossier.case.id):
        return view
    return replace_in(view, name=NOT_SHOWN, pages=(), kind=None, warnings=())


def _draw(
    request: HttpRequest, case_id: UUID, material_id: UUID, problems: Problems | None = None
) -> HttpResponse:
    dossier, found, view = _found(request, case_id, material_id)
    declared = next((one.material for one in dossier.slots if one.name == found.slot), None)
    is_photo = view.purpose == Purpose.PHOTO
    mine = documents.library(dossier.case.account_id)
    return page(
        request,
        "material.html",
        entry="drafts",
        status=422 if problems else 200,
        case=dossier.case,
        file=found,
        document=view,
        title=declared.title if declared else "材料",
        accept=declared.accept if declared else (),
        is_photo=is_photo,
        is_open=found.round_number == dossier.case.round_number + 1,
        is_kept=any(one.document.sha256 == view.sha256 and one.is_photo == is_photo for one in mine),
        types=codes.load(LIBRARY_TYPES).codes,
        type_code=usual_type(declared, photo=is_photo) if declared else OTHER_TYPE,
        back=f"{reverse('portal:materials', args=[case_id])}{place_of(found.slot)}",
        key=new_key(),
        problems=problems or [],
    )
