"""Step 2, 提交材料: upload, look at, take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.queries import Dossier
from yincai.casework.vocabulary import Verb
from yincai.documents import queries as documents
from yincai.documents.vocabulary import LibraryEntryView
from yincai.engine.kinds import Kind
from yincai.foundation.errors import Invalid
from yincai.look.material_lines import MaterialLine
from yincai.portal.answering import Answering, answering
from yincai.portal.pages import actor_of, applicant_page, entry_of, helping_of, key_of, new_key, page
from yincai.portal.views.arranging import own_view, place_of, usual_type

KEEP = "keep_uploads"
"""In the session: whether the person asked, on this visit, to have uploads kept in their library too."""
INPUT = "file."
"""What the name of a file input begins with; its slot follows."""


@dataclass(frozen=True)
class Chosen:
    """One file of the form, and the slot that it was chosen for."""

    slot: str
    number: int
    file: UploadedFile[bytes]

    def problem(self, why: str) -> tuple[str, str]:
        """What went wrong with it, as a line of the summary."""
        return place_of(self.slot), f"“{self.file.name}”没有传上去。{why}"


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def materials(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The table 序号 / 材料名称 / 材料形式 / 必要性 / 操作; a POST uploads what was chosen in its rows."""
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        request.session[KEEP] = request.POST.get("keep") == "on"
        uploads = _chosen(request)
        problems = _upload(request, case_id, uploads)
        if not problems:
            return redirect(f"{reverse('portal:materials', args=[case_id])}{place_of(uploads[-1].slot)}")
    dossier = cases.open_case(actor_of(request), case_id, Verb.EDIT)
    return page(
        request,
        "materials.html",
        entry=entry_of(dossier.case),
        status=422 if problems else 200,
        case=dossier.case,
        lines=lines(
            dossier,
            cases.offered(dossier, [] if helping_of(request) else documents.library(dossier.case.account_id)),
            answering=answering(request, dossier.case),
        ),
        hold_until=cases.must_hold_until(dossier.spec.workflow),
        keep=bool(request.session.get(KEEP)),
        opened=request.GET.get("open", ""),
        key=new_key(),
        problems=problems,
        open_form=dossier.open_form,
        asks_spouse=bool(cases.may_invite(dossier.spec) and cases.concerning_spouse(dossier)),
    )


def _chosen(request: HttpRequest) -> list[Chosen]:
    """Every file of the form: the inputs are called `file.` and their slot."""
    return [
        Chosen(name.removeprefix(INPUT), number, upload)
        for name in request.FILES
        if name.startswith(INPUT)
        for number, upload in enumerate(request.FILES.getlist(name))
    ]


def _upload(request: HttpRequest, case_id: UUID, uploads: list[Chosen]) -> list[tuple[str, str]]:
    """Take all of them in, then wait for the reader together; what is wrong, each with its place."""
    if not uploads:
        place = place_of(request.POST.get("slot", ""))
        return [(place, "还没有选择文件。请先选择要上传的图片、PDF 或 Word 文件。")]
    if len(uploads) > settings.UPLOADS_AT_ONCE:
        too_many = f"一次最多上传 {settings.UPLOADS_AT_ONCE} 个文件，这次一个也没有保存。请分几次上传。"
        return [(place_of(uploads[0].slot), too_many)]
    actor, key = actor_of(request), key_of(request)
    keeps = request.POST.get("keep") == "on" and actor.behalf is None  # their own library, their own wish
    kept_as = _usual_types(request, case_id) if keeps else {}
    handed = [
        actions.Handed(
            one.slot,
            one.file,
            uuid5(key, f"{one.slot}:{one.number}"),
            kept_as.get(one.slot, ""),
        )
        for one in uploads
    ]
    taken = list(zip(uploads, actions.add_materials(case_id, handed, actor=actor), strict=True))
    problems = [one.problem(found.sentence) for one, found in taken if isinstance(found, Invalid)]
    added = {found.id: one for one, found in taken if not isinstance(found, Invalid)}
    gone = actions.settle_materials(case_id, added, actor=actor, timeout=settings.UPLOAD_WAIT_SECONDS)
    return problems + [added[material_id].problem(why) for material_id, why in gone.items()]


def _usual_types(request: HttpRequest, case_id: UUID) -> dict[str, str]:
    """As what a copy of an upload goes into the library, by slot."""
    dossier = cases.open_case(actor_of(request), case_id, Verb.EDIT)
    photos = {
        one.name for section in dossier.spec.sections for one in section.fields if one.kind is Kind.PHOTO
    }
    return {one.name: usual_type(one.material, photo=one.name in photos) for one in dossier.slots}


@applicant_page
@require_POST
def remove(request: HttpRequest, case_id: UUID, material_id: UUID) -> HttpResponse:
    """Take a document away while the case is open to its applicant."""
    actions.remove_material(case_id, material_id, actor=actor_of(request))
    messages.success(request, "这份材料已删除。")
    return redirect("portal:materials", case_id)


@applicant_page
@require_POST
def restore(request: HttpRequest, case_id: UUID, material_id: UUID) -> HttpResponse:
    """Take a document of an earlier submission back into this one."""
    actions.restore_material(case_id, material_id, actor=actor_of(request))
    messages.success(request, "这份材料已恢复，会随这次补正一起提交。")
    return redirect("portal:materials", case_id)


def look_at_file(request: HttpRequest, case_id: UUID, document_id: UUID) -> None:
    """Whether the document is of one's own case; `NotFound`."""
    cases.open_document(actor_of(request), case_id, document_id)


def lines(
    dossier: Dossier,
    offers: Mapping[str, list[LibraryEntryView]] | None = None,
    *,
    answering: Answering | None = None,
) -> list[MaterialLine]:
    """The table as it stands, in the programme's order; `offers`: what of the library fits each slot,
    `answering`: what a correction opens of it."""
    answer = answering or Answering()
    left_out = answer.left_out_documents()
    return [
        MaterialLine(
            number,
            slot.name,
            slot.material,
            slot.needed,
            [(one, own_view(dossier, one.document_id)) for one in dossier.materials if one.slot == slot.name],
            (offers or {}).get(slot.name, []),
            open=answer.is_open(slot.name),
            asked=answer.asked.get(slot.name, ""),
            left_out=[pair for pair in left_out if pair[0].slot == slot.name],
            submitted=dossier.case.round_number,
        )
        for number, slot in enumerate(dossier.slots, start=1)
    ]
