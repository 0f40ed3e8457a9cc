"""What is over goes every night, in batches, on record; what is not stays; one that fails keeps no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.cases import PLACE, PROGRAMME, fill, take
from tests.directory import helping
from tests.directory.asking import ask, reviewer
from yincai.cards.models import Card
from yincai.casework import actions as cases
from yincai.casework import queries as casework
from yincai.casework.models import Case, CaseKey, Round, SectionRevision, Step
from yincai.casework.vocabulary import CaseView
from yincai.directory import actions as directory
from yincai.directory.models import Complaint, Request
from yincai.directory.ticket_models import Ticket
from yincai.directory.vocabulary import Sort
from yincai.documents.models import Document
from yincai.engine.loading import SpecErrors, load_retention, load_retention_folder
from yincai.engine.retention import Kept, Period, Unit
from yincai.foundation import clock
from yincai.foundation.errors import NotFound
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor
from yincai.messages import actions as messages
from yincai.messages.models import Message
from yincai.messages.vocabulary import Texts
from yincai.people.models import DestroyedKey, SignIn
from yincai.privacy import actions
from yincai.privacy.queries import CHAIN, declared_periods
from yincai.programmes import queries as programmes

ROOT = Path(__file__).parents[2]
DECLARED = (ROOT / "data" / "retention.yaml").read_text("utf8")


def events(chain: UUID) -> list[str]:
    return [one.event for one in ledger.history(chain)]


@pytest.fixture
def refused(submitted: CaseView, actor: Callable[[str], Actor]) -> CaseView:
    """A case that ended without success."""
    return take(submitted.id, actor("window_officer"), "refuse_at_window", reason="材料与原件不符")


@pytest.fixture
def later() -> Any:
    """`later(days=400)`: go so far on with a stopped clock and let the night's job run."""
    with clock.frozen(clock.now()) as hands:

        def move(**by: float) -> dict[Kept, int]:
            hands.move_by(timedelta(**by))
            return actions.erase_due().erased

        yield move


def test_refused_case_is_kept_for_its_ten_years_and_then_erased(
    refused: CaseView, actor: Callable[[str], Actor], later: Any
) -> None:
    auditor = actor("auditor")
    assert Kept.REFUSED not in later(days=3640)
    assert casework.open_case(auditor, refused.id).answers

    assert later(days=20)[Kept.REFUSED] == 1

    row = Case.objects.get(pk=refused.id)
    assert (bytes(row.data_key), row.subject_name, row.subject_index) == (b"", None, None)
    assert not SectionRevision.objects.filter(case=row).exists()
    assert not CaseKey.objects.filter(case=row).exists()
    assert not Document.objects.filter(case=refused.id).exists()
    assert [bytes(one.sealed) for one in Round.objects.filter(case=row)] == [b""]
    assert set(Step.objects.filter(case=row).values_list("words", flat=True)) == {None}
    with pytest.raises(NotFound):
        casework.case_for(auditor, refused.id)
    (erased,) = [one for one in ledger.history(refused.id) if one.event == "content.erased"]
    assert erased.payload == {"kind": "refused", "why": "retention"}
    assert later(days=1).get(Kept.REFUSED, 0) == 0


def test_case_on_its_way_is_never_erased(submitted: CaseView, later: Any) -> None:
    assert later(days=365 * 60).get(Kept.REFUSED, 0) == 0
    assert Case.objects.get(pk=submitted.id).deleted_at is None


def test_decided_case_counts_from_the_end_of_its_card(refused: CaseView, later: Any) -> None:
    make_decided(refused, valid_years=20)

    assert Kept.DECIDED not in later(days=365 * 31 + 10)
    assert later(days=365 * 19 + 10)[Kept.DECIDED] == 1
    assert not Card.objects.filter(case_id=refused.id).exists()


def test_case_whose_card_is_in_force_for_good_stays(refused: CaseView, later: Any) -> None:
    make_decided(refused, valid_years=None)

    assert Kept.DECIDED not in later(days=365 * 90)


