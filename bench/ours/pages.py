"""Our side: a page of the form and a section save, through the whole application as it is served."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import uuid4

from bench.browser import Browser
from bench.ours.answers import sections
from bench.ours.people import sign_in
from bench.sample import Sample
from bench.web import meter, take
from yincai.casework import actions

PLACE, PROGRAMME, VARIANT = "shijiazhuang", "talent_green_card", "A"


def form_page(count: int) -> Sample:
    """GET of the first section of a draft in which every section was saved."""
    browser, address, _ = _draft()
    with meter() as database:
        for _ in range(count):
            browser.get(address)
    return take(browser, database).each(count)


def section_save(count: int) -> Sample:
    """POST of the first section, each time with one answer changed; ends with the redirect."""
    browser, address, state = _draft()
    with meter() as database:
        for _ in range(count):
            state["revision"] += 1
            posted = state["posted"] | {
                "_revision": [str(state["revision"])],
                "honour": [f"优秀专家 {state['revision']}"],
            }
            browser.post(address, posted)
    return take(browser, database).each(count)


@lru_cache(maxsize=1)
def _draft() -> tuple[Browser, str, dict[str, Any]]:
    browser, resident = sign_in()
    case = actions.open_draft(actor=resident, place=PLACE, programme=PROGRAMME, variant=VARIANT, key=uuid4())
    answers = sections(case.spec)
    for name, posted in answers.items():
        actions.save_section(case.id, actor=resident, section=name, posted=posted, seen_revision=0)
    first = next(iter(answers))
    return browser, f"/my/cases/{case.id}/form/{first}/", {"revision": 0, "posted": answers[first]}
