"""The course of a programme as a picture (SVG): a box for each step, the ways out beside it.

The same steps stand as text on the programme's page (`components/flow.html`); the picture repeats them for
whoever prints or shows them.  Every text is escaped; the picture loads nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from yincai.engine.workflow import APPLICANT, Workflow
from yincai.look.flow import FlowStep, main_course

WIDTH, MARGIN, BOX, GAP = 720, 24, 76, 36
MIDDLE = 300
"""Where the boxes' middle stands; the ways out are to their right."""
INK, SOFT, LINE, FILL = "#17202c", "#465261", "#0b55c4", "#e7f0fd"
LETTERS = 15
"""How many Chinese characters fit on a line beside the boxes."""


def flow_picture(title: str, workflow: Workflow, roles: Mapping[str, str]) -> str:
    """The picture of a workflow under a title; `roles` gives the words for who holds a step."""
    steps = main_course(workflow)
    height = MARGIN * 2 + 40 + len(steps) * (BOX + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-labelledby="flow-title flow-words" font-family="sans-serif">',
        f'<title id="flow-title">{escape(title)}流程图</title>',
        f'<desc id="flow-words">{escape("，然后".join(one.title for one in steps))}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        _text(MIDDLE, MARGIN + 14, f"{title}流程图", size=20, weight=700),
    ]
    for number, step in enumerate(steps):
        top = MARGIN + 40 + number * (BOX + GAP)
        if number:
            parts.append(_arrow(top))
        parts.extend(_step(step, roles, top))
    return "".join([*parts, "</svg>"])


def _step(step: FlowStep, roles: Mapping[str, str], top: int) -> list[str]:
    below = "，".join(one for one in (_who(step, roles), step.limit) if one)
    drawn = [
        f'<rect x="{MIDDLE - 180}" y="{top}" width="360" height="{BOX}" rx="12" fill="{FILL}" '
        f'stroke="{LINE}" stroke-width="2"/>',
        _text(MIDDLE, top + (32 if below else 44), step.title, size=18, weight=700),
    ]
    if below:
        drawn.append(_text(MIDDLE, top + 58, below, size=14, fill=SOFT))
    if step.ways_out:
        drawn.extend(_ways_out("、".join(step.ways_out), top))
    return drawn


def _who(step: FlowStep, roles: Mapping[str, str]) -> str:
    """Who holds the step, in words; nobody at the end."""
    if step.state.final:
        return ""
    holder = "申请人" if step.state.holder == APPLICANT else roles.get(step.state.holder, "系统")
    return f"由{holder}办理"


def _ways_out(words: str, top: int) -> list[str]:
    lines = [words[at : at + LETTERS] for at in range(0, len(words), LETTERS)][:4]
    start = top + BOX // 2 - (len(lines) - 1) * 9 + 5
    line = (
        f'<line x1="{MIDDLE + 180}" y1="{top + BOX // 2}" x2="{MIDDLE + 200}" y2="{top + BOX // 2}" '
        f'stroke="{SOFT}" stroke-dasharray="4 4" stroke-width="2"/>'
    )
    texts = [
        _text(MIDDLE + 208, start + number * 18, one, size=13, fill=SOFT, anchor="start")
        for number, one in enumerate(lines)
    ]
    return [line, *texts]


def _arrow(top: int) -> str:
    head = f"M{MIDDLE - 7} {top - 12} L{MIDDLE} {top} L{MIDDLE + 7} {top - 12} Z"
    return (
        f'<line x1="{MIDDLE}" y1="{top - GAP}" x2="{MIDDLE}" y2="{top - 10}" stroke="{LINE}" '
        f'stroke-width="2"/><path d="{head}" fill="{LINE}"/>'
    )


def _text(
    x: int, y: int, words: str, *, size: int, weight: int = 400, fill: str = INK, anchor: str = "middle"
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )
