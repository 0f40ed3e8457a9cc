"""A second document of the same bytes, under a key and row of its own, without a second inspection.

Nothing is opened but the seals: what the reader found safe is sealed again as it is.  Each of the two can be
erased without the other (its row, its key, its files), and each has its own chain in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from yincai.documents import vault
from yincai.documents.models import Document, Page
from yincai.documents.vocabulary import NotYetSafe, PageView, State
from yincai.foundation import clock
from yincai.foundation.encryption import seal_under, unseal_under
from yincai.foundation.errors import NotFound
from yincai.ledger import actions as ledger
from yincai.ledger.vocabulary import Actor

STILL_READ = "这份文件正在做安全检查或重新绘制，还不能使用。请稍等片刻再试。"


@dataclass(frozen=True, slots=True)
class StoredCopy:
    """A copy that lies sealed on the disk and that no row names yet: entered soon, or swept after an hour."""

    id: UUID
    source: UUID
    drawing: int
    data_key: bytes
    name_sealed: bytes
    text_sealed: bytes | None
    original_key: str
    pages: tuple[tuple[PageView, str], ...]


def store_copy(source: UUID, *, name: str = "") -> StoredCopy:
    """Seal the files of a safe document again under a new key: the slow part, before any row is locked.

    `name`: what the copy is called, by default as its source.  Raises `NotFound`, `NotYetSafe`, `FileLost`.
    """
    row = Document.objects.filter(pk=source).first()
    if row is None:
        raise NotFound
    if row.state != State.SAFE or row.original_key is None or row.drawn < row.drawing:
        raise NotYetSafe(row.reason or STILL_READ)
    old = vault.open_data_key(row.id, row.data_key)
    copy = uuid4()
    new, wrapped = vault.make_data_key(copy, owner=row.owner_id)
    called = name.encode() or unseal_under(old, bytes(row.name_sealed), context=f"documents.name:{row.id}")
    return StoredCopy(
        id=copy,
        source=source,
        drawing=row.drawing,
        data_key=wrapped,
        name_sealed=seal_under(new, called, context=f"documents.name:{copy}"),
        text_sealed=_text(row, old, new, copy),
        original_key=vault.keep(vault.take(row.original_key, data_key=old), data_key=new),
        pages=tuple(
            (
                PageView(page.number, page.width, page.height),
                vault.keep(vault.take(page.storage_key, data_key=old), data_key=new),
            )
            for page in row.pages.all()
        ),
    )


def enter_copy(
    stored: StoredCopy,
    *,
    actor: Actor,
    slot: str,
    case: UUID | None = None,
    label: str = "",
    expires_on: date | None = None,
) -> Document:
    """Make a stored copy a document, safe at once: its row, its pages and its record in one commit.

    The source is locked and must still be there and drawn as it was copied: `NotFound`, `NotYetSafe`.
    """
    with transaction.atomic(savepoint=False):
        source = Document.objects.select_for_update(of=("self",)).filter(pk=stored.source).first()
        if source is None:
            raise NotFound
        if source.state != State.SAFE or source.drawing != stored.drawing:
            raise NotYetSafe(STILL_READ)
        there = {"slot": slot, "case": case, "label": label, "expires_on": expires_on or source.expires_on}
        row = _row(source, stored, **there)
        Page.objects.bulk_create(
            Page(document=row, number=page.number, width=page.width, height=page.height, storage_key=key)
            for page, key in stored.pages
        )
        where = {"case": str(case), "label": label} if case else {}
        ledger.record(
            chain=row.id,
            event="document.copied",
            actor=actor,
            payload={
                "purpose": row.purpose,
                "slot": slot,
                "from": str(source.id),
                "sha256": bytes(source.sha256).hex(),
                **where,
            },
        )
    return row


def _row(source: Document, stored: StoredCopy, **there: Any) -> Document:
    """The copy's row: what was found of the source holds for it, and its drawing is the first of its own."""
    now = clock.now()
    taken = (
        "owner_id",
        "purpose",
        "accept",
        "size",
        "sha256",
        "kind",
        "warnings",
        "sharpness",
        "turns",
        "crop",
    )
    return Document.objects.create(
        id=stored.id,
        state=State.SAFE,
        data_key=stored.data_key,
        name_sealed=stored.name_sealed,
        original_key=stored.original_key,
        text_sealed=stored.text_sealed,
        drawing=1,
        drawn=1,
        created_at=now,
        asked_at=now,
        inspected_at=source.inspected_at,
        copied_from=source.id,
        **{name: getattr(source, name) for name in taken},
        **there,
    )


def _text(row: Document, old: bytes, new: bytes, copy: UUID) -> bytes | None:
    if row.text_sealed is None:
        return None
    text = unseal_under(old, bytes(row.text_sealed), context=f"documents.text:{row.id}")
    return seal_under(new, text, context=f"documents.text:{copy}")
