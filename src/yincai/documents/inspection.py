"""What the reader does with one document: open it, have it made safe in a child, write down the outcome.

Every step may be repeated: the row is only changed when it still wants the drawing that was made.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from yincai.documents import jobs, malware, vault
from yincai.documents.models import Document, Page
from yincai.documents.pipeline.vocabulary import Crop, Drawing, Limits, Refused, SafeDocument
from yincai.documents.pipeline.wire import Request
from yincai.documents.reader import read_safely
from yincai.documents.vocabulary import Purpose, State
from yincai.foundation import clock
from yincai.foundation.encryption import Forgotten, seal_under, unseal_under
from yincai.ledger import actions as ledger
from yincai.ledger.vocabulary import SYSTEM

MOST_TRIES = 6


def inspect_document(document: UUID) -> None:
    """Make a held document safe or refuse it; draw a safe one again when a turn or a crop asks for it.

    Does nothing for a document that is gone or done, or whose owner is forgotten. Raises
    `malware.ScannerAway` (it stays held), `OSError` and database errors, which a later attempt may heal.  A
    document that the reader began with `MOST_TRIES` times and never ended is given up as one that crashes it.
    """
    row = Document.objects.filter(pk=document).first()
    if row is None or row.state == State.REFUSED or row.drawn >= row.drawing:
        return
    try:
        data_key = vault.open_data_key(row.id, row.data_key)
    except Forgotten:  # nobody can look at it, and nobody needs to
        return
    if row.tries >= MOST_TRIES:
        _note_refusal(row, Refused("crashed"))
        return
    Document.objects.filter(pk=row.pk).update(tries=row.tries + 1)
    try:
        _settle(row, data_key)
    except (malware.ScannerAway, OSError):  # not the document's doing
        Document.objects.filter(pk=row.pk).update(tries=row.tries)
        raise


def _settle(row: Document, data_key: bytes) -> None:
    try:
        safe = _inspect(row, data_key)
    except Refused as refused:
        _note_refusal(row, refused)
    else:
        _note_safe(row, safe, data_key)


def _inspect(row: Document, data_key: bytes) -> SafeDocument:
    try:
        data = vault.take(row.original_key or "", data_key=data_key)
    except vault.FileLost as lost:
        raise Refused("lost") from lost
    if row.state == State.HELD:
        malware.refuse_malware(data, address=settings.CLAMAV)
    name = unseal_under(data_key, bytes(row.name_sealed), context=f"documents.name:{row.id}").decode()
    request = Request(
        limits=Limits(bytes=row.size),
        accept=frozenset(row.accept),
        claimed=name.rpartition(".")[2].lower()[:10] if "." in name else "",
        drawing=Drawing(
            turns=row.turns,
            photo=row.purpose == Purpose.PHOTO,
            crop=Crop(*row.crop) if row.crop else None,
        ),
    )
    return read_safely(data, request=request)


def _note_refusal(row: Document, refused: Refused) -> None:
    """A held file is refused and erased; a safe one keeps the pages it has, with the sentence beside them."""
    with transaction.atomic():
        if row.state == State.SAFE:
            _update(row, warnings=[refused.sentence], drawn=row.drawing, tries=0)
            return
        changed = _update(
            row,
            state=State.REFUSED,
            reason_code=refused.reason,
            reason=refused.sentence,
            original_key=None,
            inspected_at=clock.now(),
            drawn=row.drawing,
        )
        if changed:
            jobs.ask_erase([row.original_key] if row.original_key else [])
            _record(row, "document.refused", reason=refused.reason)


def _note_safe(row: Document, safe: SafeDocument, data_key: bytes) -> None:
    """Store the new pages, then swap them in; when the row has moved on, remove them again."""
    stored = [(page, vault.keep(page.jpeg, data_key=data_key)) for page in safe.pages]
    with transaction.atomic():
        changed = _update(
            row,
            state=State.SAFE,
            kind=safe.kind,
            warnings=list(safe.warnings),
            sharpness=safe.sharpness,
            text_sealed=_sealed_text(row, safe, data_key),
            inspected_at=clock.now(),
            drawn=row.drawing,
            tries=0,
        )
        if changed:
            old = Page.objects.filter(document=row)
            jobs.ask_erase(list(old.values_list("storage_key", flat=True)))
            old.delete()
            Page.objects.bulk_create(
                Page(document=row, number=page.number, width=page.width, height=page.height, storage_key=key)
                for page, key in stored
            )
            if (
                Document.objects.filter(pk=row.pk).exclude(keep_as="").exists()
            ):  # asked for meanwhile, perhaps
                jobs.ask_keep(row.id)
            if row.state == State.HELD:
                _record(row, "document.made_safe", kind=safe.kind, pages=len(safe.pages))
    if not changed:
        vault.erase(key for _, key in stored)


def _update(row: Document, **changes: Any) -> bool:
    """Change the row if it is still in the state and wants the drawing that we read."""
    same = Document.objects.filter(pk=row.pk, state=row.state, drawing=row.drawing, drawn__lt=row.drawing)
    return same.update(**changes) == 1


def _sealed_text(row: Document, safe: SafeDocument, data_key: bytes) -> bytes | None:
    if safe.text is None:
        return None
    return seal_under(data_key, safe.text.encode(), context=f"documents.text:{row.id}")


def _record(row: Document, event: str, **payload: Any) -> None:
    facts = {"purpose": row.purpose, "slot": row.slot, **payload}
    ledger.record(chain=row.id, event=event, actor=SYSTEM, payload=facts)
