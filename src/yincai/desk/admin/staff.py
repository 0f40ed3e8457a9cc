"""工作人员: who works here and what they hold; appointing, ending, a lost second factor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yincai.desk.admin.pages import actor_of, beginning, draw, place_of, problems_of
from yincai.foundation import clock
from yincai.foundation.days import day_in
from yincai.foundation.errors import Invalid, NotFound, Problem
from yincai.ledger import queries as ledger
from yincai.people import actions
from yincai.people import queries as people
from yincai.people.permissions import administrator_page, has_second_factor
from yincai.people.vocabulary import Event, plain_name
from yincai.programmes.vocabulary import Place

TOLD = {
    Event.STAFF_APPOINTED: "任命",
    Event.STAFF_TRANSFERRED: "调动",
    Event.STAFF_NAMED: "登记姓名",
    Event.APPOINTMENT_ENDED: "结束任命",
    Event.SECOND_FACTOR_ENROLLED: "启用动态验证码",
    Event.SECOND_FACTOR_REMOVED: "停用动态验证码",
    Event.RESET_ASKED: "申请重置动态验证码",
    Event.RESET_CONFIRMED: "确认重置动态验证码",
    Event.RESET_REFUSED: "撤销重置动态验证码",
    Event.PASSWORD_CHANGED: "更改密码",
    Event.DOCUMENT_NOTED: "登记回避",
    Event.DOCUMENT_FORGOTTEN: "删除回避登记",
}


@administrator_page
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Everybody who works or worked here, in the order of their user names."""
    place = place_of(request)
    search = request.GET.get("search", "").strip()
    found, after = people.staff_of(place.name, search=search, after=request.GET.get("after", ""))
    return draw(
        request,
        "staff.html",
        entry="staff",
        place=place,
        members=found,
        after=after,
        search=search,
        me=actor_of(request).id,
        waiting=people.open_resets(place.name),
        unknown=people.without_own_document([one.account_id for one in found]),
        **titles(place),
    )


@administrator_page
@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: HttpRequest) -> HttpResponse:
    """任命: an account by its user name, an office, a role, from a day to a day."""
    place = place_of(request)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            account_id = _appoint(request, place)
        except Invalid as error:
            problems = problems_of(error)
        else:
            is_known = not people.without_own_document([account_id])
            page = "desk:admin-member" if is_known else "desk:admin-kept-away"
            return redirect(f"{reverse(page, args=[account_id])}?place={place.name}")
    return draw(
        request,
        "appoint.html",
        entry="staff",
        place=place,
        status=422 if problems else 200,
        problems=problems,
        typed=request.POST if request.method == "POST" else request.GET,
        today=clock.today(),
    )


def _appoint(request: HttpRequest, place: Place) -> UUID:
    username = plain_name(request.POST.get("username", ""))
    account = people.account_named(username) if username else None
    problems = []
    if account is None:
        sentence = (
            "没有这个用户名。请本人先注册账号，再按注册的用户名任命。" if username else "请填写用户名。"
        )
        problems.append(Problem("username", sentence))
    name = request.POST.get("name", "").strip()
    if not name and not (account and account.staff_name):
        problems.append(Problem("name", "请填写姓名：同事看到的是姓名。"))
    office, role = request.POST.get("office", ""), request.POST.get("role", "")
    if office not in {one.name for one in place.offices}:
        problems.append(Problem("office", "请选择机构。"))
    if role not in {one.name for one in place.roles}:
        problems.append(Problem("role", "请选择岗位。"))
    since = until = None
    advice = "没有期限的请留空。"
    try:
        since = day_in(request.POST.get("since", ""), path="since", label="开始日期")
        until = day_in(request.POST.get("until", ""), path="until", label="结束日期", advice=advice)
    except Invalid as error:
        problems += error.problems
    if problems or account is None:
        raise Invalid(problems=problems)
    actions.appoint_staff(
        account,
        actor=actor_of(request),
        place=place.name,
        office=office,
        role=role,
        name=name,
        since=None if since in (None, clock.today()) else beginning(since),
        until=beginning(until + timedelta(days=1)) if until else None,
    )
    messages.success(request, f"已任命 {people.display_name(account.pk)}：{place.role(role).title}。")
    return account.pk


