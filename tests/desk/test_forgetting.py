"""A backup forgets too: once somebody's key is destroyed nothing of theirs opens from the rows of before."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from psycopg.pq import Format
from psycopg.types.json import JsonbLoader

from tests import personas
from tests.answers import NUMBER
from tests.cases import PLACE, send_back, take
from tests.directory.asking import WRITTEN, ask, resident, reviewer
from yincai.cards import storage
from yincai.cards.actions import cancel_card
from yincai.cards.case_orders import order_for_case
from yincai.cards.holders import HolderData
from yincai.cards.models import Card
from yincai.cards.verification import verify_code
from yincai.casework import queries as cases
from yincai.casework.vocabulary import AskedItem, CaseView
from yincai.directory.actions import decide_request, publish_directory
from yincai.documents import queries as documents
from yincai.documents import vault as files
from yincai.foundation import encryption, vault
from yincai.foundation.encryption import FORGOTTEN, Forgotten
from yincai.ledger import checkpoints, keys
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.messages import actions as messages
from yincai.messages import queries as inbox
from yincai.messages.vocabulary import Texts
from yincai.people import actions as people
from yincai.people import queries as accounts
from yincai.people.models import Account
from yincai.people.tasks import destroy_key

ActorOf = Callable[[str], Actor]
BrowserOf = Callable[[str], Client]
NAME, PHONE, TOLD = "张晓雨", personas.CAST["applicant"].phone, "张晓雨女士：请到窗口核对。"
OPINION, LICENCE_PHONE = "张晓雨符合名录第三条", WRITTEN["phone"]
WHY = "本人来电说明照片有误。"


@pytest.fixture
def tool() -> ModuleType:
    """The verifier that imports nothing of ours."""
    spec = spec_from_file_location("verify_ledger", settings.ROOT / "tools" / "verify_ledger.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def seals(tmp_path: Path) -> Iterator[Path]:
    """Where the checkpoints lie."""
    folder = tmp_path / "checkpoints"
    keys.create_checkpoint_key(tmp_path / "key.pem", checkpoints=folder)
    with override_settings(CHECKPOINTS=folder):
        yield folder


@pytest.fixture
def approved(submitted: CaseView, actor: ActorOf) -> CaseView:
    """A case with everything that is ever sealed of a person, whose card is ordered."""
    owner = actor("applicant")
    assert owner.id is not None
    people.give_identity(owner.id, actor=owner, name=NAME, kind="111", number=NUMBER)
    messages.tell(
        owner.id,
        template_name="case.asked",
        texts=Texts(title=TOLD, body=TOLD, sms=TOLD),
        case_id=submitted.id,
        idempotency_key="told",
    )
    take(submitted.id, actor("window_officer"), "accept")
    take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")
    take(submitted.id, actor("approver"), "approve", opinion=OPINION)
    case = take(submitted.id, actor("issuer"), "issue")
    order_for_case(next(one for one in ledger.history(case.id) if one.event == "card.requested"))
    return case


def code_of(case: CaseView) -> str:
    card = Card.objects.get(case_id=case.id, paper=False)
    return HolderData.unsealed(card.holder, card_id=card.id).code


def backup() -> dict[str, bytes]:
    """Every row of every table of ours, as `pg_dump` writes them."""
    kept = {}
    for name in tables():
        with connection.connection.cursor().copy(f'COPY "{name}" TO STDOUT') as copy:
            kept[name] = b"".join(bytes(part) for part in copy)
    return kept


def restore(kept: dict[str, bytes]) -> None:
    """Put the rows back in place of whatever is there now."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in kept:
            cursor.execute(f'DELETE FROM "{name}"')
    for name, rows in kept.items():
        with connection.connection.cursor().copy(f'COPY "{name}" FROM STDIN') as copy:
            copy.write(rows)


def tables() -> list[str]:
    ours = [model for model in apps.get_models() if model.__module__.startswith("yincai.")]
    return sorted({model._meta.db_table for model in ours})


