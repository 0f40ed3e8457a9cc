"""A resident's pages: menus empty and filled, the form, the documents, the case in each of its states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.answers import SECTIONS, picture
from tests.cases import PLACE, send_back, submit, take
from tests.documents import files
from tests.look.pages import cards as made
from tests.look.pages.album import Album, Cast, Resident
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import AskedItem, CaseView
from yincai.directory.actions import publish_directory
from yincai.documents import library
from yincai.documents.inspection import inspect_document
from yincai.documents.vocabulary import PHOTO_TYPE
from yincai.messages import actions as messages
from yincai.messages.vocabulary import Texts

MENU = (
    "home",
    "apply",
    "drafts",
    "corrections",
    "refused",
    "approved",
    "cards",
    "inbox",
    "notices",
    "library",
)
LONG = "中国科学院石家庄示例先进材料与智能制造联合研究中心（河北省重点实验室）有限责任公司"
ASKED = (
    AskedItem("name_en", "differs_from_document", "护照上是 ZHANG，请与证件一致。" * 4),
    AskedItem("family.a1", "not_filled"),
    AskedItem("degree_copy", "not_legible"),
)


def at(name: str, *args: object) -> str:
    """An address of this door."""
    return reverse(f"portal:{name}", args=args)


def take_all(album: Album, cast: Cast) -> None:
    """Every page of `my/`."""
    nobody = cast.resident()
    for name in MENU:
        album.take(f"{name}, empty", nobody.browser, at(name))
    take_form(album, cast)
    take_lookup(album, cast)
    take_materials(album, cast)
    take_library(album, cast)
    take_course(album, cast)
    take_correction(album, cast)
    take_cards(album, cast)


def take_form(album: Album, cast: Cast) -> None:
    """Each section empty, filled, with mistakes and after a conflict; the check before handing in."""
    who = cast.resident()
    case = who.draft()
    wrong = {"identity.number": ["123"], "birth_date": ["2026-02-30"], "email": ["x"], "mobile": ["12"]}
    for name in SECTIONS:
        address = at("form", case.id, name)
        album.take(f"section {name}, empty", who.browser, address)
    more = {"_add_row": "family"}
    album.take("section, a row more", who.browser, at("form", case.id, "household"), more)
    album.take("check, everything missing", who.browser, at("check", case.id))
    album.take("drafts, one", who.browser, at("drafts"))
    album.take("delete?", who.browser, at("delete", case.id))
    full = cast.resident()
    for _ in range(10):
        full.draft()
    chosen = {"programme": f"{case.place}/{case.programme}/A", "_key": str(uuid4())}
    album.take("drafts, too many", full.browser, at("apply"), chosen, status=422)
    for name in ("person", "contact"):
        posted = {key: value[0] for key, value in (SECTIONS[name] | wrong).items()}
        answer = who.browser.post(at("form", case.id, name), posted)
        album.keep(f"section {name}, wrong", at("form", case.id, name), answer)
    stale = {key: value[0] for key, value in SECTIONS["contact"].items()} | {"_revision": "0"}
    who.browser.post(at("form", case.id, "contact"), stale)
    stale["telephone"] = "0311-86999999"
    album.take("section, conflict", who.browser, at("form", case.id, "contact"), stale, status=409)
    filled = cast.resident()
    done = filled.complete(name_zh=["阿卜杜热合曼·买买提艾力·吾斯曼江"])
    long = SECTIONS["employer"] | {"employer_name": [LONG], "employer_address": [LONG * 2]}
    actions.save_section(done.id, actor=filled.actor, section="employer", posted=long, seen_revision=1)
    for name in SECTIONS:
        album.take(f"section {name}, filled", filled.browser, at("form", done.id, name))
    album.take("check, complete", filled.browser, at("check", done.id))
    album.take("check, not declared", filled.browser, at("check", done.id), {}, status=422)
    for variant in "BC":
        other = cast.resident()
        album.take(f"section of {variant}", other.browser, at("form", other.draft(variant).id, "person"))


def take_lookup(album: Album, cast: Cast) -> None:
    """The employer's name in the directory, not in it, and looked for; 添加企业 with its way back."""
    publish_directory(settings.PLACES / PLACE)
    who = cast.resident()
    case = who.complete()
    address, finding = at("form", case.id, "employer"), at("find", case.id, "employer", "employer_name")
    for state, name in (("known", "石家庄示例科技有限公司"), ("unknown", "没有这个名字")):
        posted = SECTIONS["employer"] | {"employer_name": [name]}
        actions.save_section(case.id, actor=who.actor, section="employer", posted=posted, seen_revision=1)
        album.take(f"section employer, name {state}", who.browser, address)
    album.take("find, nothing asked", who.browser, f"{finding}?q=")
    album.take("find, nothing found", who.browser, finding)
    album.take("find, many found", who.browser, f"{finding}?q=示例")
    adding = reverse("directory:organisation-add", args=[PLACE])
    album.take("add organisation, from a form", who.browser, f"{adding}?name={LONG}&back={address}")


