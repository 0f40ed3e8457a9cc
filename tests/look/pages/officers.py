"""The officers' pages: the queue, a case in each state with its forms, many at once, leave, reading more."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.cases import PLACE, send_back, submit, take
from tests.look.pages import cards as made
from tests.look.pages.album import Album, Cast
from tests.look.pages.residents import ASKED, LONG, answer_all
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView
from yincai.engine.place import Reading
from yincai.programmes import places

RARE = "\U0002b4e9"
ROLES = ("window_officer", "lead_officer", "auditor", "administrator")


def at(name: str, *args: object) -> str:
    """An address of this door."""
    return reverse(f"desk:{name}", args=args)


def take_all(album: Album, cast: Cast) -> None:
    """Every page of `desk/` but the administration's."""
    for role in ROLES:
        album.take(f"queue, empty, {role}", cast.browser(role), at("queue"))
    take_case(album, cast)
    take_returned(album, cast)
    take_lists(album, cast)
    take_cards(album, cast)
    take_leave(album, cast)
    take_reading(album, cast)


def take_case(album: Album, cast: Cast) -> None:
    """One case from hand to hand, with what each can do opened and done wrongly."""
    ways: list[tuple[str, str, dict[str, str]]] = [
        ("window_officer", "accept", {}),
        ("window_officer", "check_originals", {"confirmation": "on"}),
        ("approver", "approve", {"opinion": "符合。"}),
        ("issuer", "issue", {}),
    ]
    case = cast.resident().submitted(name_zh=["阿卜杜热合曼·买买提艾力·吾斯曼江"])
    page = at("case", case.id)
    for role, step, words in ways:
        officer = cast.browser(role)
        album.take(f"case before {step}, free", officer, page)
        officer.post(at("claim", case.id))
        album.take(f"case before {step}, mine", officer, page)
        changes = cases.case_for(cast.staff(role), case.id).changes
        wrong_step(album, officer, case, step, changes=changes)
        take(case.id, cast.staff(role), step, **words)
    album.take("case, card being made", cast.browser("issuer"), page)
    album.take("case, auditor", cast.browser("auditor"), page)
    other = cast.resident().submitted()
    officer, shown = cast.browser("window_officer"), at("case", other.id)
    album.take("number shown", officer, at("reveal", other.id, "identity"), {"reason": "与原件核对"})
    album.take("number, no reason", officer, at("reveal", other.id, "mobile"), {"reason": ""}, status=422)
    actions.claim_case(other.id, actor=cast.staff("colleague"))
    album.take("case, held by a colleague", officer, shown)
    album.take("case, lead", cast.browser("lead_officer"), shown)
    assign = {"to": "", "reason": ""}
    first = cases.materials(other.id)[0].document_id
    album.take("one document", officer, at("view", other.id, first))
    album.take("one document, larger", officer, at("view", other.id, first) + "?zoom=2&turn=1")
    album.take("handing on, wrong", cast.browser("lead_officer"), at("assign", other.id), assign, status=422)


def wrong_step(album: Album, officer: Client, case: CaseView, step: str, *, changes: int) -> None:
    """The other steps that stand there, each without what it needs."""
    wrong = {
        "accept": ("refuse_at_window", "request_correction"),
        "check_originals": ("check_originals",),
        "approve": ("approve", "refuse_in_approval"),
    }
    for name in wrong.get(step, ()):
        posted = {"_key": str(uuid4()), "_changes": str(changes)}
        album.take(f"{name}, lacking", officer, at("step", case.id, name), posted, status=422)


def take_returned(album: Album, cast: Cast) -> None:
    """A case sent back and answered: what changed stands beside what was asked."""
    who, officer = cast.resident(), cast.browser("window_officer")
    case = who.submitted()
    send_back(case.id, cast.staff("window_officer"), *ASKED)
    album.take("case, sent back", officer, at("case", case.id))
    answer_all(who, case)
    submit(case.id, who.actor)
    officer.post(at("claim", case.id))
    album.take("case, answered", officer, at("case", case.id))
    refused = cast.resident().submitted()
    take(refused.id, cast.staff("window_officer"), "refuse_at_window", reason="不在本市。")
    album.take("case, refused", officer, at("case", refused.id))


