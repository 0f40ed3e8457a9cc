"""What officers see: rows of the list, answers to reveal and to pin, receipts of what was told, figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

from yincai.casework.vocabulary import AskedItem, PinPlace
from yincai.engine.kinds import Kind
from yincai.engine.reasons import Pin, Reason
from yincai.engine.spec import Field
from yincai.engine.workflow import Menu
from yincai.engine.workflow import State as Step
from yincai.foundation import clock
from yincai.look.answers import Answer, AnswerSection
from yincai.look.charts import Chart, chart, spans
from yincai.look.samples.words import AT, CASE_ID, LONG_ADDRESS, LONG_NAME, LONG_ORGANISATION
from yincai.messages.vocabulary import Channel, Delivery, Failure, State

ME, COLLEAGUE = UUID(int=7), UUID(int=8)
TOLD_TITLES = {"case.submitted": "收到申请", "case.correction_requested": "退回补正"}


@dataclass(frozen=True)
class SampleQueueCase:
    """As much of a case as a row of the list asks for."""

    reference: str = "RC20261122120300000"
    id: UUID = CASE_ID
    title: str = "A卡"
    variant: str = "A"
    spec: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(title="人才绿卡"))
    current_state: Step = field(default_factory=lambda: Step("review", "预受理", Menu.IN_REVIEW, "officer"))
    submitted_at: datetime = AT
    claimed_by_id: UUID | None = None
    claimed_until: datetime | None = None
    assigned_to_id: UUID | None = None

    def is_claimed_by(self, account: UUID, *, at: datetime) -> bool:
        """Whether this officer works on it."""
        return self.claimed_by_id == account and self.claimed_until is not None and self.claimed_until > at


@dataclass(frozen=True)
class SampleRow:
    """One line of the officers' list."""

    case: SampleQueueCase
    applicant: str
    ageing: Mapping[str, object]
    claimed_by: str = ""
    assigned_to: str = ""


def queue() -> list[SampleRow]:
    """A row of every age, and of everything that may stand under 领取."""
    later = clock.now() + timedelta(minutes=20)
    waiting = SampleQueueCase()
    return [
        SampleRow(waiting, "张**", _age("normal", 2)),
        SampleRow(
            replace(waiting, reference="RC20261122120300001", claimed_by_id=ME, claimed_until=later),
            "王*",
            _age("soon", 9),
        ),
        SampleRow(
            replace(waiting, reference="RC20261122120300002", claimed_by_id=COLLEAGUE, claimed_until=later),
            f"{LONG_NAME[0]}{'*' * (len(LONG_NAME) - 1)}",
            _age("over", 14),
            claimed_by="chuangkou_li_of_the_hall_of_services",
        ),
        SampleRow(
            replace(waiting, reference="RC20261122120300003", assigned_to_id=ME),
            "李*",
            _age("normal", 5, unit="hours"),
        ),
        SampleRow(
            replace(waiting, reference="RC20261122120300004", assigned_to_id=COLLEAGUE),
            "赵*",
            _age("open", 3),
            assigned_to="chuangkou_zhou",
        ),
    ]


def _age(age: str, used: int, *, unit: str = "working_days") -> dict[str, object]:
    return {"age": age, "used": used, "amount": 10, "unit": unit}


def hidden_answers() -> list[AnswerSection]:
    """Masked answers, a long one and a table, as the case page lists them."""
    family = Field(
        "relatives",
        Kind.ROWS,
        "亲属",
        rows=(
            Field("relative_name", Kind.PERSON_NAME, "姓名"),
            Field("relative_identity", Kind.IDENTITY_DOCUMENT, "身份证号", document_types=("111",)),
        ),
    )
    row = ("王小明", "1101**********0010")
    lines = (
        (Field("paper", Kind.IDENTITY_DOCUMENT, "证件号码"), "居民身份证 1101**********002X", True),
        (Field("home", Kind.ADDRESS, "本市居住地"), f"{LONG_ADDRESS[:6]}******", True),
        (Field("company", Kind.ORGANISATION, "用人单位全称"), LONG_ORGANISATION, False),
    )
    return [
        AnswerSection(
            "hidden",
            "隐藏和补正",
            (
                *(Answer(one, one.label, text, masked=masked) for one, text, masked in lines),
                Answer(family, family.label, "", (row,), masked=True, row_paths=("relatives.a1",)),
            ),
        )
    ]


@dataclass(frozen=True)
class SamplePins:
    """As much of the form of 退回补正 as the pin control asks for."""

    form_id: str
    places: Mapping[str, PinPlace]
    typed: Mapping[str, AskedItem]
    problems: Mapping[str, str]

    def reasons_for(self, pin: Pin) -> list[Reason]:
        """The reasons that can be chosen for this kind of place."""
        found = (
            Reason("differs", "与证件或材料上的内容不一致", frozenset({Pin.FIELD, Pin.ROW})),
            Reason("not_legible", "材料不清晰、有遮挡或被裁切", frozenset({Pin.DOCUMENT})),
            Reason("other", "其他（请在说明里写清楚）", note_required=True),
        )
        return [one for one in found if pin in one.about]


def pins() -> SamplePins:
    """A place that is not ticked, one that is, one that is wrong, a row, a table and a document."""
    places = (
        PinPlace("paper", Pin.FIELD, "证件号码", "hidden"),
        PinPlace("home", Pin.FIELD, "本市居住地", "hidden"),
        PinPlace("company", Pin.FIELD, "用人单位全称", "hidden"),
        PinPlace("relatives.a1", Pin.ROW, "亲属第 1 条", "hidden"),
        PinPlace("relatives", Pin.TABLE, "亲属", "hidden"),
        PinPlace("degree_paper", Pin.DOCUMENT, f"{LONG_ORGANISATION}的证明", "materials"),
    )
    return SamplePins(
        form_id="s-pin-form",
        places={one.path: one for one in places},
        typed={
            "home": AskedItem("home", "differs", "请写到门牌号。"),
            "company": AskedItem("company", "other"),
        },
        problems={"company": "请在说明里写清楚要补正什么。"},
    )


def told() -> list[Delivery]:
    """Receipts of messages in every state."""
    sent = Delivery(
        id=UUID(int=9),
        channel=Channel.INBOX,
        template="case.submitted",
        state=State.READ,
        attempts=1,
        failure="",
        created_at=AT,
        sent_at=AT,
        read_at=AT + timedelta(hours=2),
    )
    return [
        sent,
        replace(sent, channel=Channel.SMS, state=State.SENT, read_at=None),
        replace(
            sent,
            channel=Channel.SMS,
            template="case.correction_requested",
            state=State.QUEUED,
            attempts=3,
            sent_at=None,
            read_at=None,
        ),
        replace(
            sent,
            channel=Channel.EMAIL,
            template="case.correction_requested",
            state=State.FAILED,
            failure=Failure.NO_ADDRESS,
            sent_at=None,
            read_at=None,
        ),
    ]


def charts() -> list[Chart]:
    """A month with quiet and busy days, and one in which nothing happened."""
    over = spans(date(2026, 11, 1), date(2026, 11, 30))
    busy = [(day * 7) % 23 if day % 7 < 5 else 0 for day in range(len(over))]
    return [chart("收到申请", busy, over), chart("不予受理", [0] * len(over), over)]
