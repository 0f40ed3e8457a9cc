"""Reads what a programme says about itself to residents: before they apply, and when they have handed in."""

from __future__ import annotations

from yincai.engine.loading.card import read_words
from yincai.engine.loading.reader import Reader
from yincai.engine.spec import COMPLETION, About, Question


def read_about(main: Reader) -> About:
    """Return the part `about` of programme.yaml; an empty one, and a problem noted, where it is missing."""
    inner = main.map("about")
    if inner is None:
        return About("", 0, "", "", ())
    questions = []
    for node in inner.maps("questions", required=False):
        reader = Reader(node, "question", main.problems)
        questions.append(Question(reader.text("question"), reader.text("answer")))
        reader.done()
    inner.require("legal_basis")
    about = About(
        who=inner.text("who"),
        minutes=inner.whole("minutes", least=1, most=600),
        cost=inner.text("cost"),
        duration=inner.text("duration"),
        legal_basis=tuple(node.text for node in inner.texts("legal_basis")),
        next_steps=inner.text("next_steps", default=""),
        questions=tuple(questions),
        completion=read_words(inner, "completion", ("title", "reference"), longest=200, default=COMPLETION),
    )
    inner.done()
    return about
