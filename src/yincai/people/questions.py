"""Small questions in Chinese words, for whoever has no scripts and maybe no eyes to look at a picture with.

Ten thousand of them and more, each answered with one number.  A program written for them answers them too:
what they keep out is the program that fills in any form it meets; against the other kind stand the limits.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass

DIGITS = "零一二三四五六七八九"
PLACES = ((1000, "千"), (100, "百"), (10, "十"))
COUNTED = "本个人辆棵里支。."
STORIES = (
    "书架上有{a}本书，又放上{b}本，一共有多少本？",
    "会议室里有{a}个人，又进来{b}个人，一共有多少个人？",
    "停车场里停着{a}辆车，又开进{b}辆，一共有多少辆？",
    "果园里种了{a}棵树，又种下{b}棵，一共有多少棵？",
    "第一天走了{a}里路，第二天走了{b}里，一共走了多少里？",
    "盒子里有{a}支笔，又放进{b}支，一共有多少支？",
    "{a}加{b}等于多少？",
    "比{a}多{b}的数是多少？",
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the number that answers it."""

    text: str
    answer: int


def new_question() -> Question:
    """A question that nobody can foresee: an easy sum, or a number to be written with digits."""
    if secrets.randbelow(2):
        number = 1001 + secrets.randbelow(8999)
        return Question(f"“{in_words(number)}”用数字怎么写？", number)
    a, b = 11 + secrets.randbelow(84), 2 + secrets.randbelow(8)
    return Question(secrets.choice(STORIES).format(a=in_words(a), b=in_words(b)), a + b)


def is_answer(typed: str, answer: int) -> bool:
    """Whether this says the number, in digits of any width or in words, maybe with what was counted."""
    plain = "".join(unicodedata.normalize("NFKC", typed).split())
    return plain.rstrip(COUNTED) in {str(answer), in_words(answer)}


def in_words(number: int) -> str:
    """The number in Chinese words, 0 to 9999: 四千零二十七, 一百一十五, 十五."""
    if number < 10:
        return DIGITS[number]
    words, gap = "", False
    for size, name in PLACES:
        digit = number // size % 10
        if digit:
            words += ("零" if gap else "") + DIGITS[digit] + name
            gap = False
        else:
            gap = bool(words)
    if number % 10:
        words += ("零" if gap else "") + DIGITS[number % 10]
    return words.removeprefix("一") if 10 <= number < 20 else words
