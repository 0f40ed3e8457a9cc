"""Questions about documents. Reading opens what is sealed; whether somebody may read, `permissions` says."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from yincai.documents import vault
from yincai.documents.erasing import loose_before as loose_before
from yincai.documents.held import held_about as held_about
from yincai.documents.models import Document, LibraryEntry, Page
from yincai.documents.viewing import view_of as view_of
from yincai.documents.vocabulary import (
    LIBRARY_TYPES,
    OTHER_TYPE,
    DocumentView,
    ExpiringEntry,
    LibraryEntryView,
    NotYetSafe,
    State,
)
from yincai.foundation import codes
from yincai.foundation.encryption import unseal_under
from yincai.foundation.errors import NotFound
from yincai.foundation.statements import Rows, lines

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OF_IDS = Rows(Document, "id = ANY(%(ids)s) ORDER BY created_at, id")
PAGES = Rows(Page, "document_id = ANY(%(ids)s) ORDER BY document_id, number")
LIBRARY = Rows(LibraryEntry, "owner_id = %(owner)s ORDER BY agreed_at DESC, document_id")
ENTRY = Rows(LibraryEntry, "document_id = %(id)s AND owner_id = %(owner)s")
COPIES = """
    SELECT copied_from, id FROM documents_document
    WHERE copied_from = ANY(%(ids)s) AND "case" IS NOT NULL ORDER BY created_at, id
"""
STANDING = "SELECT id, state, reason, drawn >= drawing FROM documents_document WHERE id = ANY(%(ids)s)"
_FIRST_PAUSE = 0.1


def document(document_id: UUID) -> DocumentView:
    """The document. Raises `NotFound`."""
    return _views([_row(document_id)])[0]


def documents(ids: Iterable[UUID]) -> list[DocumentView]:
    """The documents of these ids that exist, oldest first."""
    asked = list(ids)
    return _views(OF_IDS.all(ids=asked)) if asked else []


def library(owner: UUID) -> list[LibraryEntryView]:
    """What somebody keeps in 我的资料库, newest first; at most `LIBRARY_LIMIT`, in as many queries as one."""
    return _entries(LIBRARY.all(owner=owner))


def library_entry(owner: UUID, document_id: UUID) -> LibraryEntryView:
    """One document of somebody's library.  Raises `NotFound` when it is not there or not theirs."""
    found = _entries(ENTRY.all(id=document_id, owner=owner))
    if not found:
        raise NotFound("资料库里没有这份资料，它可能已经删除。请返回资料库查看。")
    return found[0]


def expiring_entries(*, first: date, last: date) -> list[ExpiringEntry]:
    """What of everybody's libraries ends from one day to another, both with, soonest first.  For the room
    that tells people; nobody looks at a document."""
    titles = codes.load(LIBRARY_TYPES)
    rows = LibraryEntry.objects.filter(document__expires_on__range=(first, last), document__state=State.SAFE)
    found = rows.order_by("document__expires_on", "document_id").values_list(
        "document_id", "owner_id", "type_code", "document__expires_on"
    )
    return [
        ExpiringEntry(document, owner, titles.get(kind) or titles.label(OTHER_TYPE), expires_on)
        for document, owner, kind, expires_on in found
        if expires_on
    ]


def _entries(rows: Sequence[LibraryEntry]) -> list[LibraryEntryView]:
    ids = [row.document_id for row in rows]
    files = {one.id: one for one in documents(ids)}
    titles = codes.load(LIBRARY_TYPES)
    uses: dict[UUID, list[UUID]] = {row.document_id: [row.source] if row.source else [] for row in rows}
    for origin, copy in lines(COPIES, ids=ids) if ids else ():
        uses[origin].append(copy)
    return [
        LibraryEntryView(
            document=files[row.document_id],
            type_code=row.type_code,
            type_title=titles.get(row.type_code) or titles.label(OTHER_TYPE),
            agreed_at=row.agreed_at,
            uses=tuple(uses[row.document_id]),
        )
        for row in rows
        if row.document_id in files
    ]


def open_page(document_id: UUID, number: int) -> tuple[bytes, str]:
    """One safe page and its content type. Raises `NotFound`, `NotYetSafe`, `CannotDecrypt`."""
    row = _safe_row(document_id)
    page = row.pages.filter(number=number).first()
    if page is None:
        raise NotFound
    return vault.take(page.storage_key, data_key=vault.open_data_key(row.id, row.data_key)), "image/jpeg"


def open_text(document_id: UUID) -> str:
    """The text of a Word file; empty for the others. Raises `NotFound`, `NotYetSafe`."""
    row = _safe_row(document_id)
    if row.text_sealed is None:
        return ""
    key = vault.open_data_key(row.id, row.data_key)
    return unseal_under(key, bytes(row.text_sealed), context=f"documents.text:{row.id}").decode()


def open_original(document_id: UUID) -> tuple[bytes, str]:
    """The Word file as it was uploaded, and its content type.

    Raises `NotFound` for pictures and PDF files: of those only the safe rebuild ever leaves the house.
    """
    row = _safe_row(document_id)
    if row.kind != "word" or row.original_key is None:
        raise NotFound
    return vault.take(row.original_key, data_key=vault.open_data_key(row.id, row.data_key)), DOCX


def wait_until_inspected(documents: Iterable[UUID], *, timeout: float) -> dict[UUID, tuple[State, str]]:
    """Each document's state, and why it was refused, as soon as the reader is done with all of them, or as
    they stand after `timeout` seconds. Raises `NotFound` when one is missing."""
    ids = list(documents)
    deadline, pause = time.monotonic() + timeout, _FIRST_PAUSE
    while ids:
        found = lines(STANDING, ids=ids)
        if len(found) < len(ids):
            raise NotFound
        done = all(
            state == State.REFUSED or (state == State.SAFE and is_drawn) for _, state, _, is_drawn in found
        )
        if done or time.monotonic() >= deadline:
            return {one: (State(state), reason) for one, state, reason, _ in found}
        time.sleep(min(pause, max(deadline - time.monotonic(), 0.0)))
        pause *= 1.5  # most are done within a second or two: ask often at first, then less
    return {}


def _views(rows: Iterable[Document]) -> list[DocumentView]:
    found = list(rows)
    drawn: dict[UUID, list[Page]] = {row.id: [] for row in found if row.state == State.SAFE}
    for page in PAGES.all(ids=list(drawn)) if drawn else ():
        drawn[page.document_id].append(page)
    return [view_of(row, drawn.get(row.id, [])) for row in found]


def _row(document_id: UUID) -> Document:
    row = next(iter(OF_IDS.all(ids=[document_id])), None)
    if row is None:
        raise NotFound
    return row


def _safe_row(document_id: UUID) -> Document:
    row = _row(document_id)
    if row.state == State.HELD:
        raise NotYetSafe("这份文件正在做安全检查，检查完才能打开。请稍等片刻，再刷新页面。")
    if row.state == State.REFUSED:
        raise NotYetSafe(row.reason)
    return row
