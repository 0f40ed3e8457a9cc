"""From a filled form to a number: check the answers, submit, keep the receipt."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yincai.cards import queries as cards
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView, NotComplete, Verb, VersionMoved
from yincai.engine.workflow import Need
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed
from yincai.ledger.vocabulary import Actor
from yincai.look.answers import answer_sections
from yincai.look.difference import Shown, shown
from yincai.portal.pages import actor_of, applicant_page, entry_of, helping_of, key_of, new_key, page
from yincai.portal.places import place_of_missing
from yincai.portal.views.material import lines
from yincai.portal.window import window_ahead


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Everything on one page before it is sent; each line leads back to its place."""
    actor = actor_of(request)
    case = cases.case_for(actor, case_id)
    if not (case.is_draft or case.is_in_correction):
        return redirect("portal:done", case_id)
    dossier = cases.open_case(actor, case_id, Verb.EDIT)
    problems: list[tuple[str, str]] = []
    if request.method == "POST" and (helping := helping_of(request)):
        return redirect("desk:counter-confirm", helping.id)
    if request.method == "POST":
        try:
            actions.take_transition(
                case_id,
                actor=actor,
                name=case.way_out.name,
                key=key_of(request),
                words={Need.CONFIRMATION: request.POST.get("declaration", "")},
            )
            return redirect("portal:done", case_id)
        except NotComplete as error:
            problems = [(place_of_missing(case, one), one.message) for one in error.missing]
        except (VersionMoved, Invalid, NotAllowed) as error:
            problems = [_problem(error)]
    todo = [(place_of_missing(case, one), one.message) for one in dossier.missing]
    return page(
        request,
        "check.html",
        entry=entry_of(case),
        status=422 if problems else 200,
        case=case,
        changes=_changes(actor, case),
        answers=answer_sections(case.spec, dossier.submitted_facts),
        lines=lines(dossier),
        todo=todo,
        open_form=dossier.open_form,
        problems=problems,
        moved=cases.moved_on(case),
        notes=sorted(set(cards.notes_beside(case.spec, dossier.facts).values())),
        key=request.POST.get("_key") or new_key(),
    )


def _changes(actor: Actor, case: CaseView) -> Shown | None:
    """What the correction changes so far; nothing in a draft that was never handed in."""
    if not case.is_in_correction:
        return None
    found = cases.changes_so_far(actor, case.id)
    return shown(found.fields, found.slots)


@applicant_page
@require_POST
def move(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take the draft to the version in force, as the applicant accepted."""
    actions.move_draft(case_id, actor=actor_of(request))
    return redirect("portal:check", case_id)


@applicant_page
@require_safe
def done(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Step 3, 完成: the sentence of the guide with the number that is kept through every correction."""
    case = cases.case_for(actor_of(request), case_id)
    if case.is_draft:
        return redirect("portal:check", case_id)
    if case.is_in_correction:
        return redirect("portal:correction", case_id)
    return page(
        request,
        "done.html",
        entry=entry_of(case),
        case=case,
        receipts=cards.receipts_of_case(case_id),
        window=window_ahead(case, cases.open_case(actor_of(request), case_id).submitted_facts),
    )


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Delete a draft, after one question."""
    case = cases.case_for(actor_of(request), case_id, Verb.DELETE)
    if request.method == "POST":
        actions.delete_draft(case_id, actor=actor_of(request))
        messages.success(request, f"「{case.spec.title}」的草稿已删除，填写的内容和上传的材料一并删除。")
        return redirect("portal:drafts")
    return page(request, "delete.html", entry="drafts", case=case, now=clock.now())


def _problem(error: VersionMoved | Invalid | NotAllowed) -> tuple[str, str]:
    """Where a refusal is mended, and its sentence."""
    if isinstance(error, Invalid) and any(one.path == Need.CONFIRMATION for one in error.problems):
        return "#declaration", "请先阅读并勾选承诺，再提交。"
    return "#main", error.sentence