def take_lists(album: Album, cast: Cast) -> None:
    """The queue with cases and filters, the search, many cases at once."""
    officer = cast.browser("window_officer")
    found = [cast.resident().submitted() for _ in range(3)]
    album.take("queue, filled", officer, at("queue"))
    album.take("queue, filled, lead", cast.browser("lead_officer"), at("queue"))
    for query in ("whose=mine", "whose=overdue", "variant=B", "state=pre_accepted"):
        album.take(f"queue, {query}", officer, f"{at('queue')}?{query}")
    for state, text, status in (("many", "张晓雨", 200), ("none", "赵六", 200), ("wrong", "", 422)):
        posted = {"place": PLACE, "text": text}
        album.take(f"search, {state}", officer, at("search"), posted, status=status)
    chosen = {"case": [str(one.id) for one in found], "way": "check_originals", "place": PLACE}
    found[0] = take(found[0].id, cast.staff("window_officer"), "accept")
    album.take("bulk, seen before", officer, at("bulk"), chosen)
    album.take("bulk, nothing chosen", officer, at("bulk"), chosen | {"case": []}, status=422)
    sent = chosen | {"_key": str(uuid4()), "seen": [f"{one.id}_{one.changes}" for one in found]}
    album.take("bulk, not confirmed", officer, at("bulk-take"), sent, status=422)
    album.take("bulk, done", officer, at("bulk-take"), sent | {"confirmation": "on"})


def take_cards(album: Album, cast: Cast) -> None:
    """The cards of a case, ended without a reason, and a name that no font can print."""
    issuer = cast.browser("issuer")
    card = made.sealed_card(cast, cast.resident())
    page = at("cards", card.case_id)
    album.take("cards", issuer, page)
    for what in ("cancel", "reissue"):
        end = at("end-card", card.case_id, card.id, what)
        album.take(f"{what} without a reason", issuer, end, {"reason": ""}, status=422)
    album.take("case, card there", issuer, at("case", card.case_id))
    end = at("end-card", card.case_id, card.id, "cancel")
    album.take("cards, cancelled", issuer, end, {"reason": "持卡人申请注销。" * 6})
    rare = made.approved(cast, cast.resident(), name_zh=[f"张{RARE}雨"])
    issuer.post(at("claim", rare.id))
    album.take("case, rare character", issuer, at("case", rare.id))
    posted = {"character": RARE, "substitute": "", "reason": ""}
    album.take("substitute, lacking", issuer, at("substitutes", rare.id), posted, status=422)


def take_leave(album: Album, cast: Cast) -> None:
    """休假代办: none, wrong, one."""
    lead = cast.browser("lead_officer")
    album.take("leave, none", lead, at("leave"))
    album.take("leave, wrong", lead, at("leave"), {"place": PLACE}, status=422)
    posted = {
        "place": PLACE,
        "account": str(cast.account("window_officer").pk),
        "substitute": str(cast.account("colleague").pk),
        "first_day": "2099-10-01",
        "last_day": "2099-10-08",
    }
    album.take("leave, one", lead, at("leave"), posted)
    album.take("leave, of an officer", cast.browser("window_officer"), at("leave"))


def take_reading(album: Album, cast: Cast) -> None:
    """The day's allowance used up, and who took more."""
    album.take("readings, none", cast.browser("administrator"), at("readings"))
    few = replace(places.load_place(PLACE), reading=Reading(1, 1))
    case = cast.resident().submitted()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "load_place", lambda name: few)
        officer = cast.browser("colleague")
        officer.get(at("case", cast.resident().submitted().id))
        album.take("allowance used up", officer, at("case", case.id))
        posted = {"place": PLACE, "reason": LONG, "code": "000000"}
        album.take("allowance, wrong", officer, at("reading"), posted, status=422)
    assert cases.case_for(cast.staff("window_officer"), case.id)
