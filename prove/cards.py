"""One approval, one card, however often the signer is killed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prove.live.fire import together, under_fire
from prove.live.platform import Platform, running_platform
from prove.live.visitor import APPROVER, ISSUER, WINDOW, Officer, Visitor
from prove.live.waiting import until
from prove.submissions import Receipt, submit_under_fire

TITLE = "One approval, one sealed card, while the signer is killed again and again"
CARDS = 500
PAUSE, KILLS = 20.0, 200
LIMIT = 3_600.0
STRANGERS = 1_000_000
"""The first seat of those who verify a card that they were shown."""


def prove() -> Mapping[str, str]:
    """500 approvals: 500 cards, 500 numbers, none unsealed."""
    with running_platform(YINCAI_TRUSTED_PROXIES="1") as platform:
        _, receipts = submit_under_fire(platform, with_documents=CARDS, without=0, kills=0)
        return issue_under_fire(platform, receipts, pause=PAUSE, kills=KILLS)


def issue_under_fire(
    platform: Platform, receipts: Sequence[Receipt], *, pause: float, kills: int
) -> Mapping[str, str]:
    """Officers pass every case on to its card while the signer is killed; each has one in the end."""
    people = platform.people()
    window, approver, issuer = (Officer(platform, people[name]) for name in (WINDOW, APPROVER, ISSUER))

    def decide(one: Receipt) -> None:
        assert window.take(one.case, "accept"), one.reference
        assert window.take(one.case, "check_originals", confirmation="on"), one.reference
        assert approver.take(one.case, "approve", opinion="符合条件。"), one.reference
        assert issuer.take(one.case, "issue"), one.reference

    def sealed() -> int:
        (count,) = platform.rows("SELECT count(*) FROM cards_card WHERE state = 'sealed' AND NOT paper")[0]
        return int(count)

    with under_fire(platform, ("signer",), pause=pause, times=kills) as killed:
        together(decide, receipts, hands=1)
        until(lambda: sealed() >= len(receipts) // 2, "half of the cards are sealed", limit=LIMIT)
    until(lambda: sealed() >= len(receipts), "every card is sealed", limit=LIMIT)
    until(lambda: _waiting(platform) == 0, "every case has ended", limit=LIMIT)
    return {"signer killed": f"{killed['signer']} times", **check(platform, receipts)}


def check(platform: Platform, receipts: Sequence[Receipt]) -> dict[str, str]:
    """One sealed card a case, one number a card, a good file for each; the ledger fits."""
    cards = platform.rows("SELECT case_id::text, number, state, pdf_sha256 FROM cards_card WHERE NOT paper")
    assert sorted(case for case, *_ in cards) == sorted(one.case for one in receipts), "not one card a case"
    assert len({number for _, number, *_ in cards}) == len(receipts), "a number was given twice"
    assert {state for *_, state, _ in cards} == {"sealed"}, "a card is not sealed"
    for number, one in enumerate(receipts):
        pdf = one.visitor.card(one.case)
        assert pdf is not None, f"no file for {one.reference}"
        anybody = Visitor(platform.web, seat=STRANGERS + number)  # an address verifies a few dozen at most
        answer = anybody.post("/verify/file/", {}, files={"file": ("card.pdf", pdf, "application/pdf")})
        assert 'verdict-valid"' in answer.text, f"the card of {one.reference} does not verify"
    verified = platform.verify_ledger()
    assert verified.returncode == 0, verified.stdout + verified.stderr
    return {
        "approvals": f"{len(receipts)}",
        "cards, numbers and valid files": f"{len(cards)}",
        "unsealed": "0",
        "ledger": verified.stdout.strip().splitlines()[-1],
    }


def _waiting(platform: Platform) -> int:
    (count,) = platform.rows("SELECT count(*) FROM casework_case WHERE state = 'making_card'")[0]
    return int(count)
