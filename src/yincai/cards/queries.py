"""Questions about cards: one, a case's, a holder's; the sealed file; and whether a card is good."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet

from yincai.cards import codes, storage
from yincai.cards.erasing import in_force_of, last_days_of
from yincai.cards.gaps import Gap, gaps, notes_beside
from yincai.cards.held import held_about
from yincai.cards.holders import HolderData
from yincai.cards.models import Card
from yincai.cards.substitutes import substitutes_of
from yincai.cards.verification import verify, verify_code, verify_file
from yincai.cards.vocabulary import CardState, CardView, SealSpec, WalletCard
from yincai.foundation.errors import NotFound

__all__ = [
    "Gap",
    "card",
    "card_that_counts",
    "cards_of_case",
    "cards_of_holder",
    "due_to_expire",
    "gaps",
    "held_about",
    "in_force_of",
    "last_days_of",
    "notes_beside",
    "form_pdf",
    "open_pdf",
    "receipts_of_case",
    "substitutes_of",
    "typeset",
    "verify",
    "verify_code",
    "verify_file",
    "view_of",
    "wallet",
]


def card(card_id: UUID) -> CardView:
    """One card; `NotFound` when there is none."""
    found = Card.objects.filter(pk=card_id).first()
    if found is None:
        raise NotFound
    return view_of(found)


def cards_of_case(case_id: UUID) -> list[CardView]:
    """The cards of a case, oldest first."""
    return [view_of(found) for found in _cards(case_id=case_id).order_by("ordered_at", "pk")]


def card_that_counts(case_id: UUID) -> CardView | None:
    """The card of a case that its holder goes by, None before the first was ordered.

    The newest that was sealed and ended by nobody; else the one being made; else the last that was sealed,
    or ordered if none was.
    """
    newest_first = cards_of_case(case_id)[::-1]
    for counts in (_stands, _is_being_made, _was_sealed):
        if found := next(filter(counts, newest_first), None):
            return found
    return newest_first[0] if newest_first else None


def _stands(card: CardView) -> bool:
    return card.state in (CardState.SEALED, CardState.EXPIRED)


def _is_being_made(card: CardView) -> bool:
    return card.state == CardState.ORDERED


def _was_sealed(card: CardView) -> bool:
    return card.downloadable


def cards_of_holder(account_id: UUID) -> list[CardView]:
    """The cards that an account holds, newest first, at most 200."""
    mine = _cards(holder_account=account_id).order_by("-ordered_at", "pk")
    return [view_of(found) for found in mine[:200]]


def form_pdf(case_id: UUID) -> bytes:
    """The filled application form, to print and sign; `NotFound` where there is none.

    Who may have it is for the caller to decide, and to put on record.
    """
    from yincai.cards import papers  # loads the compiler: only where it is needed

    return papers.form_pdf(case_id)


def typeset(layout: bytes, *, name: str, data: str, at: datetime) -> bytes:
    """A paper of another room as a PDF: its layout reads `data` (JSON) from `sys.inputs.<name>`."""
    from yincai.cards import typesetting  # loads the compiler: only where it is needed

    return typesetting.typeset(layout, name=name, data=data, at=at)


def receipts_of_case(case_id: UUID) -> list[CardView]:
    """The sealed receipts of a case, one a round, oldest first; those being sealed among them."""
    found = Card.objects.filter(case_id=case_id, paper=True).order_by("ordered_at", "pk")
    return [view_of(one) for one in found]


def _cards(**which: UUID) -> QuerySet[Card]:
    """Cards alone: a receipt is sealed like one but is none."""
    return Card.objects.filter(paper=False, **which)


def wallet(account_id: UUID) -> list[WalletCard]:
    """The cards that an account holds as their holder sees them, newest first, at most 200."""
    mine = _cards(holder_account=account_id).order_by("-ordered_at", "pk")
    return [_held(found) for found in mine[:200]]


def _held(found: Card) -> WalletCard:
    holder = HolderData.unsealed(found.holder, card_id=found.id)
    code = holder.code
    site = f"{settings.BASE_URL}/verify"
    address = f"{site}/{code.replace('-', '')}"
    sealed = found.sealed_at is not None and not holder.is_forgotten
    return WalletCard(
        card=view_of(found),
        code=code if sealed else "",
        verify_url=address if sealed else "",
        verify_site=f"{site.partition('://')[2]}/",
        qr=codes.qr_svg(address) if sealed else "",
        reason=found.end_words,
    )


def open_pdf(card_id: UUID) -> bytes:
    """The sealed PDF as it was sealed, byte for byte.

    `NotFound` while it is not sealed; `CardFileDamaged` when the stored file is not that file any more.
    Who may have it is for the caller to decide.
    """
    found = Card.objects.filter(pk=card_id).exclude(pdf_key="").first()
    if found is None:
        raise NotFound("这张电子卡还没有制作完成，暂时不能下载。制作完成后会通知您。")
    return storage.read_file(found.id, found.pdf_key, sha256=found.pdf_sha256)


def warm_up() -> None:
    """For the signer's start: load fonts and libraries, typeset once (a minute on a busy machine)."""
    # Only the signer's process needs pyHanko and the compiler.
    from yincai.cards import rendering, sealing_job

    rendering.warm_up()
    sealing_job.warm_up()


def due_to_expire(*, on: date, limit: int = 500) -> list[UUID]:
    """Cards in force whose last day lies before `on`, for the job that marks them."""
    due = Card.objects.filter(state=CardState.SEALED, valid_until__lt=on).order_by("valid_until", "pk")
    return list(due.values_list("pk", flat=True)[:limit])


def issued_per_day(place: str, *, begin: date, end: date, programme: str = "") -> dict[date, int]:
    """How many cards a place issued on each day from `begin` to `end`; of one programme or of all ("")."""
    cards = Card.objects.filter(place=place, paper=False, issued_on__gte=begin, issued_on__lte=end)
    if programme:
        cards = cards.filter(programme=programme)
    counted = cards.values("issued_on").annotate(number=Count("pk"))
    return {one["issued_on"]: one["number"] for one in counted if one["issued_on"]}


def view_of(found: Card) -> CardView:
    """The part of a card that other rooms may see."""
    return CardView(
        id=found.id,
        case_id=found.case_id,
        purpose=found.purpose,
        place=found.place,
        programme=found.programme,
        kind=found.kind,
        title=found.title,
        number=found.number,
        authority=SealSpec.from_json(found.seal).authority,
        holder_account_id=found.holder_account,
        state=CardState(found.state),
        ordered_at=found.ordered_at,
        sealed_at=found.sealed_at,
        issued_on=found.issued_on,
        valid_until=found.valid_until,
        waiting_reason=found.waiting_reason,
        end_reason=found.end_words,
    )
