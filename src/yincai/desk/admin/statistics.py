"""统计: what came in and what became of it, per day; how long it took; what is overdue."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yincai.cards import queries as cards
from yincai.casework.statistics import Asked, Happened, overdue_now, per_day, stage_times
from yincai.desk.admin.pages import draw, place_of, problems_of
from yincai.foundation import clock
from yincai.foundation.days import day_in
from yincai.foundation.errors import Invalid, Problem
from yincai.look.charts import chart, named, spans, summed
from yincai.people.permissions import administrator_page
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

USUAL = timedelta(days=29)
LONGEST = timedelta(days=366)
TITLES = {
    Happened.RECEIVED: "收到申请",
    Happened.ACCEPTED: "预审通过",
    Happened.RETURNED: "退回补正",
    Happened.REFUSED: "不予受理",
    Happened.APPROVED: "核准",
}


@administrator_page
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of the last 30 days, or of what the filters ask for."""
    place = place_of(request)
    offered = [(one.name, one.programme.title) for one in programmes.catalogue(place.name)]
    problems: dict[str, str] = {}
    try:
        asked = asked_of(request, place, {name for name, _ in offered})
    except Invalid as error:
        problems, asked = problems_of(error), Asked(place.name, clock.today() - USUAL, clock.today())
    over = spans(asked.begin, asked.end)
    counts = per_day(asked)
    series = {
        title: summed({day: number for (day, what), number in counts.items() if what == kind}, over)
        for kind, title in TITLES.items()
    }
    if not asked.office:
        issued = cards.issued_per_day(place.name, begin=asked.begin, end=asked.end, programme=asked.programme)
        series["签发电子卡"] = summed(issued, over)
    else:
        del series[TITLES[Happened.RECEIVED]]
    return draw(
        request,
        "statistics.html",
        entry="statistics",
        place=place,
        status=422 if problems else 200,
        problems=problems,
        typed=request.GET,
        asked=asked,
        offered=offered,
        charts=[chart(title, numbers, over) for title, numbers in series.items()],
        titles=list(series),
        table_rows=[
            (named(*span), [numbers[at] for numbers in series.values()]) for at, span in enumerate(over)
        ],
        stages=stage_times(asked),
        overdue=overdue_now(asked),
    )


def asked_of(request: HttpRequest, place: Place, known: set[str]) -> Asked:
    """What the filters ask for; `Invalid` with problems at `begin` and `end`."""
    today = clock.today()
    end = day_in(request.GET.get("end", ""), path="end", label="结束日期") or today
    begin = day_in(request.GET.get("begin", ""), path="begin", label="开始日期") or end - USUAL
    _check(begin, end)
    programme, office = request.GET.get("programme", ""), request.GET.get("office", "")
    return Asked(
        place.name,
        begin,
        end,
        programme if programme in known else "",
        office if office in {one.name for one in place.offices} else "",
    )


def _check(begin: date, end: date) -> None:
    sentence = ""
    if end < begin:
        sentence = "结束日期早于开始日期，请修改。下面是最近 30 天的数字。"
    elif end - begin > LONGEST:
        sentence = "一次最多统计一年，请缩短日期范围。下面是最近 30 天的数字。"
    if sentence:
        raise Invalid(sentence, problems=[Problem("begin", sentence)])