def everything() -> str:
    """What our models tell of every row, opened where it opens; the programmes' own files apart, whose
    examples are our made-up people too."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("yincai.")]
    ours = [model for model in ours if model._meta.app_label != "programmes"]
    return repr([list(model._default_manager.values_list()) for model in ours])


def forget(owner: UUID) -> None:
    people.destroy_key(owner, actor=SYSTEM)
    destroy_key(account=str(owner))


def test_rows_of_a_backup_tell_nothing_of_who_was_forgotten(
    approved: CaseView, person: Callable[[str], Any], actor: ActorOf
) -> None:
    owner = person("applicant").pk
    card = Card.objects.get(case_id=approved.id, paper=False)
    code, dossier = code_of(approved), cases.materials(approved.id)
    pdf = storage.keep_file(card.id, b"%PDF-1.7", account=owner)
    cancel_card(card.id, actor=SYSTEM, reason=WHY)
    before = everything()
    assert all(word in before for word in (NAME, NUMBER, PHONE, TOLD, WHY))
    kept = backup()

    forget(owner)
    Account.objects.filter(pk=owner).update(phone="", phone_index=None)
    restore(kept)

    after = everything()
    assert [word for word in (NAME, NUMBER, PHONE, TOLD, OPINION, WHY) if word in after] == []
    assert accounts.phone_of(owner) is None
    assert accounts.identity_of(owner) is None
    told = inbox.inbox(owner)
    assert {one.body for one in told} == {FORGOTTEN}
    assert {one.name for one in documents.documents([one.document_id for one in dossier])} == {FORGOTTEN}
    with pytest.raises(Forgotten):
        documents.open_page(dossier[0].document_id, 1)
    with pytest.raises(Forgotten):
        storage.read_file(card.id, pdf, sha256="")
    holder = HolderData.unsealed(card.holder, card_id=card.id)
    assert (holder.name, holder.printed, holder.photo) == (FORGOTTEN, {}, None)
    assert verify_code(code).status.value == "unknown"  # it was never sealed
    assert {step.words.get("reason", FORGOTTEN) for step in cases.steps(actor("auditor"), approved.id)} == {
        FORGOTTEN
    }


def test_pages_of_officers_still_answer(
    approved: CaseView, person: Callable[[str], Any], browser: BrowserOf
) -> None:
    material = cases.materials(approved.id)[0].document_id
    forget(person("applicant").pk)

    page = browser("auditor").get(reverse("desk:case", args=[approved.id]))

    words = page.content.decode()
    assert page.status_code == 200
    assert "填写的内容、材料和经办意见已按本人申请销毁" in words
    assert f"办理意见：{FORGOTTEN}" in words or f"理由：{FORGOTTEN}" in words
    assert NAME not in words
    listed = browser("issuer").get(reverse("desk:queue"))
    assert listed.status_code == 200
    found = browser("auditor").post(reverse("desk:search"), {"text": NAME})
    assert found.status_code == 200
    assert FORGOTTEN in found.content.decode()
    picture = browser("auditor").get(reverse("desk:document", args=[approved.id, material, 1]))
    assert picture.status_code == 404
    assert FORGOTTEN in picture.content.decode()
    for name in ("form", "cards"):
        assert browser("auditor").get(reverse(f"desk:{name}", args=[approved.id])).status_code in (200, 404)


def test_correction_of_who_was_forgotten_is_still_listed(
    submitted: CaseView, actor: ActorOf, person: Callable[[str], Any], browser: BrowserOf
) -> None:
    items = [AskedItem("name_zh", "mismatch", note="请张晓雨女士核对。"), AskedItem("family.a1", "mismatch")]
    reasons = {one.code for one in cases.reasons_of(PLACE)}
    items = [AskedItem(one.path, sorted(reasons)[0], one.note or "请核对。") for one in items]
    send_back(submitted.id, actor("window_officer"), items[0])
    forget(person("applicant").pk)

    page = browser("auditor").get(reverse("desk:case", args=[submitted.id]))

    assert page.status_code == 200
    assert "请张晓雨女士核对" not in page.content.decode()
    assert FORGOTTEN in page.content.decode()


def test_ledger_verifies_before_and_after(
    approved: CaseView, person: Callable[[str], Any], seals: Path, tool: ModuleType
) -> None:
    sign = keys.signer(seals.parent / "key.pem")
    checkpoints.make_checkpoint(sign)
    kept = backup()
    before = verified(tool, seals)

    forget(person("applicant").pk)
    checkpoints.make_checkpoint(sign)
    after = verified(tool, seals)

    restore(kept | {name: backup()[name] for name in kept if name.startswith("ledger_")})
    assert [one.is_sound for one in (before, after, verified(tool, seals))] == [True, True, True]
    said = [one.said("reason") + one.said("opinion") for one in ledger.history(approved.id)]
    assert [words for words in said if NAME in words] == []


def verified(tool: ModuleType, folder: Path) -> Any:
    raw: Any = connection.connection
    usual = raw.adapters.get_loader(3802, Format.TEXT)
    raw.adapters.register_loader("jsonb", JsonbLoader)
    try:
        return tool.verify_on(raw, folder, key=encryption.ring().index_key)
    finally:
        raw.adapters.register_loader("jsonb", usual)


def test_nobody_is_told_anything_any_more(person: Callable[[str], Any]) -> None:
    owner = person("applicant").pk
    forget(owner)

    told = messages.tell(
        owner, template_name="x", texts=Texts(title="t", body="b"), case_id=None, idempotency_key="k"
    )

    assert told == ()


def test_request_of_who_was_forgotten_is_shown_and_refused(db: None, reader_here: None) -> None:
    publish_directory(settings.PLACES / "harbour_city")
    asked = ask()
    officer = reviewer("shenhe")
    desk = personas.sign_in(resident("shenhe"), second_factor=True)
    forget(asked.account)

    page = desk.get(f"/desk/directory/{asked.id}/")

    assert page.status_code == 200
    assert LICENCE_PHONE[-4:] not in page.content.decode()
    assert WRITTEN["address"] not in page.content.decode()
    assert FORGOTTEN in page.content.decode()
    with pytest.raises(Forgotten):
        decide_request(asked.id, actor=officer, approve=True, opinion="")
    decided = decide_request(asked.id, actor=officer, approve=False, opinion="材料已销毁。")
    assert (decided.standing.value, decided.opinion) == ("refused", "")


def test_document_of_who_was_forgotten_opens_by_no_other_key(
    submitted: CaseView, person: Callable[[str], Any]
) -> None:
    row = cases.materials(submitted.id)[0]
    forget(person("applicant").pk)
    _, wrapped = files.make_data_key(row.document_id, owner=uuid4())

    assert vault.is_destroyed(person("applicant").pk)
    assert len(files.open_data_key(row.document_id, wrapped)) == 32
    with pytest.raises(Forgotten):
        documents.open_page(row.document_id, 1)
