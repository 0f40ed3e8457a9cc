"""Help: the form in each state, a question in each standing, progress, the supporters' pages."""

from __future__ import annotations

from uuid import uuid4

from django.test import Client
from django.urls import reverse

from tests import checks, personas
from tests.answers import picture
from tests.directory import helping
from tests.directory.asking import resident
from tests.look.pages.album import Album, Cast
from yincai.directory import actions, queries
from yincai.directory.models import Ticket

PLACE = "harbour_city"
LONG = "https://example.org/" + "a" * 90


def at(name: str, *args: object) -> str:
    """An address of this door."""
    return reverse(f"support:{name}", args=[PLACE, *args])


def take_all(album: Album, cast: Cast) -> None:
    """Every page of help, for residents, strangers and officers."""
    take_stranger(album)
    take_resident(album)
    take_desk(album)
    take_complaints(album)
    take_complaints_at_the_desk(album)


def take_stranger(album: Album) -> None:
    """Somebody who cannot sign in: the choice of a place, the form, the code, progress."""
    anybody = Client()
    album.take("help, which place", anybody, f"{reverse('support')}?page=/verify/")
    album.take("help, signed out", anybody, at("home"))
    album.take("question, signed out", anybody, at("ask"))
    album.take("question, unchecked", anybody, at("ask"), {"_key": str(uuid4())}, status=422)
    sent = {"_key": str(uuid4()), "page": "/my/", **helping.WRITTEN, "name": "路人"}
    wrong = {**sent, **checks.work_done("support"), "phone": "1", "text": "", "topic": ""}
    album.take("question, wrong", anybody, at("ask"), wrong, status=422)
    album.take("question, code asked", anybody, at("ask"), {**sent, **checks.work_done("support")})
    ticket = Ticket.objects.get(submission_key=sent["_key"]).pk
    address = at("confirm", ticket)
    album.take("question, wrong code", anybody, address, {"code": "x"}, status=422)
    album.take("question, code again", anybody, address, {"act": "again"})
    album.take("question of a stranger", anybody, address, {"code": helping.code_of(ticket)})
    album.take("progress", anybody, at("progress"))
    album.take("progress, wrong", anybody, at("progress"), {"number": "x", "code": "x"}, status=422)


def take_resident(album: Album) -> None:
    """Somebody signed in: the form with what goes along, the list, a question from first to last."""
    asker = personas.sign_in(resident(), second_factor=False)
    album.take("help, nothing asked", asker, at("home"))
    form = f"{at('ask')}?page=/my/approved/&log=request-12345678"
    album.take("question, what goes along", asker, form)
    sent = {"_key": str(uuid4()), **helping.WRITTEN, "along": "on", "page": "/my/", "log": "request-12345678"}
    bad = {**sent, "text": "", "file": picture()}
    album.take("question, no words", asker, at("ask"), bad, status=422)
    album.take("question, sent", asker, at("ask"), {**sent, "file": picture()})
    done = helping.answer(helping.ask(text=f"打不开 {LONG}"))
    queries.open_ticket(helping.officer(), done.id)
    page = at("ticket", done.id)
    album.take("question, answered", asker, page)
    album.take("question, nothing said", asker, page, {"_key": str(uuid4()), "text": ""}, status=422)
    album.take("question, ended", asker, page, {"act": "close"})
    album.take("help, questions", asker, at("home"))


