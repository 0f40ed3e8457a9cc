"""What a case is made of: its sections, course, answers, documents, card."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from yincai.cards.vocabulary import CardFacts, Verification, VerificationStatus
from yincai.casework.vocabulary import MaterialView, StepView
from yincai.documents.framing import Frame
from yincai.documents.vocabulary import DocumentView, LibraryEntryView, PageView, State
from yincai.engine.spec import Accept, Material, MaterialForm, Section
from yincai.engine.workflow import Limit, Menu, Transition, Unit, Workflow
from yincai.engine.workflow import State as Step
from yincai.foundation import clock
from yincai.look.answers import Answer, AnswerSection
from yincai.look.material_lines import MaterialLine
from yincai.look.samples.forms import section
from yincai.look.samples.words import AT, CASE_ID, LONG_ADDRESS, LONG_NAME, LONG_ORGANISATION, RICH


@dataclass(frozen=True)
class SampleCase:
    """As much of a case as the components ask for."""

    id: UUID = CASE_ID
    title: str = "A卡"


@dataclass(frozen=True)
class SampleSectionState:
    """A section and how far it is."""

    section: Section
    state: str


def section_states() -> list[SampleSectionState]:
    """A list of sections in the three states."""
    states = ("已完成", "填写中", "待填写")
    titles = ("个人基本信息", "各种各样的题目", "户口登记地址和家庭成员")
    names = ("person", "sample", "household")
    return [
        SampleSectionState(Section(name, title, ()), state)
        for name, title, state in zip(names, titles, states, strict=True)
    ]


def steps() -> list[StepView]:
    """A course with an applicant's, an officer's and the platform's step."""
    told = (
        ("提交申请", "applicant", "", ""),
        ("预审通过", "staff", "window_officer", ""),
        ("不予核准", "staff", "org_reviewer", f"所附证明与申报类别不符：{LONG_ORGANISATION}未列入名录。"),
        ("电子卡已签发", "system", "", ""),
    )
    return [
        StepView(n, "", title, "", "", "", kind, None, role, {"reason": words}, AT + timedelta(days=n))
        for n, (title, kind, role, words) in enumerate(told)
    ]


def answers() -> list[AnswerSection]:
    """Answers with long values, an empty one, paragraphs and a table."""
    name, history, family = (section().field(one) for one in ("name", "history", "family"))
    row = (LONG_NAME, "居民身份证 11010519491231002X", "子", "2012年3月4日")
    return [
        AnswerSection(
            "sample",
            "个人基本信息",
            (
                Answer(name, "姓名（中文）", LONG_NAME),
                Answer(name, "本市居住地", LONG_ADDRESS),
                Answer(name, "人才称号", "未填写"),
                Answer(history, "国内外学习工作经历", RICH),
                Answer(family, "家庭成员", "", (row, row)),
            ),
        )
    ]


def document(state: State, *, reason: str = "", warnings: tuple[str, ...] = ()) -> DocumentView:
    """A document in one of its states."""
    return DocumentView(
        id=UUID(int=16 + len(state) + 100 * bool(warnings)),
        owner=CASE_ID,
        purpose="material",
        slot="degree",
        name="学历学位证书扫描件（二〇二六年十一月重新拍摄的清晰版本）.jpg",
        size=1,
        sha256="",
        state=state,
        reason_code="",
        reason=reason,
        kind="image",
        pages=(PageView(1, 900, 1260),) if state is State.SAFE else (),
        warnings=warnings,
        sharpness=None,
        is_being_redrawn=False,
        created_at=AT,
        case=CASE_ID,
        label="",
    )


def files(first: int = 9) -> list[tuple[MaterialView, DocumentView]]:
    """Documents in every state; the materials are numbered from `first`."""
    found = (
        document(State.SAFE),
        document(State.SAFE, warnings=("照片有些模糊，工作人员可能看不清。建议重拍一张。",)),
        document(State.HELD),
        document(State.REFUSED, reason="文件打不开，可能没有传完整。请重新上传。"),
    )
    return [
        (MaterialView(UUID(int=first + number), one.id, "degree", 1, AT), one)
        for number, one in enumerate(found)
    ]


def kept() -> LibraryEntryView:
    """A document of the library that holds for another five days."""
    last = clock.today() + timedelta(days=5)
    paper = replace(document(State.SAFE), name=LONG_ORGANISATION, expires_on=last)
    return LibraryEntryView(paper, "231", "学位证", AT, ())


def frame() -> Frame:
    """The frame of a photo, a step smaller than the whole picture."""
    return Frame(40, 20, 220, 300, 420)


def lines() -> list[MaterialLine]:
    """The table of materials: files in every state, none, full, asked for again, closed in a correction."""
    degree = Material(
        "degree", "学历学位证书", MaterialForm.ORIGINAL, True, max_files=6, hint="先上传最高学历。"
    )
    form = Material("form", "申请表", MaterialForm.EITHER, accept=(Accept.IMAGE, Accept.PDF, Accept.WORD))
    return [
        MaterialLine(1, "degree", degree, True, files()),
        MaterialLine(2, "form", form, False, [], offers=(kept(),)),
        MaterialLine(
            3,
            "row.a1.proof",
            Material("proof", "亲属关系证明", MaterialForm.COPY),
            False,
            files(20)[:1],
        ),
        MaterialLine(
            4,
            "asked",
            replace(degree, name="asked", title="职称证书"),
            True,
            files(30)[:1],
            asked="请重新上传：照片模糊，看不清编号。",
            left_out=files(40)[:1],
            submitted=1,
        ),
        MaterialLine(
            5,
            "closed",
            replace(form, name="closed", title="业绩材料"),
            True,
            files(50)[:1],
            open=False,
            submitted=1,
        ),
    ]


def verdicts() -> list[Verification]:
    """The six answers of the verification page."""
    known = CardFacts(
        title="人才绿卡（A卡）",
        kind="A",
        number="A130100202600001",
        masked_holder="张**",
        authority=LONG_ORGANISATION,
        issued_on=date(2026, 11, 22),
        valid_until=None,
        test=True,
    )
    without = (VerificationStatus.ALTERED, VerificationStatus.UNKNOWN)
    return [
        Verification(one, "这里用一句话说明结果，以及接下来可以怎么做。", None if one in without else known)
        for one in VerificationStatus
    ]


def workflow() -> Workflow:
    """A course with limits, holders and a way out."""
    states = (
        Step("draft", "填写中", Menu.DRAFTS, "applicant"),
        Step(
            "review", "预受理", Menu.IN_REVIEW, "officer", limit=Limit(24, Unit.HOURS), hint="正在核实材料。"
        ),
        Step("decide", "核准认定中", Menu.IN_REVIEW, "officer", limit=Limit(10, Unit.WORKING_DAYS)),
        Step("done", "已发卡", Menu.APPROVED, "", final=True, hint="电子卡可以下载。"),
        Step("refused", "不予受理", Menu.REFUSED, "", final=True),
    )
    ways = (
        Transition("submit", "提交申请", ("draft",), "review", "applicant", "case.submitted"),
        Transition("accept", "预审通过", ("review",), "decide", "officer", "case.accepted"),
        Transition("refuse", "不予受理", ("review", "decide"), "refused", "officer", "case.refused"),
        Transition("approve", "核准认定", ("decide",), "done", "officer", "case.approved"),
    )
    return Workflow(states, ways, "draft")
