"""What may be done to a document. Nothing here opens a file's insides: that is the reader's work."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import File
from django.db import transaction
from django.db.models import F

from yincai.documents import jobs, permissions, vault
from yincai.documents.erasing import erase as erase  # doors
from yincai.documents.erasing import erase_own as erase_own
from yincai.documents.models import Document
from yincai.documents.pipeline.vocabulary import KINDS, SENTENCES, Crop, Kind, name_size
from yincai.documents.queries import view_of
from yincai.documents.vocabulary import (
    UPLOAD_LIMIT,
    UPLOADS_A_DAY,
    DocumentView,
    Purpose,
    State,
    StoredUpload,
    UploadRefused,
)
from yincai.foundation import clock
from yincai.foundation.encryption import seal_under
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.foundation.statements import insert, value
from yincai.ledger import actions as ledger
from yincai.ledger.vocabulary import SYSTEM, Actor

_NAME_LENGTH = 120
FORGOTTEN_AT_ONCE = 500
UPLOADED = "SELECT count(*) FROM documents_document WHERE owner_id = %(owner)s AND created_at > %(since)s"


def store_upload(
    file: File[bytes], *, actor: Actor, owner: UUID, limit: int = UPLOAD_LIMIT, name: str = ""
) -> StoredUpload:
    """Seal a file on the disk: the slow part, to be done before any row is locked; `enter_upload` makes it a
    document.  `name`: what it is called, by default as its file.

    Raises `NotAllowed`, and `UploadRefused` for an empty or too large file or too many files in a day, with
    nothing kept.
    """
    if not permissions.may_upload_for(actor, owner):
        raise NotAllowed
    content = _read(file, limit)
    _refuse_flood(owner)
    document = uuid4()
    data_key, wrapped = vault.make_data_key(document, owner=owner)
    return StoredUpload(
        id=document,
        owner=owner,
        name_sealed=seal_under(
            data_key, clean_name(name or file.name).encode(), context=f"documents.name:{document}"
        ),
        data_key=wrapped,
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        storage_key=vault.keep(content, data_key=data_key),
    )
    # from here on an interruption leaves at most a file without a row, which the sweep removes; erasing it
    # here could take the file from a row whose commit only seemed to fail


def enter_upload(
    stored: StoredUpload,
    *,
    actor: Actor,
    purpose: str,
    slot: str,
    accept: Iterable[Kind] = KINDS,
    case: UUID | None = None,
    label: str = "",
    keep_as: str = "",
) -> DocumentView:
    """Make a stored file a document: its row, its record and the reader's job in one commit.

    It is held until the reader has made it safe. A photo takes pictures only. With `case` it lies there from
    the start, under the label (such as "首次提交").  `keep_as`: as what a copy goes into its owner's library
    when it was found safe; empty when they did not ask for one.
    """
    kinds = (
        ["image"] if Purpose(purpose) is Purpose.PHOTO else [kind for kind in KINDS if kind in set(accept)]
    )
    now = clock.now()
    with transaction.atomic(savepoint=False):
        row = insert(
            Document(
                id=stored.id,
                owner_id=stored.owner,
                purpose=purpose,
                slot=slot,
                accept=kinds,
                data_key=stored.data_key,
                name_sealed=stored.name_sealed,
                size=stored.size,
                sha256=stored.sha256,
                original_key=stored.storage_key,
                case=case,
                label=label,
                keep_as=keep_as,
                created_at=now,
                asked_at=now,
            )
        )
        where = {"case": str(case), "label": label} if case else {}
        _record(row, "document.received", actor, size=row.size, sha256=stored.sha256.hex(), **where)
        jobs.ask_reader(row.id)
    return view_of(row)


def attach(ids: Iterable[UUID], *, case: UUID, label: str, actor: Actor) -> None:
    """Put one's own loose documents into a case, under a label; whether it takes them, its room has decided.

    Raises `NotFound` for a document that lies in a case already or is not the actor's.
    """
    with transaction.atomic():
        for row in _locked(list(dict.fromkeys(ids))):
            if row.case is not None or not permissions.may_upload_for(actor, row.owner_id):
                raise NotFound
            row.case, row.label = case, label
            row.save(update_fields=["case", "label"])
            _record(row, "document.attached", actor, case=str(case), label=label)


def detach(ids: Iterable[UUID], *, case: UUID, actor: Actor) -> None:
    """Take documents out of a case again; whether its stage allows that, the case's room has decided.

    Raises `NotFound` for a document that does not lie in this case or is not the actor's.
    """
    with transaction.atomic():
        for row in _locked(list(dict.fromkeys(ids))):
            if row.case != case or not permissions.may_upload_for(actor, row.owner_id):
                raise NotFound
            row.case, row.label = None, ""
            row.save(update_fields=["case", "label"])
            _record(row, "document.detached", actor, case=str(case))


def discard(document: UUID, *, actor: Actor) -> None:
    """Delete a document that lies in no case: row and key at once, its files by a job in the same commit."""
    with transaction.atomic():
        (row,) = _locked([document])
        permissions.access_document(actor, document, "discard", case_visible=False)
        _record(row, "document.discarded", actor)
        jobs.ask_erase(_storage_keys(row))
        row.delete()


def discard_forgotten(slot: str, *, before: datetime) -> int:
    """Delete the documents that forms left in this slot before that moment and that lie in no case; how many.

    For the room whose forms they are; at most `FORGOTTEN_AT_ONCE` a call.
    """
    with transaction.atomic():
        loose = Document.objects.select_for_update(of=("self",), skip_locked=True)
        rows = loose.filter(slot=slot, case=None, created_at__lt=before).order_by("created_at")
        found = list(rows[:FORGOTTEN_AT_ONCE])
        for row in found:
            _record(row, "document.discarded", SYSTEM)
            jobs.ask_erase(_storage_keys(row))
            row.delete()
    return len(found)


def rotate(document: UUID, *, actor: Actor, quarter_turns: int, case_visible: bool = False) -> DocumentView:
    """Turn every page clockwise by quarter turns; the old pages show until the reader has drawn them."""
    with transaction.atomic():
        (row,) = _locked([document])
        permissions.access_document(actor, document, "rotate", case_visible=case_visible)
        # a frame that was chosen lies elsewhere on the turned picture: it is chosen anew
        afresh = {"crop": None} if row.purpose == Purpose.PHOTO else {}
        _redraw(row, actor, turns=(row.turns + quarter_turns) % 4, **afresh)
    return view_of(row)


def crop_photo(document: UUID, *, actor: Actor, crop: Crop, case: UUID | None = None) -> DocumentView:
    """Choose which part of the whole picture (page 0) becomes the one-inch photo; the reader cuts it.

    A photo that lies in a case is cropped for that `case`, whose room has decided that it may be.
    """
    with transaction.atomic():
        (row,) = _locked([document])
        here = case is not None and row.case == case
        permissions.access_document(actor, document, "look" if here else "crop", case_visible=False)
        if row.purpose != Purpose.PHOTO:
            raise NotAllowed("这份材料不是一寸照片，不能裁剪，未作任何改动。")
        _redraw(row, actor, crop=[crop.left, crop.top, crop.width, crop.height])
    return view_of(row)


def clean_name(name: str | None) -> str:
    """A file name fit to be shown again: no folders, control or direction marks; 120 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name or ""))[-1]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " ").strip(
        " ."
    )
    if len(plain) > _NAME_LENGTH:
        stem, dot, ending = plain.rpartition(".")
        tail = dot + ending if stem and len(ending) <= 5 else ""
        plain = plain[: _NAME_LENGTH - len(tail)] + tail
    return plain or "文件"


