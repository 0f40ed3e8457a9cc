from __future__ import annotations

import pytest

from tests.engine.programmes import FILES
from yincai.engine.loading import SpecErrors, load_programme
from yincai.engine.spec import AssuranceNeeds


def with_lines(text: str) -> dict[str, str]:
    return {**FILES, "programme.yaml": FILES["programme.yaml"] + text}


def test_programme_asks_for_nothing_where_it_says_nothing() -> None:
    assert load_programme(FILES).assurance == AssuranceNeeds("registered", "registered", "registered")


def test_programme_names_what_it_needs_at_which_step() -> None:
    programme = load_programme(with_lines("assurance: {open: sms_verified, card: face}\n"))

    assert programme.assurance == AssuranceNeeds("sms_verified", "registered", "face")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("assurance: {submit: fase}\n", "programme.yaml:13: programme: assurance: submit is fase"),
        ("assurance: {close: face}\n", "programme.yaml:13: "),
        ("assurance: face\n", "programme.yaml:13: "),
    ],
)
def test_mistake_is_named_with_file_and_line(text: str, said: str) -> None:
    with pytest.raises(SpecErrors) as caught:
        load_programme(with_lines(text))

    (problem,) = [str(one) for one in caught.value.problems]
    assert problem.startswith(said)
