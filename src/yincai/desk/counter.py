"""代办申请: a window officer enters an application for somebody who cannot, and who confirms it."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.queries import COUNTER_ROLE, COUNTER_SESSION, CounterView
from yincai.casework.vocabulary import NotComplete, Verb
from yincai.desk.pages import page, staff_of, submission_key
from yincai.documents import queries as documents
from yincai.foundation import codes
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, YincaiError
from yincai.foundation.masking import mask_phone
from yincai.look.answers import answer_sections
from yincai.people import queries as people
from yincai.people.actions import check_identity
from yincai.people.permissions import require_signed_in, staff_page
from yincai.people.vocabulary import LimitReached
from yincai.programmes import queries as programmes

DONE = "已提交，受理编号 {reference}，请申请人记下。本人以后用「忘记密码」按证件号码找回密码，登录查看。"
SENT = "验证码已发到申请人的手机。请申请人核对下面的内容，同意后把验证码填入。"
SHOWN_TOGETHER = "请勾选：已核对证件原件，申请人本人在场。"


@dataclass
class Opening:
    """The form that opens the help, as it was typed."""

    typed: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    def said(self, name: str) -> str:
        """What stands in an input."""
        return self.typed.get(name, "")

    def wrong(self, name: str) -> str:
        """What is wrong with it."""
        return self.problems.get(name, "")

    def summary(self) -> list[tuple[str, str]]:
        """What is wrong, each line with the way to its input."""
        return [(f"#f-{path}" if path else "#main", words) for path, words in self.problems.items()]


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """What I enter now, and the form that opens another: who it is, for what."""
    offers = _offers(request)
    form = Opening({name: str(said) for name, said in request.POST.items()})
    if request.method == "POST":
        helping = _open(request, form)
        if helping is not None:
            return _enter(request, helping)
    return page(
        request,
        "counter.html",
        status=422 if form.problems else 200,
        form=form,
        problems=form.summary(),
        kinds=list(codes.load("identity_documents").codes.items()),
        offers=[("", "请选择"), *offers.items()],
        open=[(one, *_named(one)) for one in cases.open_helps(require_signed_in(request).pk)],
        key=form.said("_key") or str(uuid4()),
    )


@staff_page()
@require_POST
def resume(request: HttpRequest, help_id: UUID) -> HttpResponse:
    """Go on entering."""
    return _enter(request, _found(request, help_id))


@staff_page()
@require_POST
def end(request: HttpRequest, help_id: UUID) -> HttpResponse:
    """Stop entering; the draft stays with its applicant."""
    actions.end_counter_help(help_id, actor=staff_of(request))
    messages.success(request, "已结束代办。草稿留在申请人的草稿箱里，本人登录后可以继续。")
    return redirect("desk:counter")


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, help_id: UUID) -> HttpResponse:
    """The summary that the applicant reads; a code goes to their phone; with it the draft is handed in."""
    if cases.has_ended_help(require_signed_in(request).pk, help_id):  # pressed twice
        messages.info(request, "这次代办已经结束。")
        return redirect("desk:counter")
    helping = _found(request, help_id)
    problem, asked = "", str(cases.confirmation_asked(helping.id) or "")
    if request.method == "POST":
        asked = request.POST.get("asked", "")
        try:
            if request.POST.get("act") == "ask":
                actions.ask_confirmation(help_id, actor=staff_of(request))
                messages.info(request, SENT)
                return redirect("desk:counter-confirm", help_id)
            case = actions.submit_confirmed(
                help_id,
                actor=staff_of(request),
                asked=UUID(asked),
                code=request.POST.get("code", ""),
                key=submission_key(request),
            )
        except NotComplete as error:
            problem = "；".join(one.message for one in error.missing[:5])
        except LimitReached as error:
            problem = f"尝试次数过多，这一次没有核对。请约 {error.minutes} 分钟后再试。"
        except ValueError:
            problem = "请先发送验证码。"
        except YincaiError as error:
            problem = error.sentence
        else:
            messages.success(request, DONE.format(reference=case.reference))
            return redirect("desk:counter")
    return _draw_confirm(request, helping, asked, problem)


def _draw_confirm(request: HttpRequest, helping: CounterView, asked: str, problem: str) -> HttpResponse:
    dossier = cases.open_case(helping.actor, helping.case, Verb.EDIT)
    name, number = _named(helping)
    titles = {one.name: one.title for one in dossier.slots}
    files = documents.documents([one.document_id for one in dossier.materials])
    pages = {one.id: one.page_count for one in files}
    return page(
        request,
        "counter_confirm.html",
        status=422 if problem else 200,
        helping=helping,
        name=name,
        number=number,
        case=dossier.case,
        answers=answer_sections(dossier.case.spec, dossier.submitted_facts),
        files=[(titles.get(one.slot, one.slot), pages.get(one.document_id, 0)) for one in dossier.materials],
        missing=[one.message for one in dossier.missing],
        phone=mask_phone(people.phone_of(helping.applicant) or ""),
        asked=asked,
        problem=problem,
        key=str(uuid4()),
    )


def _open(request: HttpRequest, form: Opening) -> CounterView | None:
    """The help that the form opens; None with what is wrong noted."""
    key, actor = submission_key(request), staff_of(request)
    place, programme, variant = [*form.said("offer").split("/"), "", "", ""][:3]
    if form.said("offer") not in _offers(request):
        form.problems["offer"] = "请选择要代办的事项。"
    if not form.said("present"):
        form.problems["present"] = SHOWN_TOGETHER
    try:
        check_identity(form.said("name"), form.said("kind"), form.said("number"))
    except Invalid as error:
        form.problems |= {one.path: one.message for one in error.problems}
    if form.problems:
        return None
    try:
        applicant = actions.find_or_open_account(
            actor=actor,
            place=place,
            name=form.said("name"),
            kind=form.said("kind"),
            number=form.said("number"),
            phone=form.said("phone"),
        )
        return actions.open_counter_help(
            actor=actor, place=place, programme=programme, variant=variant, applicant=applicant, key=key
        )
    except Invalid as error:
        form.problems |= {one.path: one.message for one in error.problems} or {"": error.sentence}
    except LimitReached:
        form.problems[""] = "您今天代办和查找的次数已达到上限，没有打开。请由其他同事办理，或明天再办。"
    except (NotAllowed, YincaiError) as error:
        form.problems[""] = error.sentence
    return None


def _enter(request: HttpRequest, helping: CounterView) -> HttpResponse:
    known = request.session.get(COUNTER_SESSION, {})
    request.session[COUNTER_SESSION] = {**known, str(helping.case): str(helping.id)}
    case = cases.case_for(helping.actor, helping.case)
    return redirect("portal:form", helping.case, case.spec.sections[0].name)


def _found(request: HttpRequest, help_id: UUID) -> CounterView:
    found = cases.open_help(require_signed_in(request).pk, help_id)
    if found is None:
        raise NotFound
    return found


def _named(helping: CounterView) -> tuple[str, str]:
    """Whose application it is, name and masked number."""
    identity = people.identity_of(helping.applicant)
    return (identity.name, identity.masked_number) if identity else ("", "")


def _offers(request: HttpRequest) -> dict[str, str]:
    """What the officer may enter for others, by place, programme and variant; `NotFound` for who may not."""
    held = people.appointments(require_signed_in(request))
    places = sorted({one.place for one in held if one.role == COUNTER_ROLE})
    if not places:
        raise NotFound
    found = {}
    for place in places:
        for offer in programmes.catalogue(place):
            spec = offer.programme
            for code, title in [(one.code, one.title) for one in spec.variants if one.offered] or [("", "")]:
                words = f"{spec.title}（{title}）" if title else spec.title
                found[f"{place}/{offer.name}/{code}"] = words
    return found
