"""退回补正 on the case page: places to tick beside the data, each with a reason and a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.http import HttpRequest

from yincai.casework import queries as cases
from yincai.casework.queries import Dossier
from yincai.casework.vocabulary import AskedItem, PinPlace
from yincai.engine.reasons import Pin, Reason
from yincai.engine.workflow import Need, Transition
from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar
from yincai.foundation.days import day_in_words
from yincai.foundation.errors import Invalid

CHOSEN, REASON, NOTE = "pin", "pin-reason.", "pin-note."


@dataclass(frozen=True)
class PinForm:
    """The places of a case that an officer may tick now, as one form over the whole page."""

    way: Transition
    places: Mapping[str, PinPlace]
    reasons: Sequence[Reason]
    due_at: datetime | None
    typed: Mapping[str, AskedItem] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def form_id(self) -> str:
        """The form that the inputs beside the data belong to."""
        return f"words-{self.way.name}"

    def reasons_for(self, pin: Pin) -> list[Reason]:
        """The reasons that can be chosen for this kind of place."""
        return [one for one in self.reasons if pin in one.about]

    @property
    def due_day(self) -> str:
        """The last day on which the applicant may answer, and how many working days that is."""
        if self.due_at is None:
            return ""
        last_day = clock.day_of(self.due_at - timedelta(seconds=1))
        days = load_calendar().count(clock.today(), last_day)
        return f"{day_in_words(last_day)}（含当日，{days} 个工作日）"


def pin_form(
    request: HttpRequest, dossier: Dossier, possible: Sequence[Transition], refusal: Invalid | None
) -> PinForm | None:
    """The form, if one of the possible steps sends back; with what was ticked when it was refused."""
    way = next((one for one in possible if Need.ITEMS in one.needs), None)
    if way is None:
        return None
    places = cases.pin_places(dossier.spec, dossier.submitted_facts, dossier.slots)
    return PinForm(
        way=way,
        places={one.path: one for one in places},
        reasons=cases.reasons_of(dossier.case.place),
        due_at=cases.due_after(way, dossier.case),
        typed={one.path: one for one in items_of(request)} if refusal else {},
        problems={one.path: one.message for one in refusal.problems} if refusal else {},
    )


def items_of(request: HttpRequest) -> list[AskedItem]:
    """What was ticked, in the order of the page."""
    post = request.POST
    return [
        AskedItem(
            path, post.get(f"{REASON}{path}", ""), post.get(f"{NOTE}{path}", "").replace("\0", "").strip()
        )
        for path in post.getlist(CHOSEN)
    ]
