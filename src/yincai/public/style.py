"""The living style page: every component in every state.  It is there in development and tests only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yincai.foundation import clock
from yincai.look.samples import cases, desk, forms, words


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """All components with made-up content; what accessibility and the eye are tested on."""
    context = {
        "case": cases.SampleCase(),
        "filled": forms.filled_form(),
        "check": forms.SampleCheck(),
        "wrong": forms.wrong_form(),
        "sections": cases.section_states(),
        "steps": cases.steps(),
        "roles": {"window_officer": "窗口受理员", "org_reviewer": "组织部审核"},
        "answers": cases.answers(),
        "lines": cases.lines(),
        "files": cases.files(),
        "kept": cases.kept(),
        "frame": cases.frame(),
        "verdicts": cases.verdicts(),
        "workflow": cases.workflow(),
        "rows": desk.queue(),
        "me": desk.ME,
        "hidden": desk.hidden_answers(),
        "pins": desk.pins(),
        "told": desk.told(),
        "told_titles": desk.TOLD_TITLES,
        "charts": desk.charts(),
        "long": (words.LONG_NAME, words.LONG_ORGANISATION, words.LONG_ADDRESS),
        "now": clock.now(),
    }
    return render(request, "public/style.html", context)
