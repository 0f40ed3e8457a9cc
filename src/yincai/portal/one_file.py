"""The one file of a form: the one that was chosen now, else the one that an earlier sending of it brought."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from yincai.documents import actions as documents
from yincai.documents import queries as files
from yincai.documents.vocabulary import DocumentView, Purpose, State, UploadRefused
from yincai.foundation.errors import NotFound, YincaiError
from yincai.portal.pages import actor_of


def take_file(request: HttpRequest, *, slot: str) -> tuple[DocumentView | None, str]:
    """The file of this form, if it has one that can be used, and what is wrong with the one chosen now.

    The form carries the id of what came before as `_upload`; a new file takes its place.
    """
    actor, before = actor_of(request), _before(request)
    chosen = request.FILES.get("file")
    if chosen is None:
        return before, ""
    if actor.id is None:
        raise NotFound
    try:
        stored = documents.store_upload(chosen, actor=actor, owner=actor.id)
        made = documents.enter_upload(stored, actor=actor, purpose=Purpose.MATERIAL, slot=slot)
    except UploadRefused as error:
        return before, error.sentence
    state, reason = files.wait_until_inspected([made.id], timeout=settings.UPLOAD_WAIT_SECONDS)[made.id]
    if state is State.REFUSED:
        documents.discard(made.id, actor=actor)
        return before, reason
    if before is not None:
        documents.discard(before.id, actor=actor)
    return files.document(made.id), ""


def _before(request: HttpRequest) -> DocumentView | None:
    """The file that an earlier POST of this form brought, while it is this person's and lies nowhere."""
    try:
        found = files.document(UUID(request.POST.get("_upload", "")))
    except (ValueError, YincaiError):
        return None
    return found if found.owner == actor_of(request).id and found.case is None else None
