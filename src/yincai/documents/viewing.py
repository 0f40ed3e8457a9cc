"""From a row to the value that crosses the door (private to the room)."""

from __future__ import annotations

from collections.abc import Sequence

from yincai.documents import vault
from yincai.documents.models import Document, Page
from yincai.documents.vocabulary import KINDS, Crop, DocumentView, PageView, State
from yincai.foundation.encryption import FORGOTTEN, Forgotten, unseal_under


def view_of(row: Document, pages: Sequence[Page] | None = None) -> DocumentView:
    """A row as other rooms see it, with its pages where they were fetched already."""
    name = _name(row)
    if name is None:
        pages = ()
    elif pages is None:
        pages = list(row.pages.all()) if row.state == State.SAFE else []  # only what is safe was ever drawn
    return DocumentView(
        id=row.id,
        owner=row.owner_id,
        purpose=row.purpose,
        slot=row.slot,
        name=FORGOTTEN if name is None else name,
        size=row.size,
        sha256=bytes(row.sha256).hex(),
        state=State(row.state),
        reason_code=row.reason_code,
        reason=row.reason,
        kind=next((kind for kind in KINDS if kind == row.kind), None),
        pages=tuple(PageView(page.number, page.width, page.height) for page in pages),
        warnings=tuple(row.warnings),
        sharpness=row.sharpness,
        is_being_redrawn=row.state == State.SAFE and row.drawn < row.drawing,
        created_at=row.created_at,
        case=row.case,
        label=row.label,
        crop=Crop(*row.crop) if row.crop else None,
        expires_on=row.expires_on,
        copied_from=row.copied_from,
        is_being_kept=bool(row.keep_as),
        is_forgotten=name is None,
    )


def _name(row: Document) -> str | None:
    """What the file is called; None once its owner is forgotten."""
    try:
        key = vault.open_data_key(row.id, row.data_key)
    except Forgotten:
        return None
    return unseal_under(key, bytes(row.name_sealed), context=f"documents.name:{row.id}").decode()