@administrator_page
@require_safe
def member(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """What one person holds and held, their second factor, and what was done about it."""
    return _draw_member(request, account_id)


def _draw_member(
    request: HttpRequest, account_id: UUID, *, problems: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    place = place_of(request)
    found = people.staff_member(account_id, place=place.name)
    told = [one for one in ledger.changes(account_id) if one.event in TOLD and _is_here(one.payload, place)]
    actors = {one.actor.id for one in told if one.actor.id}
    return draw(
        request,
        "member.html",
        entry="staff",
        place=place,
        status=status,
        member=found,
        is_me=account_id == actor_of(request).id,
        me=actor_of(request).id,
        has_factor=has_second_factor(account_id),
        documents=people.staff_documents(account_id),
        is_on_record=not people.without_own_document([account_id]),
        resets=people.open_resets(place.name, account_id=account_id),
        told=list(reversed(told)),
        words=TOLD,
        names=people.display_names(actors),
        problems=problems or {},
        typed=request.POST,
        **titles(place),
    )


@administrator_page
@require_POST
def end(request: HttpRequest, account_id: UUID, appointment_id: UUID) -> HttpResponse:
    """结束任命: now, with every session of the person."""
    place = place_of(request)
    held = people.staff_member(account_id, place=place.name).held
    if appointment_id not in {one.id for one in held}:
        raise NotFound
    actions.end_appointment(appointment_id, actor=actor_of(request))
    messages.success(request, "任命已结束。这位同事在各设备上的登录已全部退出。")
    return _to_member(account_id, place)


@administrator_page
@require_POST
def transfer(request: HttpRequest, account_id: UUID, appointment_id: UUID) -> HttpResponse:
    """调动: another office or role from now on, in place of this one."""
    place = place_of(request)
    held = people.staff_member(account_id, place=place.name).held
    if appointment_id not in {one.id for one in held}:
        raise NotFound
    office, role = request.POST.get("office", ""), request.POST.get("role", "")
    shown = titles(place)
    try:
        if office not in shown["offices"] or role not in shown["roles"]:
            raise Invalid(problems=[Problem("role", "请选择机构和岗位。")])
        actions.transfer_staff(appointment_id, actor=actor_of(request), office=office, role=role)
    except Invalid as error:
        problems = {f"transfer-{appointment_id}": error.problems[0].message}
        return _draw_member(request, account_id, problems=problems, status=422)
    where = f"{shown['offices'][office]}，{shown['roles'][role]}"
    messages.success(request, f"已调动到{where}，从现在起生效。原岗位领取和分派的申请回到队列。")
    return _to_member(account_id, place)


@administrator_page
@require_POST
def rename(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """更正姓名: written wrongly at the appointment, or changed since."""
    place = place_of(request)
    try:
        actions.name_staff(
            account_id, actor=actor_of(request), place=place.name, name=request.POST.get("name", "")
        )
    except Invalid as error:
        return _draw_member(request, account_id, problems=problems_of(error), status=422)
    messages.success(request, f"姓名已登记为 {people.display_name(account_id)}。")
    return _to_member(account_id, place)


@administrator_page
@require_POST
def ask_reset(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """申请重置动态验证码."""
    place = place_of(request)
    try:
        actions.ask_factor_reset(
            account_id, actor=actor_of(request), place=place.name, reason=request.POST.get("reason", "")
        )
    except Invalid as error:
        return _draw_member(request, account_id, problems=problems_of(error), status=422)
    messages.success(request, "已申请重置，请另一位管理员在 24 小时内确认。确认之前什么都没有改变。")
    return _to_member(account_id, place)


@administrator_page
@require_POST
def settle_reset(request: HttpRequest, account_id: UUID, reset_id: UUID) -> HttpResponse:
    """确认重置, or 撤销."""
    place = place_of(request)
    if reset_id not in {one.id for one in people.open_resets(place.name, account_id=account_id)}:
        raise NotFound("这项申请已经办结或超过 24 小时。需要时请重新申请。")
    if request.POST.get("answer") == "confirm":
        actions.confirm_factor_reset(reset_id, actor=actor_of(request))
        messages.success(
            request, "动态验证码已重置。这位同事下次登录时须重新启用，各设备上的登录已全部退出。"
        )
    else:
        actions.refuse_factor_reset(reset_id, actor=actor_of(request))
        messages.success(request, "重置申请已撤销，动态验证码没有改变。")
    return _to_member(account_id, place)


def titles(place: Place) -> dict[str, Any]:
    """What the roles and offices of a place are called."""
    return {
        "roles": {one.name: one.title for one in place.roles},
        "offices": {one.name: one.title for one in place.offices},
    }


def _to_member(account_id: UUID, place: Place) -> HttpResponse:
    return redirect(f"{reverse('desk:admin-member', args=[account_id])}?place={place.name}")


def _is_here(payload: object, place: Place) -> bool:
    return not isinstance(payload, dict) or payload.get("place", place.name) == place.name
