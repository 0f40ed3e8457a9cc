"""工作日历: a year at a glance; a day set on authority, with the limits that it would move."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.desk.admin.pages import actor_of, draw, place_of, problems_of
from yincai.foundation import clock
from yincai.foundation.calendar_table import NotedDay, days_of_year, load_calendar
from yincai.foundation.days import day_in, day_in_words
from yincai.foundation.errors import Invalid, NotFound, Problem
from yincai.ledger import queries as ledger
from yincai.look.posted import whole_number
from yincai.people import queries as people
from yincai.people.permissions import administrator_page

FIRST, LAST = 2004, 2099
CHANGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the year view."""

    day: date
    is_working: bool
    noted: NotedDay | None

    @property
    def differs(self) -> bool:
        """Whether the table makes it another kind of day than its weekday would."""
        return self.is_working != (self.day.weekday() < 5)


@administrator_page
@require_safe
def year(request: HttpRequest) -> HttpResponse:
    """One year, month by month."""
    return _draw_year(request)


def _draw_year(
    request: HttpRequest, *, problems: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    place = place_of(request)
    wanted = whole_number(request.GET.get("year", ""))
    shown = wanted if wanted is not None else clock.today().year
    if not FIRST <= shown <= LAST:
        raise NotFound(f"日历只管 {FIRST} 年到 {LAST} 年。请选择其中的一年。")
    noted = days_of_year(shown)
    changes = list(reversed(ledger.history(actions.CALENDAR_CHAIN)))[:CHANGES_SHOWN]
    typed = request.POST or request.GET
    return draw(
        request,
        "calendar.html",
        entry="calendar",
        place=place,
        status=status,
        year=shown,
        months=[(month, _weeks(shown, month, noted)) for month in range(1, 13)],
        noted=list(noted.values()),
        warning=None if noted else load_calendar().warning_for(date(shown, 1, 1)),
        today_is=clock.today(),
        changes=changes,
        names=people.display_names({one.actor.id for one in changes if one.actor.id}),
        problems=problems or {},
        typed=typed,
        first=FIRST,
        last=LAST,
    )


@administrator_page
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Before anything is written: which running limits the change would move."""
    place = place_of(request)
    try:
        day, is_working = _posted(request)
    except Invalid as error:
        return _draw_year(request, problems=problems_of(error), status=422)
    source, note = request.POST.get("source", "").strip(), request.POST.get("note", "").strip()
    if not source:
        sentence = "请写明依据的文件名称和文号，例如 国办发明电〔2026〕7号。"
        return _draw_year(request, problems={"source": sentence}, status=422)
    moved = cases.moved_by(day, is_working=is_working)
    return draw(
        request,
        "calendar_preview.html",
        entry="calendar",
        place=place,
        day=day,
        is_working=is_working,
        source=source,
        note=note,
        moved=moved,
        number=sum(len(one.case_ids) for one in moved),
        was=load_calendar().is_working_day(day),
    )


@administrator_page
@require_POST
def set_day(request: HttpRequest) -> HttpResponse:
    """Write it, with or without the running limits, as the administrator chose."""
    place = place_of(request)
    try:
        day, is_working = _posted(request)
        choice = request.POST.get("limits", "")
        if choice not in ("keep", "move"):
            raise Invalid("请选择正在计算的办理时限是保持不变还是一并调整。")
        moved = actions.set_calendar_day(
            day,
            actor=actor_of(request),
            is_working=is_working,
            source=request.POST.get("source", ""),
            note=request.POST.get("note", ""),
            move_limits=choice == "move",
            seen_moved=whole_number(request.POST.get("seen", "")),
        )
    except Invalid as error:
        return _draw_year(request, problems=problems_of(error), status=422)
    kind = "上班" if is_working else "休息"
    told = f"，{moved} 件申请的办理时限随之调整" if moved else "，正在计算的办理时限没有变动"
    messages.success(request, f"{day_in_words(day)} 已设为{kind}{told}。")
    return redirect(f"{reverse('desk:admin-calendar')}?place={place.name}&year={day.year}")


def _posted(request: HttpRequest) -> tuple[date, bool]:
    problems = []
    day = None
    try:
        day = day_in(request.POST.get("day", ""), path="day", label="日期")
        if day is None:
            problems.append(Problem("day", "请填写日期，按 2026-11-22 的样子。"))
    except Invalid as error:
        problems += error.problems
    if day is not None and not FIRST <= day.year <= LAST:
        problems.append(Problem("day", f"日历只管 {FIRST} 年到 {LAST} 年。"))
    kind = request.POST.get("kind", "")
    if kind not in ("work", "off"):
        problems.append(Problem("kind", "请选择上班或休息。"))
    if problems or day is None:
        raise Invalid(problems=problems)
    return day, kind == "work"


def _weeks(year: int, month: int, noted: dict[date, NotedDay]) -> list[list[Day | None]]:
    """The weeks of a month, Monday first; None for days of the neighbours."""
    weeks = []
    for week in months.Calendar().monthdatescalendar(year, month):
        weeks.append([_day(day, noted) if day.month == month else None for day in week])
    return weeks


def _day(day: date, noted: dict[date, NotedDay]) -> Day:
    known = noted.get(day)
    return Day(day, known.is_working if known else day.weekday() < 5, known)
