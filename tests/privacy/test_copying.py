"""A copy of everything held: whole, for its owner alone, gone after a week."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pypdfium2 as pdfium
import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from tests import personas
from tests.privacy.conftest import NUMBER
from yincai.casework.vocabulary import CaseView
from yincai.foundation import clock
from yincai.foundation.errors import NotAllowed
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people
from yincai.people.vocabulary import TooManyAttempts
from yincai.privacy import actions, queries
from yincai.privacy.coverage import COVERAGE
from yincai.privacy.models import DataCopy
from yincai.privacy.vocabulary import CopyGone, CopyState, Form

AT = clock.start_of(clock.today())


def make(actor: Actor) -> Any:
    """A copy, asked for and made; its row."""
    assert actor.id is not None
    asked = actions.ask_copy(actor.id, actor=actor, key=uuid4())
    actions.make_copy(asked.id)
    return DataCopy.objects.get(pk=asked.id)


def opened(actor: Actor) -> dict[str, dict[str, Any]]:
    """What a copy says, part by part."""
    content = json.loads(actions.fetch_copy(make(actor).pk, actor=actor, form=Form.JSON))
    assert content["schema"] == "yincai.personal-data.v1"
    return {f"{part['room']}.{part['name']}": part for part in content["parts"]}


def test_copy_says_who_somebody_is_in_clear(me: Actor, owner: Any) -> None:
    parts = opened(me)

    (identity,) = parts["people.identity"]["rows"]
    assert (identity["name"], identity["number"]) == ("李明", NUMBER)
    assert parts["people.identity"]["labels"]["number"] == "证件号码"
    assert parts["people.account"]["rows"][0]["phone"] == owner.phone
    assert "account.identity_given" in {one["event"] for one in parts["ledger.events"]["rows"]}


def test_copy_has_an_application_with_its_rounds_steps_documents_and_looks(
    submitted: CaseView, actor: Callable[[str], Actor]
) -> None:
    from yincai.casework import queries as cases

    officer = actor("window_officer")
    cases.look_at_case(officer, submitted.id, what="case")
    parts = opened(actor("applicant"))

    (application,) = parts["casework.applications"]["rows"]
    (handed_in,) = application["rounds"]
    assert application["reference"] == submitted.reference
    assert {"field", "label", "section", "shown", "value"} == set(handed_in["answers"][0])
    assert handed_in["documents"]
    assert [one["by"] for one in application["steps"]][0] == "applicant"
    files = parts["documents.documents"]["rows"]
    assert {one["document"] for one in application["materials"]} == {one["id"] for one in files}
    assert all(len(one["sha256"]) == 64 for one in files)
    assert [one["what"] for one in parts["ledger.looks"]["rows"]] == ["case"]


def test_paper_can_be_read_and_says_the_same(submitted: CaseView, actor: Callable[[str], Actor]) -> None:
    me = actor("applicant")

    pdf = actions.fetch_copy(make(me).pk, actor=me, form=Form.PDF)

    with pdfium.PdfDocument(pdf) as document:
        words = "".join(page.get_textpage().get_text_range() for page in document)
    plain = "".join(words.split())
    for said in ("个人信息副本", "办理记录", "谁看过我的资料", str(submitted.reference), "姓名"):
        assert said in plain


def test_every_field_of_a_copy_has_a_chinese_name(submitted: CaseView, actor: Callable[[str], Actor]) -> None:
    free = {
        "draft.value",
        "rounds.answers.value",
        "typed",
        "rounds.documents",
        "values",
        "printed",
        "payload",
    }
    free |= {"substitutes"}

    for name, part in opened(actor("applicant")).items():
        labels = part["labels"]
        for row in part["rows"]:
            lacking = {path for path in paths(row) if path not in labels and not is_within(path, free)}
            assert not lacking, name


def paths(value: Mapping[str, Any], start: str = "") -> Iterator[str]:
    for name, one in value.items():
        yield start + name
        for inner in one if isinstance(one, list) else [one]:
            if isinstance(inner, dict):
                yield from paths(inner, f"{start}{name}.")


def is_within(path: str, free: set[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in free)


def test_copy_of_another_is_never_given(me: Actor, resident: Callable[..., Any]) -> None:
    copy, other = make(me), resident("stranger")
    stranger = people.applicant_of(other)

    with pytest.raises(CopyGone):
        actions.fetch_copy(copy.pk, actor=stranger, form=Form.JSON)
    with pytest.raises(CopyGone):
        actions.fetch_copy(copy.pk, actor=Actor("staff", me.id), form=Form.JSON)
    with pytest.raises(NotAllowed):
        actions.ask_copy(copy.account_id, actor=stranger, key=uuid4())

    assert "data_copy.downloaded" not in events(copy.account_id)


def events(account_id: Any) -> list[str]:
    return [one.event for one in ledger.history(account_id)]


def test_each_download_is_on_record_without_what_it_says(me: Actor, owner: Any) -> None:
    copy = make(me)

    for _ in range(2):
        actions.fetch_copy(copy.pk, actor=me, form=Form.JSON)

    fetched = [one for one in ledger.history(owner.pk) if one.event == "data_copy.downloaded"]
    assert [one.payload for one in fetched] == [{"copy": str(copy.pk), "form": "json"}] * 2
    assert events(owner.pk).count("data_copy.made") == 1


def test_copy_lies_sealed(me: Actor) -> None:
    copy = make(me)

    with connection.cursor() as cursor:
        cursor.execute("SELECT content, data_key FROM privacy_datacopy")
        content, key = (bytes(one) for one in cursor.fetchone())
    assert "李明".encode() not in content
    assert copy.state == CopyState.READY
    assert len(key) > 32


def test_copy_is_gone_after_a_week_before_and_after_the_job(me: Actor, owner: Any) -> None:
    with clock.frozen(AT) as hands:
        copy = make(me)
        hands.move_by(timedelta(days=7))

        with pytest.raises(CopyGone):
            actions.fetch_copy(copy.pk, actor=me, form=Form.JSON)
        assert actions.destroy_copies() == 1
        assert actions.destroy_copies() == 0

    copy.refresh_from_db()
    assert (copy.state, copy.content, bytes(copy.data_key)) == (CopyState.GONE, None, b"")
    assert [one.state for one in queries.copies_of(owner.pk)[0]] == [CopyState.GONE]
    assert events(owner.pk)[-1] == "data_copy.destroyed"


def test_copy_is_kept_for_as_long_as_is_declared(me: Actor, settings: Any, tmp_path: Path) -> None:
    declared = Path(settings.RETENTION).read_text("utf8")
    settings.RETENTION = tmp_path / "retention.yaml"
    settings.RETENTION.write_text(
        declared.replace("data_copy\n    keep: 7 days", "data_copy\n    keep: 2 days")
    )

    with clock.frozen(AT):
        assert make(me).ends_at == AT + timedelta(days=2)
    assert queries.copies_kept().words == "2 天"


def test_job_that_runs_twice_makes_one_copy(me: Actor, owner: Any) -> None:
    copy = make(me)
    before = bytes(copy.content)

    actions.make_copy(copy.pk)
    actions.fail_copy(copy.pk)

    copy.refresh_from_db()
    assert bytes(copy.content) == before
    assert events(owner.pk).count("data_copy.made") == 1


def test_same_form_and_a_second_one_meanwhile_ask_once(me: Actor, owner: Any) -> None:
    key = uuid4()

    first = [actions.ask_copy(owner.pk, actor=me, key=key) for _ in range(2)]
    second = actions.ask_copy(owner.pk, actor=me, key=uuid4())

    assert {one.id for one in (*first, second)} == {first[0].id}
    assert events(owner.pk).count("data_copy.asked") == 1


def test_copies_of_a_day_are_limited(me: Actor, owner: Any) -> None:
    for _ in range(3):
        make(me)

    with pytest.raises(TooManyAttempts):
        actions.ask_copy(owner.pk, actor=me, key=uuid4())


def test_owner_is_told(me: Actor, owner: Any) -> None:
    from yincai.messages.queries import inbox
    from yincai.privacy.tasks import tell_owner

    make(me)
    tell_owner(next(one for one in ledger.history(owner.pk) if one.event == "data_copy.made"))

    assert [one.title for one in inbox(owner.pk)] == ["个人信息副本可以下载了"]


def test_page_asks_for_the_password_again(owner: Any, trusted: Callable[[Any], Any]) -> None:
    owner.set_password(personas.PASSWORD)
    owner.save()
    copies = reverse("account_data_copies")
    without = personas.sign_in(owner, second_factor=False)

    assert without.get(copies).headers["Location"].startswith(reverse("account_reauthenticate"))
    assert without.post(copies, {"_key": str(uuid4())}).status_code == 403
    assert not DataCopy.objects.exists()

    browser = trusted(owner)
    assert browser.post(copies, {"_key": str(uuid4())}).status_code == 302
    copy = DataCopy.objects.get()
    actions.make_copy(copy.pk)
    address = reverse("account_data_file", args=[copy.pk, "json"])
    assert address in browser.get(copies).content.decode()
    answer = browser.get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.content)["account"] == str(owner.pk)
    assert without.get(address).status_code == 302


def test_link_of_another_is_not_found(
    me: Actor, resident: Callable[..., Any], trusted: Callable[[Any], Any]
) -> None:
    address = reverse("account_data_file", args=[make(me).pk, "json"])

    assert trusted(resident("stranger")).get(address).status_code == 404


def test_every_table_with_personal_data_is_in_the_copy_or_says_why_not(me: Actor) -> None:
    ours = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("yincai.")
        or model._meta.app_label in {"account", "mfa", "usersessions"}
    }
    ours |= {"socialaccount.SocialAccount"}
    assert set(COVERAGE) == ours

    there = set(opened(me))
    named = {one.copied for one in COVERAGE.values() if one.copied}
    assert named <= there
    assert there <= named
    assert [label for label, one in COVERAGE.items() if not one.copied and not one.not_copied] == []