def take_materials(album: Album, cast: Cast) -> None:
    """The table of materials and one file of it, in each state that the reader leaves it in."""
    who = cast.resident()
    case = who.draft()
    table = at("materials", case.id)
    album.take("materials, empty", who.browser, table)
    album.take("materials, nothing chosen", who.browser, table, {"slot": "photo"}, status=422)
    added = actions.add_material(case.id, actor=who.actor, slot="title_copy", upload=picture("等待.jpg"))
    inspected = [
        who.hand_in(case.id, slot) for slot in ("photo", "identity_copy", "degree_copy", "degree_copy")
    ]
    actions.remove_material(case.id, inspected[-1], actor=who.actor)
    album.take("materials, filled", who.browser, table)
    shown = {"photo": inspected[0], "page": inspected[1], "unread": added.id, "locked": broken(who, case)}
    for state, material in shown.items():
        album.take(f"material, {state}", who.browser, at("material", case.id, material))
    album.take("crop", who.browser, at("crop", case.id, inspected[0]))
    replace = at("replace", case.id, inspected[1])
    album.take("replace with nothing", who.browser, replace, {}, status=422)
    album.take("keep without leave", who.browser, at("keep", case.id, inspected[1]), {}, status=422)


def broken(who: Resident, case: CaseView) -> UUID:
    """A document with a password, which nobody can read."""
    locked = SimpleUploadedFile("加密.pdf", files.pdf_locked("secret"), content_type="application/pdf")
    return who.hand_in(case.id, "identity_copy", locked)


def take_library(album: Album, cast: Cast) -> None:
    """我的资料库 with documents that are good, expired and being looked at; a row that one is lent to."""
    who = cast.resident()
    shelf = at("library")
    album.take("library, wrong", who.browser, shelf, {"type": "231", "expires_on": "明年"}, status=422)
    entries = [
        library.receive_for_library(picture(name), actor=who.actor, owner=who.account.pk, type_code=kind)
        for name, kind in (("照片.jpg", PHOTO_TYPE), (f"{LONG}.jpg", "231"), ("等待.jpg", "231"))
    ]
    for one in entries[:2]:
        inspect_document(one)
    album.take("library, filled", who.browser, shelf)
    for state, one in zip(("good", "long", "waiting"), entries, strict=True):
        album.take(f"entry, {state}", who.browser, at("library-entry", one))
    wrong = {"name": "", "type": "x", "expires_on": "y"}
    album.take("entry, wrong", who.browser, at("library-entry", entries[0]), wrong, status=422)
    album.take("entry, crop", who.browser, at("library-crop", entries[0]))
    case = who.draft()
    album.take("materials with a library", who.browser, at("materials", case.id))


