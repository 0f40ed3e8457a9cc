"""A course as a picture (SVG): a box for each step, the ways out beside it.

The guides have two of each programme: 业务办理总体流程图, how it is decided, and 系统操作总流程图, what an
applicant does on the site.  The same steps stand as text on the programme's page (`components/flow.html`);
the pictures repeat them for whoever prints or shows them.  Every text is escaped; they load nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from yincai.engine.workflow import APPLICANT, Workflow
from yincai.look.flow import FlowStep, main_course

WIDTH, MARGIN, BOX, GAP = 720, 24, 76, 36
MIDDLE = 300
"""Where the boxes' middle stands; the ways out are to their right."""
INK, SOFT, LINE, FILL = "#17202c", "#465261", "#0b55c4", "#e7f0fd"
LETTERS = 15
"""How many Chinese characters fit on a line beside the boxes."""


@dataclass(frozen=True, slots=True)
class Box:
    """One step in words: what it is, who does it and for how long, what may happen instead."""

    title: str
    below: str = ""
    beside: str = ""


def course_boxes(workflow: Workflow, roles: Mapping[str, str]) -> list[Box]:
    """业务办理总体流程图: the course of a workflow; `roles` gives the words for who holds a step."""
    return [
        Box(
            step.title,
            "，".join(one for one in (_who(step, roles), step.limit) if one),
            "、".join(step.ways_out),
        )
        for step in main_course(workflow)
    ]


def flow_picture(title: str, steps: Sequence[Box]) -> str:
    """The picture of some steps, one after the other, under a title."""
    height = MARGIN * 2 + 40 + len(steps) * (BOX + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-labelledby="flow-title flow-words" font-family="sans-serif">',
        f'<title id="flow-title">{escape(title)}</title>',
        f'<desc id="flow-words">{escape("，然后".join(one.title for one in steps))}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        _text(MIDDLE, MARGIN + 14, title, size=20, weight=700),
    ]
    for number, step in enumerate(steps):
        top = MARGIN + 40 + number * (BOX + GAP)
        if number:
            parts.append(_arrow(top))
        parts.extend(_step(step, top))
    return "".join([*parts, "</svg>"])


def _step(step: Box, top: int) -> list[str]:
    drawn = [
        f'<rect x="{MIDDLE - 180}" y="{top}" width="360" height="{BOX}" rx="12" fill="{FILL}" '
        f'stroke="{LINE}" stroke-width="2"/>',
        _text(MIDDLE, top + (32 if step.below else 44), step.title, size=18, weight=700),
    ]
    if step.below:
        drawn.append(_text(MIDDLE, top + 58, step.below, size=14, fill=SOFT))
    if step.beside:
        drawn.extend(_ways_out(step.beside, top))
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
