"""The resident's answers as our form posts them, section by section."""

from __future__ import annotations

from bench import resident
from bench.resident import ACHIEVEMENTS, CONTACT, EMPLOYER, HISTORY, MEMBER_NUMBER, PERSON, Posted
from yincai.engine.spec import Programme

ROW = "a1b2c3d4"


def sections(programme: Programme) -> dict[str, Posted]:
    """Every section that this resident sees, in the programme's order, with the hidden fields of its page."""
    known = _answers()
    return {
        section.name: {
            **known[section.name],
            "_revision": ["0"],
            "_drawn": [" ".join(field.name for field in section.fields)],
        }
        for section in programme.sections
        if section.name in known
    }


def _answers() -> dict[str, Posted]:
    return {
        "person": {
            **_posted(PERSON),
            "identity.type": ["111"],
            "identity.number": [resident.identity_numbers()],
            "origin": ["中国 河北"],
        },
        "contact": _posted(CONTACT),
        "introduction": {
            "route": ["introduced"],
            "former_post": ["研究员"],
            "present_post": ["首席科学家"],
            "manner": ["rigid"],
        },
        "employer": _posted(EMPLOYER, prefix="employer_"),
        "experience": {"history": [HISTORY], "achievements": [ACHIEVEMENTS]},
        "household": {
            "former_place": ["北京市朝阳区"],
            "former_address": ["北京市朝阳区示例街 8 号"],
            "family._ids": [ROW],
            f"family.{ROW}.member_name": ["王小明"],
            f"family.{ROW}.member_identity.type": ["111"],
            f"family.{ROW}.member_identity.number": [MEMBER_NUMBER],
            f"family.{ROW}.member_relation": ["20"],
        },
    }


def _posted(answers: dict[str, str], *, prefix: str = "") -> Posted:
    return {prefix + name: [value] for name, value in answers.items()}
