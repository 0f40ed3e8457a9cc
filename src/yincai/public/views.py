"""The street: what there is, what it needs, and whether a card is true."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yincai.cards import queries as cards
from yincai.cards.vocabulary import Verification
from yincai.engine.showing import regions_of
from yincai.foundation import clock
from yincai.foundation.errors import YincaiError
from yincai.look.environment import ELDER_COOKIE
from yincai.look.flow import operations
from yincai.look.flow_picture import Box, course_boxes, flow_picture
from yincai.look.visited import enter
from yincai.people.actions import count_attempt
from yincai.people.permissions import address_of
from yincai.people.vocabulary import VERIFY_FILE_PER_ADDRESS, TooManyAttempts
from yincai.programmes import queries as programmes

MAX_CARD_BYTES = 5_000_000
TOO_MANY = (
    "从您这里核验的文件较多，这份文件没有核验。请约 {minutes} 分钟后再试，或改用卡面上的卡号和验证码核验。"
)
ELDER_SECONDS = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What can be applied for, by place."""
    offers = programmes.catalogue()
    places = [(place, [one for one in offers if one.place == place.name]) for place in programmes.places()]
    return render(request, "public/home.html", {"places": places})


@require_safe
def programme(request: HttpRequest, place: str, name: str) -> HttpResponse:
    """One programme: who, what, how long, what it costs, legal basis, questions, contact, and how it runs."""
    version = programmes.current(place, name)
    spec = version.programme
    enter(request, place)
    context = {
        "version": version,
        "programme": spec,
        "place": programmes.place(place),
        "asked": max(spec.documents_asked(code) for code in [one.code for one in spec.variants] or [""]),
        "regions": regions_of,
        "operations": operations(spec),
    }
    return render(request, "public/programme.html", context)


@require_safe
def flow(request: HttpRequest, place: str, name: str) -> HttpResponse:
    """业务办理总体流程图: the programme's declared course as a picture."""
    spec = programmes.current(place, name).programme
    roles = {role.name: role.title for role in programmes.place(place).roles}
    picture = flow_picture(f"{spec.title}：业务办理总体流程图", course_boxes(spec.workflow, roles))
    return HttpResponse(picture, content_type="image/svg+xml")


@require_safe
def operation(request: HttpRequest, place: str, name: str) -> HttpResponse:
    """系统操作总流程图: what an applicant does on the site, as a picture."""
    spec = programmes.current(place, name).programme
    boxes = [Box(one.title, beside="、".join(one.parts)) for one in operations(spec)]
    picture = flow_picture(f"{spec.title}：系统操作总流程图", boxes)
    return HttpResponse(picture, content_type="image/svg+xml")


@never_cache
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Ask by number and code, or hand in the file."""
    number = request.GET.get("number", "").strip()
    code = request.GET.get("code", "").strip()
    result, problem = None, ""
    if number and code:
        result = cards.verify(number, code)
    elif request.GET:
        problem = "请同时填写卡号和验证码。两者都印在卡面上。"
    return _answer(request, result, number=number, code=code, problem=problem, status=422 if problem else 200)


@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Where the QR code leads."""
    return _answer(request, cards.verify_code(code))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_file(request: HttpRequest) -> HttpResponse:
    """Check a handed-in PDF: valid, replaced, cancelled, expired, altered or unknown."""
    if request.method != "POST":
        return redirect("public:verify")
    upload = request.FILES.get("file")
    if upload is None or not upload.size:
        return _answer(
            request, None, problem="还没有选择文件，或文件是空的。请选择要核验的电子卡 PDF。", status=422
        )
    if upload.size > MAX_CARD_BYTES:
        return _answer(
            request,
            None,
            problem="文件超过 5 MB，不会是本平台签发的电子卡。请选择原始的 PDF 文件。",
            status=422,
        )
    try:
        count_attempt(VERIFY_FILE_PER_ADDRESS, subject=address_of(request))
        return _answer(request, cards.verify_file(upload.read()))
    except TooManyAttempts as error:
        seconds = int(error.retry_after.total_seconds())
        answer = _answer(request, None, problem=TOO_MANY.format(minutes=seconds // 60 + 1), status=429)
        answer["Retry-After"] = str(seconds)
        return answer
    except YincaiError as error:
        return _answer(request, None, problem=error.sentence, status=422)


@require_http_methods(["GET", "HEAD"])
def help_page(request: HttpRequest) -> HttpResponse:
    """Where to turn: offices, and answers to frequent questions."""
    context = {"places": programmes.places(), "offers": programmes.catalogue()}
    return render(request, "public/help.html", context)


@csrf_exempt  # changes nothing but how large the letters of this browser are, and every page carries the form
@require_http_methods(["GET", "HEAD", "POST"])
def elder(request: HttpRequest) -> HttpResponse:
    """长辈模式 on or off for this browser, then back to where the button was pressed."""
    asked = request.POST if request.method == "POST" else request.GET
    before = asked.get("next", "/")
    if not url_has_allowed_host_and_scheme(before, allowed_hosts={request.get_host()}):
        before = "/"
    response = redirect(before)
    if asked.get("on") == "1":
        response.set_cookie(
            ELDER_COOKIE, "1", max_age=ELDER_SECONDS, secure=settings.SECURE, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(ELDER_COOKIE, samesite="Lax")
    return response


def _answer(
    request: HttpRequest,
    result: Verification | None,
    *,
    number: str = "",
    code: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"result": result, "number": number, "code": code, "problem": problem, "now": clock.now()}
    return render(request, "public/verify.html", context, status=status)
