"""The course of a programme as a resident reads it: from draft to card, with the ways out beside."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from yincai.casework.vocabulary import CaseView
from yincai.engine.expressions import Truth
from yincai.engine.kinds import Facts
from yincai.engine.spec import Programme
from yincai.engine.workflow import APPLICANT, Limit, Menu, State, Transition, Unit, Workflow
from yincai.foundation.days import last_day_in_words, moment_in_words

ASKED_FIRST = {
    "sms_verified": "先验证手机号",
    "real_name": "先通过实名核验",
    "face": "先通过刷脸认证",
}
"""What has to be proven before, by the assurance that a programme asks for."""
_UNITS = {Unit.WORKING_DAYS: "个工作日", Unit.HOURS: "小时"}


@dataclass(frozen=True)
class FlowStep:
    """One state on the way, who holds it, and what else can happen there."""

    state: State
    way_on: Transition | None
    ways_out: tuple[str, ...]

    @property
    def title(self) -> str:
        """What the step is called: what the resident does first, then the declared states."""
        is_first = self.way_on is not None and self.way_on.by == APPLICANT
        return self.way_on.title if is_first and self.way_on else self.state.title

    @property
    def limit(self) -> str:
        """How long it may take, in words; empty when nothing is promised."""
        return limit_in_words(self.state.limit)


def limit_in_words(limit: Limit | None) -> str:
    """3 个工作日, 24 小时, or nothing."""
    return f"{limit.amount} {_UNITS[limit.unit]}内" if limit else ""


def due_in_words(case: CaseView) -> str:
    """Until when the case may be where it is: the last day of a limit in working days, the moment of one in
    hours; empty without a limit."""
    limit = case.current_state.limit
    if case.due_at is None or limit is None:
        return ""
    if limit.unit is Unit.HOURS:
        return f"{moment_in_words(case.due_at)} 前"
    return f"{last_day_in_words(case.due_at)}（含当日）"


@dataclass(frozen=True)
class Operation:
    """One thing that an applicant does on the site, and what belongs to it."""

    title: str
    parts: tuple[str, ...] = ()


def operations(programme: Programme) -> list[Operation]:
    """系统操作总流程图: what an applicant does from the account to the end, as the programme declares it."""
    known = programme.assurance.submit
    doing = [
        Operation("注册帐号并登录", (ASKED_FIRST[known],) if known in ASKED_FIRST else ()),
        Operation("选择类别", tuple(one.title for one in programme.variants if one.offered)),
        Operation("填写申请人信息", tuple(one.title for one in programme.sections)),
        Operation("提交材料", tuple(one.title for one in programme.materials)),
        Operation("核对并提交", ("得到受理编号和回执",)),
        Operation("查看办理进度", _also(programme.workflow)),
        Operation("在「我的电子卡」下载电子卡"),
    ]
    nothing = {"选择类别": programme.variants, "提交材料": programme.materials}
    return [one for one in doing if nothing.get(one.title, True)]


def _also(workflow: Workflow) -> tuple[str, ...]:
    """What an applicant may have to do, or may do, once it is handed in."""
    first = workflow.initial
    mine = [one for one in workflow.transitions if one.by == APPLICANT and first not in one.sources]
    return tuple(dict.fromkeys(one.title for one in mine))


def main_course(workflow: Workflow) -> list[FlowStep]:
    """The shortest way from the initial state to a good end, step by step."""
    return _steps(workflow, _shortest_way(workflow, workflow.initial))


def course_ahead(workflow: Workflow, state: str, facts: Facts) -> list[FlowStep]:
    """What comes after a state until a good end, as far as the facts of the case tell; empty at an end.

    A way whose guard the facts rule out is none; one that cannot be told yet is shown.
    """
    found = _shortest_way(workflow, state, facts)
    return _steps(workflow, found)[1:] if workflow.state(found[-1]).final else []


def _steps(workflow: Workflow, states: list[str]) -> list[FlowStep]:
    steps = []
    for name, following in zip(states, [*states[1:], None], strict=True):
        leaving = [one for one in workflow.transitions if name in one.sources]
        way_on = next((one for one in leaving if one.target == following), None)
        out = tuple(dict.fromkeys(one.title for one in leaving if one.target not in states))
        steps.append(FlowStep(workflow.state(name), way_on, out))
    return steps


def _shortest_way(workflow: Workflow, start: str, facts: Facts | None = None) -> list[str]:
    before: dict[str, str] = {start: ""}
    waiting = deque([start])
    while waiting:
        name = waiting.popleft()
        state = workflow.state(name)
        if state.final and state.menu in (Menu.APPROVED, Menu.NONE):
            return _back(before, name)
        for one in workflow.transitions:
            if name in one.sources and one.target not in before and not _is_ruled_out(one, facts):
                before[one.target] = name
                waiting.append(one.target)
    return [start]


def _is_ruled_out(way: Transition, facts: Facts | None) -> bool:
    return facts is not None and way.guard is not None and way.guard.truth(facts) is Truth.FALSE


def _back(before: dict[str, str], name: str) -> list[str]:
    states = [name]
    while before[states[0]]:
        states.insert(0, before[states[0]])
    return states
