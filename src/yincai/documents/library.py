"""我的资料库: what a person chose to keep, so that they need not upload it again.

Nothing comes here unless its owner agreed (PIPL art. 13 and 14), and it is used for their own applications
alone.  An entry is a document of its own: what lies in a case is a copy, and neither goes with the other.
"""

from __future__ import annotations

import logging
from datetime import date
from uuid import UUID

from django.core.files.base import File
from django.db import IntegrityError, transaction

from yincai.documents import permissions
from yincai.documents.actions import clean_name, discard, enter_upload, store_upload
from yincai.documents.copying import enter_copy, store_copy
from yincai.documents.models import Document, LibraryEntry
from yincai.documents.queries import library_entry, wait_until_inspected
from yincai.documents.vault import FileLost, open_data_key
from yincai.documents.vocabulary import (
    LIBRARY_LIMIT,
    LIBRARY_TYPES,
    OTHER_TYPE,
    PHOTO_TYPE,
    LibraryEntryView,
    NotYetSafe,
    Purpose,
    State,
    UploadRefused,
)
from yincai.foundation import clock, codes
from yincai.foundation.encryption import seal_under
from yincai.foundation.errors import Invalid, NotAllowed, NotFound
from yincai.ledger import actions as ledger
from yincai.ledger.vocabulary import SYSTEM, Actor

_log = logging.getLogger(__name__)

SLOT = "library"
FULL = f"资料库最多放 {LIBRARY_LIMIT} 份，已经满了，这一份没有放进去。请先删除不再需要的资料。"
UNKNOWN_TYPE = "请从列表中选择资料类型。"


def receive_for_library(
    file: File[bytes],
    *,
    actor: Actor,
    owner: UUID,
    type_code: str,
    name: str = "",
    expires_on: date | None = None,
) -> UUID:
    """Take a file straight into the library; held until the reader found it safe.  The same file again gives
    the entry that is there.  Posting it is the agreement: the door asks for it.

    Raises `NotAllowed`, `UploadRefused` as `store_upload`, `Invalid` for an unknown type or a full library.
    """
    _check_type(type_code)
    _refuse_overflow(owner)
    purpose = Purpose.PHOTO if type_code == PHOTO_TYPE else Purpose.MATERIAL
    stored = store_upload(file, actor=actor, owner=owner, name=name)
    known = _known(owner, is_photo=purpose is Purpose.PHOTO, sha256=stored.sha256)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            view = enter_upload(stored, actor=actor, purpose=purpose, slot=SLOT)
            Document.objects.filter(pk=view.id).update(expires_on=expires_on)
            _enter(view.id, owner=owner, type_code=type_code, sha256=stored.sha256, source=None, actor=actor)
    except IntegrityError:
        known = _known(owner, is_photo=purpose is Purpose.PHOTO, sha256=stored.sha256)
        if known is None:
            raise
        return known
    return view.id


def settle_in_library(document: UUID, *, actor: Actor, timeout: float) -> State:
    """Wait at most `timeout` seconds for the reader; a refused document is taken out again and `Invalid`
    says why."""
    view = permissions.access_document(actor, document, "look", case_visible=False)
    state, reason = wait_until_inspected([view.id], timeout=timeout)[view.id]
    if state is State.REFUSED:
        discard(view.id, actor=actor)
        raise Invalid(reason)
    return state


def keep_document(
    document: UUID, *, actor: Actor, type_code: str, expires_on: date | None = None
) -> UUID | None:
    """Put a copy of one's own document into the library; the entry's id, or None while the document is still
    checked: then the copy is made once it was found safe.

    Kept before: the entry that is there.  Raises `NotFound`, `NotAllowed`, `UploadRefused`, `Invalid`.
    """
    view = permissions.access_document(actor, document, "keep", case_visible=False)
    if view.state is State.REFUSED:
        raise UploadRefused(view.reason)
    if (type_code == PHOTO_TYPE) != (view.purpose == Purpose.PHOTO):
        type_code = PHOTO_TYPE if view.purpose == Purpose.PHOTO else _not_photo(type_code)
    _check_type(type_code)
    if Document.objects.filter(pk=document, state=State.HELD).update(keep_as=type_code):
        return None
    return _keep(document, actor=actor, owner=view.owner, type_code=type_code, expires_on=expires_on)


