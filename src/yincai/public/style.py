"""The living style page: every component in every state.  It is there in development and tests only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yincai.foundation import clock
from yincai.look import samples


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """All components with made-up content; what accessibility and the eye are tested on."""
    context = {
        "case": samples.SampleCase(),
        "filled": samples.filled_form(),
        "check": samples.SampleCheck(),
        "wrong": samples.wrong_form(),
        "sections": samples.section_states(),
        "steps": samples.steps(),
        "roles": {"window_officer": "窗口受理员", "org_reviewer": "组织部审核"},
        "answers": samples.answers(),
        "lines": samples.lines(),
        "files": samples.files(),
        "kept": samples.kept(),
        "frame": samples.frame(),
        "verdicts": samples.verdicts(),
        "workflow": samples.workflow(),
        "long": (samples.LONG_NAME, samples.LONG_ORGANISATION, samples.LONG_ADDRESS),
        "now": clock.now(),
    }
    return render(request, "public/style.html", context)
