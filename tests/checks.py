"""The human check, really done: what a browser with scripts, or a person without, adds to a form."""

from __future__ import annotations

import re

import altcha

DIGITS = {word: digit for digit, word in enumerate("零一二三四五六七八九")}
NUMBER = re.compile("[零一二三四五六七八九十百千]+")


def work_done(purpose: str) -> dict[str, str]:
    """The work for this form, done as a browser does it."""
    from yincai.people import queries
    from yincai.people.vocabulary import Purpose

    challenge = altcha.Challenge.from_dict(queries.new_work(Purpose(purpose)))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return {"check_work": altcha.Payload(challenge, solution).to_base64()}


def answered(question: str) -> str:
    """The answer to one of our questions, worked out from its words."""
    numbers = [
        number_of(words) for words in re.findall("[零一二三四五六七八九十百千]+", without_order(question))
    ]
    return str(sum(numbers))


def without_order(question: str) -> str:
    """The question without its first, second and "altogether", whose words look like numbers."""
    return re.sub("第[一二]天|一共", "", question)


def number_of(words: str) -> int:
    """四千零二十七 as 4027."""
    total, digit = 0, 0
    for letter in words:
        if letter in DIGITS:
            digit = DIGITS[letter]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[letter]
            digit = 0
    return total + digit