def keep_wanted(document: UUID) -> None:
    """Make the copy that was asked for at the upload, once; nothing when it is gone, refused or kept."""
    row = Document.objects.filter(pk=document).exclude(keep_as="").first()
    if row is None or row.state != State.SAFE:
        return
    try:
        _keep(row.id, actor=SYSTEM, owner=row.owner_id, type_code=row.keep_as, expires_on=None)
    except NotYetSafe:  # being turned: asked for again when it is drawn
        return
    except (Invalid, NotFound, FileLost) as why_not:  # full, or taken away: its owner can ask again
        _log.info("document %s was not kept: %s", document, type(why_not).__name__)
    Document.objects.filter(pk=document).update(keep_as="")


def change_entry(
    document: UUID, *, actor: Actor, name: str, type_code: str, expires_on: date | None
) -> LibraryEntryView:
    """Call an entry something else, say what it is and until when it holds.  Copies in cases stay as they
    are.  Raises `NotFound`, `Invalid`."""
    owner = _owner(actor)
    _check_type(type_code)
    with transaction.atomic():
        entry = LibraryEntry.objects.select_for_update(of=("self",)).filter(pk=document, owner=owner).first()
        if entry is None:
            raise NotFound
        if entry.is_photo != (type_code == PHOTO_TYPE):
            raise Invalid("照片和其他资料不能互换类型，未作任何改动。请按新的类型重新上传。")
        row = Document.objects.select_for_update(of=("self",)).get(pk=document)
        key = open_data_key(row.id, row.data_key)
        sealed = seal_under(key, clean_name(name).encode(), context=f"documents.name:{row.id}")
        Document.objects.filter(pk=document).update(name_sealed=sealed, expires_on=expires_on)
        LibraryEntry.objects.filter(pk=document).update(type_code=type_code)
        ledger.record(chain=row.id, event="library.changed", actor=actor, payload={"type": type_code})
    return library_entry(owner, document)


def remove_from_library(document: UUID, *, actor: Actor) -> None:
    """Take an entry out of the library: its row, key and files go.  What lies in cases stays there.

    Raises `NotFound` for what is not in the actor's library.
    """
    library_entry(_owner(actor), document)
    discard(document, actor=actor)


def _keep(document: UUID, *, actor: Actor, owner: UUID, type_code: str, expires_on: date | None) -> UUID:
    row = Document.objects.get(pk=document)
    is_photo, digest = row.purpose == Purpose.PHOTO, bytes(row.sha256)
    known = _known(owner, is_photo=is_photo, sha256=digest)
    if known is not None:
        return known
    _refuse_overflow(owner)
    stored = store_copy(document)
    try:
        with transaction.atomic():
            copy = enter_copy(stored, actor=actor, slot=SLOT, expires_on=expires_on)
            _enter(
                copy.pk,
                owner=owner,
                type_code=type_code,
                sha256=bytes(row.sha256),
                source=document,
                actor=actor,
            )
    except IntegrityError:
        known = _known(owner, is_photo=is_photo, sha256=digest)
        if known is None:
            raise
        return known
    return copy.pk


def _enter(
    document: UUID, *, owner: UUID, type_code: str, sha256: bytes, source: UUID | None, actor: Actor
) -> None:
    LibraryEntry.objects.create(
        document_id=document,
        owner_id=owner,
        type_code=type_code,
        is_photo=type_code == PHOTO_TYPE,
        sha256=sha256,
        source=source,
        agreed_at=clock.now(),
    )
    ledger.record(
        chain=document,
        event="library.kept",
        actor=actor,
        payload={"type": type_code, "source": str(source) if source else ""},
    )


def _known(owner: UUID, *, is_photo: bool, sha256: bytes) -> UUID | None:
    found = LibraryEntry.objects.filter(owner=owner, is_photo=is_photo, sha256=sha256)
    return found.values_list("document_id", flat=True).first()


def _refuse_overflow(owner: UUID) -> None:
    if LibraryEntry.objects.filter(owner=owner).count() >= LIBRARY_LIMIT:
        raise Invalid(FULL)


def _check_type(type_code: str) -> None:
    if type_code not in codes.load(LIBRARY_TYPES):
        raise Invalid(UNKNOWN_TYPE)


def _not_photo(type_code: str) -> str:
    return OTHER_TYPE if type_code == PHOTO_TYPE else type_code


def _owner(actor: Actor) -> UUID:
    if actor.kind != "applicant" or actor.id is None:
        raise NotAllowed
    return actor.id
