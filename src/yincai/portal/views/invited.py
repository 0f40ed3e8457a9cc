"""What somebody sees who was invited to upload their own documents: what is asked of them, nothing else."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yincai.casework import actions
from yincai.foundation.errors import Invalid, YincaiError
from yincai.foundation.masking import mask_phone
from yincai.people.vocabulary import LimitReached

OPENED = "invited"
"""Of the session: what this browser was given when it opened a link, by link."""
WAIT = "办得太频繁，这一次没有办成。请约 {minutes} 分钟后再试。"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """The code first; then the places for files, the consent, and the end."""
    browser = request.session.get(OPENED, {}).get(token, "")
    found = actions.invited(token, browser=browser)
    problem, act = "", request.POST.get("act", "")
    try:
        if request.method == "POST":
            return _act(request, token, browser, act)
    except LimitReached as error:
        problem = WAIT.format(minutes=error.minutes)
    except YincaiError as error:
        problem = error.sentence
    template = "invited/upload.html" if found.is_shown else "invited/code.html"
    facts = {
        "found": found,
        "phone": mask_phone(found.phone),
        "problem": problem,
        "agrees": found.has_agreed or "agrees" in request.POST,
        "shares": "shares" in request.POST if request.method == "POST" else found.shares,
        "key": str(uuid4()),
    }
    response = render(request, template, facts, status=422 if problem else 200)
    response["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response


def _act(request: HttpRequest, token: str, browser: str, act: str) -> HttpResponse:
    if act == "send":
        actions.ask_invited_code(token)
        messages.info(request, "验证码已发送，以最新的一条短信为准。")
    elif act == "open":
        given = actions.open_invitation(token, code=request.POST.get("code", ""))
        request.session[OPENED] = {**request.session.get(OPENED, {}), token: given}
    elif act == "finish":
        actions.finish_invitation(token, browser=browser)
        return render(request, "invited/done.html", {})
    else:
        _upload(request, token, browser, act)
        messages.success(request, "已收到。")
    return redirect(request.path)


def _upload(request: HttpRequest, token: str, browser: str, slot: str) -> None:
    chosen = request.FILES.get(f"file.{slot}")
    if chosen is None:
        raise Invalid("还没有选择文件。请先选择，再点「上传」。")
    try:
        key = UUID(request.POST.get("_key", ""))
    except ValueError as error:
        raise Invalid("这个页面已经过期，没有保存。请刷新后再传。") from error
    actions.upload_invited(
        token,
        browser=browser,
        slot=slot,
        upload=chosen,
        agrees="agrees" in request.POST,
        shares="shares" in request.POST,
        key=key,
    )
