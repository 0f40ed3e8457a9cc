"""What editors type, made ready to be kept; or everything that is wrong with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from yincai.directory.helping import line_of
from yincai.directory.writing_words import LONGEST_REASON
from yincai.engine.writings import LONGEST_ADDRESS, LONGEST_NUMBER, LONGEST_TEXT, LONGEST_TITLE, Shelf
from yincai.foundation.days import day_in
from yincai.foundation.errors import Invalid, Problem

DAYS = {"since": "起始日期", "until": "有效期至", "new_until": "「新」标记至"}
WORDS = ("shelf", "title", "number", "text", "address", *DAYS)
LABELS = {"title": "标题", "number": "文号", "text": "正文", "address": "网址"}
LIMITS = {"title": LONGEST_TITLE, "number": LONGEST_NUMBER, "text": LONGEST_TEXT, "address": LONGEST_ADDRESS}


def clean_words(typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, ready to be kept.  A draft needs a shelf and a title; `Invalid` names everything."""
    problems: list[Problem] = []
    words: dict[str, Any] = {
        "shelf": typed.get("shelf", ""),
        **{
            name: line_of(typed.get(name, ""), longest=LIMITS[name] + 1)
            for name in ("title", "number", "address")
        },
        "text": _lines(typed.get("text", "")),
    }
    if words["shelf"] not in list(Shelf):
        problems.append(Problem("shelf", "请选择栏目。"))
    if not words["title"]:
        problems.append(Problem("title", "请填写标题，没有标题不能保存。"))
    for name, longest in LIMITS.items():
        if len(words[name]) > longest:
            problems.append(Problem(name, f"{LABELS[name]}最多 {longest} 个字，请缩短。"))
    if words["address"] and not words["address"].startswith("https://"):
        problems.append(Problem("address", "网址要以 https:// 开头。没有正式文本网址的请留空。"))
    days, wrong = _days(typed)
    if problems or wrong:
        raise Invalid(problems=[*problems, *wrong])
    return {**words, **days}


def _days(typed: Mapping[str, str]) -> tuple[dict[str, date | None], list[Problem]]:
    days: dict[str, date | None] = {}
    problems: list[Problem] = []
    for name, label in DAYS.items():
        try:
            days[name] = day_in(typed.get(name, ""), path=name, label=label)
        except Invalid as error:
            problems += error.problems
    since, until = days.get("since"), days.get("until")
    if since and until and until < since:
        problems.append(Problem("until", "有效期至早于起始日期。请核对这两个日期。"))
    return days, problems


def _lines(text: str) -> str:
    """What was typed with its lines, without what cannot be seen."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in plain).strip()


def reason_in(text: str, *, needed: bool, sentence: str) -> str:
    """Why somebody did it, as typed; `Invalid` with `sentence` where it is `needed` and there is none."""
    words = line_of(text, longest=LONGEST_REASON + 1)
    if needed and not words:
        raise Invalid(problems=[Problem("reason", sentence)])
    if len(words) > LONGEST_REASON:
        raise Invalid(problems=[Problem("reason", f"原因最多 {LONGEST_REASON} 个字，请缩短。")])
    return words