def make_decided(case: CaseView, *, valid_years: int | None) -> None:
    """As if the case had been approved, with a card that was sealed."""
    from tests.cards.orders import order

    Case.objects.filter(pk=case.id).update(state="issued")
    card = order(case_id=case.id, chain=case.id, holder_account_id=case.account_id)
    until = clock.today() + timedelta(days=365 * valid_years) if valid_years else None
    Card.objects.filter(pk=card.id).update(
        state="sealed",
        sealed_at=clock.now(),
        issued_on=clock.today(),
        valid_until=until,
        pdf_key="cards/none",
        pdf_sha256="0" * 64,
    )


def test_draft_goes_a_year_after_it_was_last_saved(
    draft: CaseView, actor: Callable[[str], Actor], later: Any
) -> None:
    assert Kept.DRAFT not in later(days=300)
    fill(draft.id, actor("applicant"))
    assert Kept.DRAFT not in later(days=300)

    assert later(days=70)[Kept.DRAFT] == 1
    assert not Document.objects.filter(case=draft.id).exists()


def test_messages_and_sign_ins_go_in_batches_with_a_record_that_says_how_many(
    actor: Callable[[str], Actor], person: Callable[[str], Any], later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yincai.privacy import retention

    monkeypatch.setattr(retention, "AT_ONCE", 2)
    owner = person("applicant")
    for number in range(5):
        text = Texts(title="t", body=f"正文{number}")
        messages.tell(owner.pk, template_name="t", texts=text, case_id=None, idempotency_key=f"{number}")
    SignIn.objects.create(account=owner, method="password", outcome="wrong", device="电脑", known=False)

    assert later(days=367)[Kept.SIGN_IN] == 1
    assert Message.objects.count() == 5
    assert later(days=367)[Kept.MESSAGE] == 5

    payloads = [one.payload for one in ledger.history(CHAIN)]
    assert [(one["kind"], one["number"]) for one in payloads] == [
        ("sign_in", 1), ("message", 2), ("message", 2), ("message", 1)
    ]  # fmt: skip
    assert all(set(one) == {"kind", "number", "before"} for one in payloads)


def test_file_that_was_handed_in_nowhere_goes_and_one_in_the_library_stays(
    actor: Callable[[str], Actor], later: Any
) -> None:
    from tests.answers import picture
    from yincai.documents import actions as documents
    from yincai.documents import library

    me = actor("applicant")
    assert me.id is not None
    stored = documents.store_upload(picture(), actor=me, owner=me.id)
    loose = documents.enter_upload(stored, actor=me, purpose="material", slot="directory")
    kept = library.receive_for_library(picture(), actor=me, owner=me.id, type_code="990")

    assert later(days=3)[Kept.LOOSE_UPLOAD] == 1
    assert set(Document.objects.values_list("pk", flat=True)) == {kept}
    assert events(loose.id)[-1] == "document.erased"


def test_request_to_the_directory_loses_what_was_written_and_its_file(
    db: None, reader_here: None, settings: Any, later: Any
) -> None:
    directory.publish_directory(settings.PLACES / "harbour_city")
    asked = ask()
    waiting = ask("other", sort=Sort.SCHOOL)
    directory.decide_request(asked.id, actor=reviewer(), approve=False, opinion="看不清")

    assert later(days=365 * 3 + 2)[Kept.DIRECTORY_REQUEST] == 1

    row = Request.objects.get(pk=asked.id)
    assert (row.values, row.opinion, row.documents) == ({}, "", [])
    assert Request.objects.get(pk=waiting.id).values["name"]
    assert events(asked.id)[-1] == "content.erased"


def test_ticket_goes_with_all_that_was_said_and_its_files(db: None, reader_here: None, later: Any) -> None:
    asked = helping.ask(uploads=[helping.screenshot()])
    waiting = helping.ask("other")
    helping.answer(asked)
    later(days=8)
    directory.close_answered()

    assert Kept.TICKET not in later(days=365 * 3 - 2)
    assert later(days=5)[Kept.TICKET] == 1

    assert set(Ticket.objects.values_list("pk", flat=True)) == {waiting.id}
    assert not Document.objects.filter(case=asked.id).exists()
    assert events(asked.id)[-1] == "content.erased"


def test_complaint_goes_ten_years_after_its_answer(resident: Callable[..., Any], later: Any) -> None:
    account = resident("complaining")
    shared: dict[str, Any] = {
        "place": "harbour_city",
        "against": "office",
        "account": account,
        "text": "等了三天",
        "due_at": clock.now(),
    }
    waiting = Complaint.objects.create(number="TS1", submission_key=uuid4(), **shared)
    done = Complaint.objects.create(
        number="TS2",
        submission_key=uuid4(),
        standing="answered",
        outcome="untrue",
        answered_by=uuid4(),
        answered_at=clock.now(),
        **shared,
    )

    assert later(days=3655)[Kept.COMPLAINT] == 1

    assert set(Complaint.objects.values_list("pk", flat=True)) == {waiting.pk}
    assert events(done.pk)[-1] == "content.erased"


def test_one_that_fails_keeps_no_other_and_is_tried_again(
    refused: CaseView, actor: Callable[[str], Actor], later: Any
) -> None:
    drafts = [
        cases.open_draft(actor=actor("spouse"), place=PLACE, programme=PROGRAMME, variant="A", key=uuid4())
        for _ in range(3)
    ]
    broken = sorted(one.id for one in drafts)[1]
    refuse(broken)

    assert later(days=370)[Kept.DRAFT] == 2
    swept = actions.erase_due()
    assert (swept.failed, swept.erased.get(Kept.DRAFT, 0)) == (1, 0)
    assert Case.objects.get(pk=broken).deleted_at is None
    assert "content.erased" not in events(broken)

    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse ON casework_case")
    assert actions.erase_due().erased[Kept.DRAFT] == 1


def refuse(case_id: UUID) -> None:
    """Let the database refuse to change one case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'refused'; END $$;"
            " CREATE TRIGGER refuse BEFORE UPDATE ON casework_case FOR EACH ROW"
            f" WHEN (OLD.id = '{case_id}') EXECUTE FUNCTION refuse();"
        )


def test_night_that_was_broken_off_is_finished_the_next(
    actor: Callable[[str], Actor], published: Any, later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yincai.privacy import retention

    for _ in range(3):
        cases.open_draft(actor=actor("applicant"), place=PLACE, programme=PROGRAMME, variant="A", key=uuid4())
    erase, done = retention.case_actions.erase_stale_draft, []

    def killed(case_id: UUID, **more: Any) -> bool:
        if done:
            raise KeyboardInterrupt
        done.append(case_id)
        return erase(case_id, **more)

    monkeypatch.setattr(retention.case_actions, "erase_stale_draft", killed)
    with pytest.raises(KeyboardInterrupt):
        later(days=370)
    assert Case.objects.filter(deleted_at__isnull=False).count() == 1
    monkeypatch.undo()

    assert actions.erase_due().erased[Kept.DRAFT] == 2
    assert [events(one.pk).count("content.erased") for one in Case.objects.all()] == [1, 1, 1]


def test_key_of_an_erased_account_goes_with_the_last_thing_kept(
    refused: CaseView, actor: Callable[[str], Actor], person: Callable[[str], Any], later: Any
) -> None:
    account = person("applicant")
    actions.ask_closing(account.pk, actor=actor("applicant"))
    later(days=8)
    assert actions.close_due_accounts() == 1
    assert actions.destroy_unneeded_keys() == 0

    later(days=3660)

    assert actions.destroy_unneeded_keys() == 1
    assert DestroyedKey.objects.filter(account=account).exists()
    assert actions.destroy_unneeded_keys() == 0


def test_ledger_of_an_erased_case_still_verifies(refused: CaseView, later: Any) -> None:
    later(days=3660)

    history = ledger.history(refused.id)
    assert [one.sequence for one in history] == list(range(1, len(history) + 1))


def test_residents_and_auditors_read_the_periods(
    browser: Callable[[str], Client], person: Callable[[str], Any]
) -> None:
    for who, address in (("applicant", "account_retention"), ("auditor", "desk:retention")):
        page = browser(who).get(reverse(address)).content.decode()
        assert "30 年" in page
        assert "国家档案局令第8号" in page
    assert browser("window_officer").get(reverse("desk:retention")).status_code in (403, 404)


def test_shipped_declaration_has_every_kind_with_its_law() -> None:
    declared = load_retention(DECLARED)

    assert set(declared.rules) == set(Kept)
    assert all("《" in one.law for one in declared.rules.values())
    assert programmes.retention().rule(Kept.DECIDED).period == Period(30, Unit.YEARS)
    assert len(declared_periods().rules) == len(Kept)


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("keep: 30 years", "keep: forever", "keep is forever"),
        ("keep: 30 years", "keep: 0 days", "keep is 0 days"),
        ("keep: 30 years", "keep: 900 years", "keep is 900 years"),
        ("kind: draft", "kind: drafts", "kind is drafts"),
        ("kind: export", "kind: draft", "draft is written twice"),
        ("cooling_off_days: 7", "cooling_off_days: 60", "cooling_off_days is 60"),
        (
            "    keep: 1 years\n    law: 《网络",
            "    keep: 1 months\n    law: 《网络",
            "sign_in is kept for 1 months",
        ),
        ("kinds:", "sorts:", "has no kinds"),
    ],
)
def test_mistakes_are_told_with_file_and_line(line: str, instead: str, said: str) -> None:
    assert line in DECLARED

    with pytest.raises(SpecErrors) as refused:
        load_retention(DECLARED.replace(line, instead, 1))

    told = [str(one) for one in refused.value.problems]
    assert any(one.startswith("retention.yaml:") and said in one for one in told), told


def test_place_keeps_its_own_longer_and_a_programme_longer_still(tmp_path: Path, settings: Any) -> None:
    folder = tmp_path / "harbour_city"
    (folder / "programmes" / "library_card").mkdir(parents=True)
    (folder / "programmes" / "library_card" / "programme.yaml").write_text("name: library_card")
    (folder / "retention.yaml").write_text(
        "kinds:\n  - {kind: refused, keep: 12 years, law: 本市规定}\n"
        "programmes:\n  - name: library_card\n    kinds: [{kind: decided, keep: 50 years, law: 本市规定}]\n"
    )
    settings.PLACES = tmp_path

    found = programmes.retention("harbour_city")

    assert found.rule(Kept.REFUSED).period == Period(12, Unit.YEARS)
    assert found.rule(Kept.DECIDED).period == Period(30, Unit.YEARS)
    assert found.rule(Kept.DECIDED, programme="library_card").period == Period(50, Unit.YEARS)
    assert found.rule(Kept.DRAFT) == programmes.retention().rule(Kept.DRAFT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kinds:\n  - {kind: message, keep: 2 years, law: x}\n", "retention.yaml:2"),
        ("programmes:\n  - {name: nothing, kinds: [{kind: draft, keep: 2 years, law: x}]}\n", "nothing"),
        ("cooling_off_days: 3\n", "cooling_off_days"),
    ],
)
def test_place_declares_only_what_is_its_own(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "retention.yaml").write_text(text)

    with pytest.raises(SpecErrors) as refused:
        load_retention_folder(tmp_path)

    assert any(said in str(one) for one in refused.value.problems)


def test_months_end_with_the_month() -> None:
    day = clock.start_of(clock.today()).replace(year=2024, month=2, day=29)

    assert Period(1, Unit.YEARS).after(day).isoformat()[:10] == "2025-02-28"
    assert Period(6, Unit.MONTHS).after(day).isoformat()[:10] == "2024-08-29"
    assert Period(12, Unit.MONTHS).before(day).isoformat()[:10] == "2023-02-28"
    assert Period(2, Unit.DAYS).after(day) == day + timedelta(days=2)
