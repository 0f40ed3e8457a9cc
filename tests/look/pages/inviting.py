"""请配偶自己上传: the applicant's page, and what the invited person sees from the code to the end."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from tests.answers import picture
from tests.casework.inviting import NAME, PHONE, SLOT, code_of, draft_of, publish_with_spouse
from tests.look.pages.album import Album, Cast
from yincai.casework.models import Invitation


def take_all(album: Album, cast: Cast) -> None:
    """From the invitation to the last file."""
    someone = cast.resident()
    without = someone.draft()
    album.take("invitations, no spouse", someone.browser, reverse("portal:invitations", args=[without.id]))
    with TemporaryDirectory() as folder:
        publish_with_spouse(Path(folder))
        applicant = cast.resident()
        case = draft_of(applicant.actor)
    page = reverse("portal:invitations", args=[case])
    album.take("materials, with a spouse", applicant.browser, reverse("portal:materials", args=[case]))
    album.take("invitations, none", applicant.browser, page)
    wrong = {"_key": str(uuid4()), "name": "", "phone": "1"}
    album.take("invitation, wrong", applicant.browser, page, wrong, status=422)
    asked = {"_key": str(uuid4()), "name": NAME, "phone": PHONE, "slots": [SLOT]}
    made = album.take("invitation, made", applicant.browser, page, asked).content.decode()
    found = re.search(r"(/invited/[\w-]{22}/)", made)
    assert found
    spouse, link = Client(), found[1]
    album.take("invited, code", spouse, link)
    album.take("invited, code sent", spouse, link, {"act": "send"})
    album.take("invited, wrong code", spouse, link, {"act": "open", "code": "x"}, status=422)
    code = code_of(Invitation.objects.get(case_id=case).pk)
    album.take("invited, opened", spouse, link, {"act": "open", "code": code})
    sent = {"_key": str(uuid4()), "act": SLOT}
    album.take("invited, no file", spouse, link, sent, status=422)
    given = {**sent, f"file.{SLOT}": picture(), "agrees": "on"}
    album.take("invited, file taken", spouse, link, given)
    album.take("invitations, opened", applicant.browser, page)
    album.take("materials, of the spouse", applicant.browser, reverse("portal:materials", args=[case]))
    album.take("invited, done", spouse, link, {"act": "finish"})
