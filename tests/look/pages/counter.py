"""代办 at the counter: the form, the portal's pages in the officer's hands, the confirmation."""

from __future__ import annotations

from uuid import uuid4

from django.urls import reverse
from prove.live.people import identity_number

from tests.answers import SECTIONS, SLOTS, picture
from tests.cases import PLACE, PROGRAMME
from tests.casework.entering import WHO, code_of
from tests.look.pages.album import Album, Cast
from yincai.casework import actions
from yincai.casework.models import CounterConfirmation, CounterHelp
from yincai.casework.queries import open_help
from yincai.documents.inspection import inspect_document

NUMBER = identity_number(400)


def take_all(album: Album, cast: Cast) -> None:
    """From the document that somebody shows to the number of their case."""
    desk, here = cast.browser("window_officer"), reverse("desk:counter")
    album.take("counter, empty", desk, here)
    album.take("counter, wrong", desk, here, {"_key": str(uuid4())}, status=422)
    typed = {**WHO, "number": NUMBER, "offer": f"{PLACE}/{PROGRAMME}/A", "present": "on"}
    album.take("counter, form of the portal", desk, here, {"_key": str(uuid4()), **typed})
    row = CounterHelp.objects.get()
    helping = open_help(cast.account("window_officer").pk, row.id)
    assert helping is not None
    album.take("counter, one open", desk, here)
    confirm = reverse("desk:counter-confirm", args=[row.id])
    album.take("counter, gaps", desk, confirm)
    album.take("counter, asked with gaps", desk, confirm, {"act": "ask"}, status=422)
    for name, posted in SECTIONS.items():
        own = {"identity.number": [NUMBER]} if name == "person" else {}
        actions.save_section(
            helping.case, actor=helping.actor, section=name, posted=posted | own, seen_revision=0
        )
    for slot in SLOTS:
        added = actions.add_material(helping.case, actor=helping.actor, slot=slot, upload=picture())
        inspect_document(added.document_id)
    album.take("counter, materials", desk, reverse("portal:materials", args=[helping.case]))
    album.take("counter, check", desk, reverse("portal:check", args=[helping.case]))
    album.take("counter, code sent", desk, confirm, {"act": "ask"})
    asked = CounterConfirmation.objects.get().id
    given = {"_key": str(uuid4()), "asked": str(asked), "code": "x"}
    album.take("counter, wrong code", desk, confirm, given, status=422)
    album.take("counter, handed in", desk, confirm, given | {"code": code_of(asked)})
