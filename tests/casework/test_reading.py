"""What the completeness check says about answers that were typed and cannot be taken."""

from __future__ import annotations

from collections.abc import Callable

from tests.answers import SECTIONS
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView
from yincai.ledger.vocabulary import Actor


def test_wrong_answer_is_called_by_its_label_in_the_completeness_check(
    draft: CaseView, actor: Callable[[str], Actor]
) -> None:
    applicant = actor("applicant")
    posted = SECTIONS["person"] | {"birth_date": ["1949年12月"]}
    actions.save_section(draft.id, actor=applicant, section="person", posted=posted, seen_revision=0)

    said = {one.path: one.message for one in cases.open_case(applicant, draft.id).missing}

    assert said["birth_date"] == "“出生日期”填写有误，请改正。"
