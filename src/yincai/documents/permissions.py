"""Who may do what to a document. Whether its case is visible is the caller's room to decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from uuid import UUID

from yincai.documents import queries
from yincai.documents.vocabulary import DocumentView
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.ledger.vocabulary import Actor

Verb = Literal["look", "download", "rotate", "crop", "discard", "keep"]


def access_document(actor: Actor, document: UUID, verb: Verb, *, case_visible: bool) -> DocumentView:
    """The document, when this actor may do this to it.

    `case_visible`: whether the caller's room lets this actor see the document's case. Raises `NotFound` for
    what is not theirs to see, `NotAllowed` for what they see but may not do.
    """
    view = queries.document(document)
    if not (is_owner(actor, view) or sees_it_in_a_case(actor, view, case_visible=case_visible)):
        raise NotFound
    if not _ALLOWED[verb](actor, view):
        raise NotAllowed(_WHY_NOT.get(verb, NotAllowed().sentence))
    return view


def may_upload_for(actor: Actor, owner: UUID) -> bool:
    """Residents upload for themselves; staff may for somebody at their window, and whom the owner invited."""
    if actor.kind == "anonymous":
        return actor.behalf is not None and actor.behalf == owner
    return actor.kind == "staff" or (actor.kind == "applicant" and actor.id == owner)


def is_owner(actor: Actor, document: DocumentView) -> bool:
    """Whether the resident uploaded it, or somebody at a window did for them."""
    return actor.kind == "applicant" and actor.id == document.owner


def sees_it_in_a_case(actor: Actor, document: DocumentView, *, case_visible: bool) -> bool:
    """Staff see a document through its case only: before it is attached it is its owner's alone."""
    return actor.kind == "staff" and case_visible and document.case is not None


def _anybody(actor: Actor, document: DocumentView) -> bool:
    return True


def _owner_while_loose(actor: Actor, document: DocumentView) -> bool:
    return is_owner(actor, document) and document.case is None


_ALLOWED: dict[Verb, Callable[[Actor, DocumentView], bool]] = {
    "look": _anybody,
    "download": _anybody,
    "rotate": _anybody,
    "crop": _owner_while_loose,
    "discard": _owner_while_loose,
    "keep": is_owner,
}
_WHY_NOT: dict[Verb, str] = {
    "crop": "这张照片已随申请提交，不能再裁剪，未作任何改动。",
    "discard": "这份文件已放入申请，不能在这里删除，未作任何改动。请到申请的材料页面删除或更换。",
}
