"""What an applicant reads of a case that ended with a card: its hint, unless the card says otherwise."""

from __future__ import annotations

from yincai.cards.vocabulary import CardState, CardView
from yincai.casework.vocabulary import CaseView
from yincai.engine.workflow import Menu


def hint_of(case: CaseView, card: CardView | None) -> str:
    """The sentences under the title of a case; empty when its state has none."""
    state = case.current_state
    if card is None or not state.final or state.menu != Menu.APPROVED:
        return state.hint
    if card.state == CardState.CANCELLED:
        became = "没有制成，已停止制作" if card.is_withdrawn else "已注销，不能再用"
        return (
            f"电子卡 {card.number} {became}，理由见下面。"
            "认为有误的，请联系受理窗口，窗口可以换发新卡；符合条件的也可以重新申请。"
        )
    if card.state == CardState.EXPIRED:
        return f"电子卡 {card.number} 已过有效期。需要继续使用的，请联系受理窗口。"
    if card.state == CardState.ORDERED and card.purpose.startswith("reissue:"):
        return "原来的电子卡已注销，不能再用。新卡正在制作，制好后会通知您。"
    return state.hint


__all__ = ["hint_of"]