def take_course(album: Album, cast: Cast) -> None:
    """A case from 预受理 to 已发卡, and refused."""
    ways: list[tuple[str, str, dict[str, str]]] = [
        ("window_officer", "accept", {}),
        ("window_officer", "check_originals", {"confirmation": "on"}),
        ("approver", "approve", {"opinion": "符合。"}),
        ("issuer", "issue", {}),
    ]
    who = cast.resident()
    case = who.submitted()
    album.take("done", who.browser, at("done", case.id))
    made.sealed_receipt(case)
    album.take("done with receipt", who.browser, at("done", case.id))
    album.take("home, one in review", who.browser, at("home"))
    cast.browser("window_officer").get(reverse("desk:case", args=[case.id]))
    for role, step, words in ways:
        album.take(f"case before {step}", who.browser, at("case", case.id))
        take(case.id, cast.staff(role), step, **words)
    album.take("case, card being made", who.browser, at("case", case.id))
    album.take("approved, one", who.browser, at("approved"))
    album.take("card, being made", who.browser, at("cards"))
    album.take("apply, one runs", who.browser, at("apply"))
    refused = cast.resident()
    lost = refused.submitted()
    take(
        lost.id,
        cast.staff("window_officer"),
        "refuse_at_window",
        reason="工作单位不在本市，不符合申请条件。" * 5,
    )
    album.take("case, refused", refused.browser, at("case", lost.id))
    album.take("refused, one", refused.browser, at("refused"))
    for number in range(2):
        texts = Texts(title="申请已预受理", body="您的申请已经预受理。" * (1 + number * 9), sms="短信")
        messages.tell(
            refused.account.pk,
            template_name="case.submitted",
            texts=texts,
            case_id=lost.id,
            idempotency_key=f"look:{number}",
        )
    album.take("inbox, two", refused.browser, at("inbox"))
    album.take("notices, saved", refused.browser, at("notices"), {"email": "on"})


def take_correction(album: Album, cast: Cast) -> None:
    """材料补正: asked for, answered in part, handed in again."""
    who = cast.resident()
    case = who.submitted()
    send_back(case.id, cast.staff("window_officer"), *ASKED)
    album.take("corrections, one", who.browser, at("corrections"))
    album.take("correction, asked", who.browser, at("correction", case.id))
    album.take("case, in correction", who.browser, at("case", case.id))
    for name in ("person", "household"):
        album.take(f"section {name}, pinned", who.browser, at("form", case.id, name))
    album.take("materials, pinned", who.browser, at("materials", case.id))
    album.take("check, nothing corrected", who.browser, at("check", case.id))
    answer_all(who, case)
    album.take("correction, answered", who.browser, at("correction", case.id))
    album.take("check, corrected", who.browser, at("check", case.id))
    submit(case.id, who.actor)
    album.take("done again", who.browser, at("done", case.id))
    album.take("case, second round", who.browser, at("case", case.id))
    album.take("case, first round", who.browser, at("case", case.id) + "?round=1")


def answer_all(who: Resident, case: CaseView) -> None:
    """Everything of `ASKED` put right."""
    save: Callable[..., Any] = actions.save_section
    revision = {"person": 1, "household": 1}
    person = {"name_en": ["ZHANG San"]}
    family = SECTIONS["household"] | {"family.a1.member_name": ["王大明"]}
    for name, posted in (("person", person), ("household", family)):
        save(case.id, actor=who.actor, section=name, posted=posted, seen_revision=revision[name])
    who.hand_in(case.id, "degree_copy")
    assert cases.case_for(who.actor, case.id).state == "in_correction"


def take_cards(album: Album, cast: Cast) -> None:
    """The wallet and the case with a card in force."""
    who = cast.resident()
    card = made.sealed_card(cast, who)
    album.take("wallet, one", who.browser, at("cards"))
    album.take("case, card there", who.browser, at("case", card.case_id))
    take(card.case_id, cast.staff("issuer"), "hand_over", confirmation="on")
    album.take("case, card handed over", who.browser, at("case", card.case_id))
    album.take("approved, card there", who.browser, at("approved"))