def _read(file: File[bytes], limit: int) -> bytes:
    content = bytearray()
    for chunk in file.chunks():
        content += chunk
        if len(content) > limit:
            size = max(int(file.size or 0), len(content))
            raise UploadRefused(SENTENCES["too_large"].format(size=name_size(size), limit=name_size(limit)))
    if not content:
        raise UploadRefused(SENTENCES["empty"])
    return bytes(content)


def _refuse_flood(owner: UUID) -> None:
    since = clock.now() - timedelta(days=1)
    if value(UPLOADED, owner=owner, since=since) >= UPLOADS_A_DAY:
        raise UploadRefused(
            f"您在 24 小时内已上传 {UPLOADS_A_DAY} 个文件，这个文件没有保存。"
            "请先删除不需要的文件，或明天再传；确有需要请联系受理窗口。"
        )


def _locked(ids: Sequence[UUID]) -> list[Document]:
    """The rows in the order asked for, locked in one fixed order. Raises `NotFound` if one is missing."""
    rows = Document.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) != len(ids):
        raise NotFound
    return [found[pk] for pk in ids]


def _redraw(row: Document, actor: Actor, **wanted: Any) -> None:
    if row.state == State.REFUSED:
        raise UploadRefused(row.reason)
    Document.objects.filter(pk=row.pk).update(drawing=F("drawing") + 1, asked_at=clock.now(), **wanted)
    row.refresh_from_db()
    _record(row, "document.redrawn", actor, **wanted)
    jobs.ask_reader(row.id)


def _storage_keys(row: Document) -> list[str]:
    pages = list(row.pages.values_list("storage_key", flat=True))
    return [row.original_key, *pages] if row.original_key else pages


def _record(row: Document, event: str, actor: Actor, **payload: Any) -> None:
    facts = {"purpose": row.purpose, "slot": row.slot, **payload}
    ledger.record(chain=row.id, event=event, actor=actor, payload=facts)
