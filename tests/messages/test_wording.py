from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from yincai.engine.kinds import Kind
from yincai.engine.loading import load_folder, load_place_folder
from yincai.engine.patterns import Template
from yincai.engine.spec import Field, Message, RadioOption
from yincai.messages.wording import Occasion, answer_in_words, texts_for, values_for

HARBOUR = Path(__file__).resolve().parents[2] / "places" / "harbour_city"


def occasion(**changed: Any) -> Occasion:
    def unasked() -> Any:
        raise AssertionError("nobody needed this")

    facts: dict[str, Any] = {
        "programme": load_folder(HARBOUR / "programmes" / "library_card"),
        "place": load_place_folder(HARBOUR),
        "variant_title": "读者证",
        "reference": "LC20261122101530123",
        "state_title": "办理中",
        "reason": "",
        "due_at": None,
        "office": "",
        "link": "http://127.0.0.1:8000/my/",
        "answers": unasked,
        "card": unasked,
    }
    return Occasion(**(facts | changed))


def test_programme_texts_are_filled() -> None:
    card = ("LB-R-2026-00001", date(2031, 11, 21))
    given = occasion(card=lambda: card)
    issued = given.programme.message("card.issued")
    assert issued is not None

    texts = texts_for(issued, given)

    assert texts.title == "您的港城图书馆读者证已制发"
    assert texts.body.startswith("卡号 LB-R-2026-00001，有效期至 2031年11月21日。")
    assert texts.sms == "您的港城图书馆读者证已制发，卡号LB-R-2026-00001。受理编号LC20261122101530123。"


def test_part_that_the_programme_leaves_out_stays_empty() -> None:
    given = occasion()
    approved = given.programme.message("case.approved")
    assert approved is not None

    texts = texts_for(replace(approved, sms=None), given)

    assert texts.sms == ""
    assert texts.body


@pytest.mark.parametrize(
    ("name", "changed", "text"),
    [
        ("place", {}, "港城"),
        ("programme", {}, "港城图书馆读者证"),
        ("variant", {}, "读者证"),
        ("state", {}, "办理中"),
        ("link", {}, "http://127.0.0.1:8000/my/"),
        ("office", {}, "总馆服务台"),
        ("office", {"office": "main_library"}, "总馆服务台"),
        ("office", {"office": "closed_long_ago"}, "总馆服务台"),
        ("reason", {}, "请登录平台查看"),
        ("reason", {"reason": "{place} 材料不清"}, "{place} 材料不清"),
        ("due", {}, "无期限"),
        ("due", {"due_at": datetime(2026, 11, 30, 16, 0, tzinfo=UTC)}, "2026年11月30日"),
        ("card_number", {"card": lambda: ("", None)}, ""),
        ("valid_until", {"card": lambda: ("", None)}, ""),
    ],
)
def test_every_placeholder_has_its_value(name: str, changed: Mapping[str, Any], text: str) -> None:
    assert values_for({name}, occasion(**changed)) == {name: text}


def test_answer_that_is_not_personal_may_stand_in_a_text() -> None:
    message = Message(
        "case.accepted", inbox_title=Template("{full_name} 您好"), inbox_body=Template("{reference}")
    )

    texts = texts_for(message, occasion(answers=lambda: {"full_name": "林小舟"}))

    assert texts.title == "林小舟 您好"


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (Field("a", Kind.TEXT, "a"), None, ""),
        (Field("a", Kind.NUMBER, "a"), "3.5", "3.5"),
        (Field("a", Kind.CHECKBOX, "a"), False, "否"),
        (Field("a", Kind.CHECKBOX, "a"), True, "是"),
        (Field("a", Kind.DATE, "a"), "2026-01-09", "2026年1月9日"),
        (Field("a", Kind.MONTH, "a"), "2026-01", "2026年1月"),
        (Field("a", Kind.RADIO, "a", options=(RadioOption("y", "愿意"),)), "y", "愿意"),
        (Field("a", Kind.CODE, "a", code_list="sex"), "1", "男"),
        (Field("a", Kind.CODE, "a", code_list="sex"), "77", "77"),
    ],
)
def test_answer_is_told_as_people_read_it(field: Field, value: Any, text: str) -> None:
    assert answer_in_words(field, value) == text
