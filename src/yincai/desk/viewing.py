"""The documents of a case at the officers' door: pages as pictures, one page alone turned and enlarged by
links, Word files as text and as they were."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yincai.casework import queries as cases
from yincai.desk.choosing import address_of, filters_from
from yincai.desk.pages import page, staff_of
from yincai.documents.vocabulary import DocumentView
from yincai.foundation.errors import NotFound
from yincai.foundation.once import asked_once
from yincai.look.posted import whole_number
from yincai.people.permissions import staff_page

TURNS, LARGEST = 4, 3


@dataclass(frozen=True, slots=True)
class Seen:
    """How a page is shown: which one, how large (0 to 3), how many quarters it is turned."""

    number: int = 1
    zoom: int = 0
    turn: int = 0

    def address(self, **changes: int) -> str:
        """The query string of this page, shown differently."""
        now = replace(self, **changes)  # names of the fields
        shown = {"page": now.number, "zoom": now.zoom, "turn": now.turn % TURNS}
        return urlencode({name: value for name, value in shown.items() if value})


def look_at_file(request: HttpRequest, case_id: UUID, document_id: UUID) -> None:
    """One look at a document of a case, on record; `NotFound`, `NotAllowed`."""
    cases.open_document(staff_of(request), case_id, document_id)


@staff_page()
@require_safe
@asked_once()
def view(request: HttpRequest, case_id: UUID, document_id: UUID) -> HttpResponse:
    """One page alone, turned and enlarged by links, for whoever has no scripts or wants all the room.

    What is shown of the person is the picture, whose own request leaves the look on record.
    """
    actor = staff_of(request)
    found, dossier = cases.document_of(actor, case_id, document_id), cases.open_case(actor, case_id)
    pages = [one for one in found.pages if one.number > 0]
    seen = _seen(request, len(pages))
    listed = [dossier.documents[one.document_id] for one in dossier.materials]
    titles = {one.name: one.material.title for one in dossier.slots}
    return page(
        request,
        "view.html",
        case=dossier.case,
        document=found,
        title=titles.get(found.slot, "材料"),
        shown=pages[seen.number - 1],
        pages=len(pages),
        seen=seen,
        largest=LARGEST,
        before=_beside(listed, document_id, -1),
        after=_beside(listed, document_id, 1),
        list=address_of(filters_from(request.GET), place=dossier.case.place),
    )


def _seen(request: HttpRequest, pages: int) -> Seen:
    """What the address asks for, where it asks for something that there is; `NotFound` without any page."""
    if not pages:
        raise NotFound("这份文件没有可以显示的页面。请返回申请查看。")

    def asked(name: str, most: int, usual: int = 0) -> int:
        number = whole_number(request.GET.get(name, ""))
        return usual if number is None else max(usual, min(most, number))

    return Seen(asked("page", pages, 1), asked("zoom", LARGEST), asked("turn", TURNS - 1))


def _beside(listed: list[DocumentView], document_id: UUID, step: int) -> UUID | None:
    """The nearest document before or after one that has pages to show."""
    shown = [one.id for one in listed if one.id == document_id or any(each.number > 0 for each in one.pages)]
    at = shown.index(document_id) + step if document_id in shown else -1
    return shown[at] if 0 <= at < len(shown) else None