def take_desk(album: Album) -> None:
    """The supporters' pages."""
    helper, second = helping.officer(), helping.officer("second")
    desk = personas.sign_in(resident("helper"), second_factor=True)
    own, taken = helping.ask("helper"), helping.ask("other")
    mine = helping.ask("other", uploads=(helping.screenshot("other"),), text=f"打不开 {LONG}")
    actions.claim_ticket(taken.id, actor=second)
    album.take("desk help, waiting", desk, reverse("desk:support"))
    for name, one in (("own", own), ("taken", taken), ("free", mine)):
        album.take(f"desk help, {name}", desk, reverse("desk:support-ticket", args=[one.id]))
    page = reverse("desk:support-ticket", args=[mine.id])
    album.take("desk help, claimed", desk, page, {"act": "claim"})
    album.take("desk help, phone unasked", desk, page, {"act": "reveal"}, status=422)
    album.take("desk help, phone", desk, page, {"act": "reveal", "reason": "电话里说明"})
    empty = {"act": "answer", "_key": str(uuid4()), "text": ""}
    album.take("desk help, no answer", desk, page, empty, status=422)
    album.take("desk help, answered", desk, page, {**empty, "_key": str(uuid4()), "text": "请再试。"})
    album.take("desk help, answered ones", desk, reverse("desk:support-answered"))
    helping.answer(own, by=second)
    actions.release_ticket(taken.id, actor=second)
    for one in queries.waiting_tickets(helper, PLACE)[0]:
        helping.answer(one, by=second if one.id == own.id else helper)
    album.take("desk help, nothing waits", desk, reverse("desk:support"))


def take_complaints(album: Album) -> None:
    """Complaining, signed in and not; one's own, waiting and answered."""
    anybody, asker = Client(), personas.sign_in(resident(), second_factor=False)
    album.take("complaints, signed out", anybody, at("complaints"))
    album.take("complaint, signed out", anybody, at("complain"))
    sent = {"_key": str(uuid4()), **helping.COMPLAINT}
    album.take("complaint, unchecked", anybody, at("complain"), sent, status=422)
    done = {**sent, **checks.work_done("support")}
    album.take("complaint of a stranger", anybody, at("complain"), done)
    album.take("complaints, none", asker, at("complaints"))
    album.take("complaint, form", asker, at("complain"))
    empty = {"_key": str(uuid4()), "against": "", "text": ""}
    album.take("complaint, wrong", asker, at("complain"), empty, status=422)
    whole = {
        **helping.COMPLAINT,
        "_key": str(uuid4()),
        "officer": "某人",
        "anonymous": "on",
        "file": picture(),
    }
    album.take("complaint, sent", asker, at("complain"), whole)
    made = helping.complain()
    helper = helping.officer()
    actions.claim_complaint(made.id, actor=helper)
    text = "经核实，当日没有收费记录；已提醒窗口说明办理时限。"
    actions.answer_complaint(made.id, actor=helper, outcome="partly", text=text)
    album.take("complaint, answered", asker, at("complaint", made.id))
    album.take("complaints, some", asker, at("complaints"))


def take_complaints_at_the_desk(album: Album) -> None:
    """The pages of who handles and who watches."""
    helping.officer("watcher", role="supervisor")
    second = helping.officer("second")
    desk = personas.sign_in(resident("helper"), second_factor=True)
    watcher = personas.sign_in(resident("watcher"), second_factor=True)
    made = helping.complain("other", uploads=(helping.screenshot("other"),), name="林小舟", text=f"见 {LONG}")
    hidden = helping.complain("other", is_anonymous=True, name="林小舟")
    actions.claim_complaint(hidden.id, actor=second)
    album.take("desk complaints", desk, reverse("desk:complaints"))
    album.take("desk complaints, watcher", watcher, reverse("desk:complaints"))
    page = reverse("desk:complaint", args=[made.id])
    album.take("desk complaint, free", desk, page)
    album.take("desk complaint, taken", desk, reverse("desk:complaint", args=[hidden.id]))
    album.take("desk complaint, hidden", watcher, reverse("desk:complaint", args=[hidden.id]))
    album.take("desk complaint, claimed", desk, page, {"act": "claim"})
    album.take("desk complaint, no reason", desk, page, {"act": "identity"}, status=422)
    album.take("desk complaint, who", desk, page, {"act": "identity", "reason": "联系了解"})
    album.take("desk complaint, no answer", desk, page, {"act": "answer"}, status=422)
    album.take("desk complaint, kept away", watcher, page, {"act": "away", "account": str(second.id)})
    done = {"act": "answer", "outcome": "untrue", "text": "经核实，没有收费。"}
    album.take("desk complaint, answered", desk, page, done)
    album.take("desk complaint, shown", desk, page)
    album.take("desk complaints, answered", desk, reverse("desk:complaints-answered"))
