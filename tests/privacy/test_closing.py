"""注销账号: told before, thought over, taken back with one press; then nothing is left but what must be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.cases import PLACE, take
from tests.privacy.conftest import NUMBER
from yincai.casework import actions as cases
from yincai.casework import queries as casework
from yincai.casework.models import Case
from yincai.casework.vocabulary import CaseView
from yincai.documents import library
from yincai.documents.models import Document
from yincai.engine.retention import Kept
from yincai.foundation import clock
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.messages import actions as messages
from yincai.messages.models import Message
from yincai.messages.vocabulary import Texts
from yincai.people import actions as people
from yincai.people import queries
from yincai.people.models import Account, DestroyedKey, SignIn
from yincai.people.vocabulary import StillAppointed, UsernameTaken
from yincai.privacy import actions
from yincai.privacy.coverage import COVERAGE
from yincai.privacy.queries import closing_view
from yincai.privacy.vocabulary import CasesOnTheirWay

NOW = clock.start_of(clock.today())


def events(chain: UUID) -> list[str]:
    return [one.event for one in ledger.history(chain)]


def close(account: Any) -> None:
    """Ask, let the days pass, and let the job come by."""
    with clock.frozen(clock.now()) as hands:
        actions.ask_closing(account.pk, actor=queries.applicant_of(account))
        hands.move_by(timedelta(days=7, minutes=1))
        assert actions.close_due_accounts() == 1


@pytest.fixture
def refused(submitted: CaseView, actor: Callable[[str], Actor]) -> CaseView:
    """A case that ended without success."""
    return take(submitted.id, actor("window_officer"), "refuse_at_window", reason="材料与原件不符")


def test_account_is_erased_when_its_days_are_over_and_not_before(owner: Any, me: Actor) -> None:
    with clock.frozen(NOW) as hands:
        at = actions.ask_closing(owner.pk, actor=me)
        assert at == NOW + timedelta(days=7)
        hands.move_by(timedelta(days=7, seconds=-1))
        assert actions.close_due_accounts() == 0
        assert not queries.is_closed(owner.pk)
        hands.move_by(timedelta(seconds=1))
        assert actions.close_due_accounts() == 1

    row = Account.objects.get(pk=owner.pk)
    assert (row.email, row.phone, row.phone_index, row.is_active) == ("", "", None, False)
    assert row.username not in ("li_ming", "")
    assert not row.has_usable_password()
    assert queries.identity_of(owner.pk) is None
    assert queries.display_name(owner.pk) == "已注销的用户"
    assert queries.display_names([owner.pk]) == {owner.pk: "已注销的用户"}
    assert events(owner.pk)[-2:] == ["account.closed", "account.key_destroyed"]


def test_nothing_of_the_person_stays_anywhere_in_the_database(owner: Any, me: Actor) -> None:
    people.note_assurance(owner, actor=me, level=queries.assurance_of(owner.pk).level.REAL_NAME, source="x")
    SignIn.objects.create(account=owner, method="password", outcome="wrong", device="电脑", known=False)
    messages.tell(
        owner.pk,
        template_name="t",
        texts=Texts(title="a", body="b"),
        case_id=None,
        idempotency_key="k",
    )
    actions.ask_copy(owner.pk, actor=me, key=uuid4())
    close(owner)

    left = {label for label in COVERAGE if rows_of(label, owner.pk)}
    assert left == {"people.Account", "people.DestroyedKey"}
    assert texts_with("li_ming") == []


def rows_of(label: str, account_id: UUID) -> int:
    """How many rows of a table point to the account."""
    model = apps.get_model(label)
    names = {"account", "user", "owner", "holder_account", "actor_id"} - {"actor_id"}
    fields = {one.name for one in model._meta.concrete_fields} & names
    if label == "people.Account":
        return int(model.objects.filter(pk=account_id).count())
    return sum(int(model.objects.filter(**{name: account_id}).count()) for name in fields)


def texts_with(word: str) -> list[str]:
    """The columns of text in which a word stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb')"
        )
        found = []
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1', [f"%{word}%"])
            found += [f"{table}.{column}"] if cursor.fetchone() else []
    return found


def test_name_is_given_to_nobody_again_but_the_document_may_register(
    owner: Any, resident: Callable[..., Any]
) -> None:
    close(owner)

    for name in ("li_ming", "LI_MING"):
        with pytest.raises(UsernameTaken):
            people.register_account(username=name, password=None)
    again = resident("li_ming_2", NUMBER)
    assert queries.account_of_document("111", NUMBER) == again.pk


def test_registration_says_that_the_name_is_taken(owner: Any) -> None:
    from yincai.people.adapter import AccountAdapter

    close(owner)

    with pytest.raises(Exception, match="已有人使用"):
        AccountAdapter().clean_username("Li_Ming")


def test_one_press_takes_it_back(owner: Any, me: Actor) -> None:
    with clock.frozen(NOW) as hands:
        actions.ask_closing(owner.pk, actor=me)
        assert actions.take_back_closing(owner.pk, actor=me)
        assert not actions.take_back_closing(owner.pk, actor=me)
        hands.move_by(timedelta(days=8))
        assert actions.close_due_accounts() == 0

    assert not queries.is_closed(owner.pk)
    assert events(owner.pk)[-2:] == ["account.closing_asked", "account.closing_taken_back"]


def test_erasing_twice_erases_once(owner: Any, me: Actor) -> None:
    close(owner)
    before = events(owner.pk)

    assert actions.close_account(owner.pk) is False
    assert actions.close_due_accounts() == 0
    assert events(owner.pk) == before


def test_asking_twice_keeps_the_first_day(owner: Any, me: Actor) -> None:
    with clock.frozen(NOW) as hands:
        first = actions.ask_closing(owner.pk, actor=me)
        hands.move_by(timedelta(days=3))
        assert actions.ask_closing(owner.pk, actor=me) == first

    assert events(owner.pk).count("account.closing_asked") == 1


def test_nobody_closes_another_ones_account(owner: Any, me: Actor, resident: Callable[..., Any]) -> None:
    stranger = queries.applicant_of(resident("stranger"))

    for other in (stranger, Actor("staff", me.id), SYSTEM):
        with pytest.raises(NotAllowed):
            actions.ask_closing(owner.pk, actor=other)
    actions.ask_closing(owner.pk, actor=me)
    with pytest.raises(NotAllowed):
        actions.take_back_closing(owner.pk, actor=stranger)

    assert queries.closing_of(owner.pk).at is not None


def test_staff_keep_their_account_while_they_are_appointed(owner: Any, me: Actor) -> None:
    people.appoint_staff(
        owner, actor=SYSTEM, place="harbour_city", office="main_library", role="librarian", name="李明"
    )

    with pytest.raises(StillAppointed):
        actions.ask_closing(owner.pk, actor=me)

    assert queries.closing_of(owner.pk).at is None


def test_live_case_stands_in_the_way(submitted: CaseView, actor: Callable[[str], Actor]) -> None:
    me = actor("applicant")
    assert me.id is not None

    with pytest.raises(CasesOnTheirWay):
        actions.ask_closing(me.id, actor=me)

    view = closing_view(me.id)
    assert [one.reference for one in view.live] == [submitted.reference]
    assert not view.is_open
    assert queries.closing_of(me.id).at is None


def test_case_handed_in_meanwhile_stops_it_and_the_owner_is_told(
    complete: CaseView, actor: Callable[[str], Actor]
) -> None:
    from tests.cases import submit

    me = actor("applicant")
    assert me.id is not None
    with clock.frozen(clock.now()) as hands:
        actions.ask_closing(me.id, actor=me)
        submit(complete.id, me)
        hands.move_by(timedelta(days=8))

        assert actions.close_due_accounts() == 0

    assert not queries.is_closed(me.id)
    assert queries.closing_of(me.id).at is None
    assert events(me.id)[-1] == "account.closing_stopped"


def test_decided_case_stays_readable_for_auditors_and_the_rest_goes(
    refused: CaseView, actor: Callable[[str], Actor], person: Callable[[str], Any]
) -> None:
    me, account = actor("applicant"), person("applicant")
    entry = library.keep_document(casework.materials(refused.id)[0].document_id, actor=me, type_code="990")
    draft = cases.open_draft(actor=me, place=PLACE, programme=refused.programme, variant="A", key=uuid4())

    close(account)

    auditor = actor("auditor")
    looked_at = casework.look_at_case(auditor, refused.id, what="case")
    assert looked_at is not None
    assert casework.open_case(auditor, refused.id).answers
    assert Document.objects.filter(case=refused.id).exists()
    assert not Document.objects.filter(pk=entry).exists()
    assert Case.objects.get(pk=draft.id).deleted_at is not None
    assert not Message.objects.filter(account=account).exists()
    assert not DestroyedKey.objects.filter(account=account).exists()
    with pytest.raises(NotFound):
        casework.case_for(me, draft.id)


def test_page_says_until_when_a_case_is_kept_and_by_what_law(
    refused: CaseView, actor: Callable[[str], Actor]
) -> None:
    me = actor("applicant")
    assert me.id is not None

    view = closing_view(me.id)

    (kept,) = view.kept
    assert kept.reference == refused.reference
    assert kept.rule.kind is Kept.REFUSED
    assert refused.ended_at is not None
    assert kept.until == refused.ended_at.replace(year=refused.ended_at.year + 10)
    assert "国家档案局令第8号" in kept.rule.law


def test_nobody_is_told_anything_after_it(owner: Any) -> None:
    close(owner)

    told = messages.tell(
        owner.pk, template_name="t", texts=Texts(title="a", sms="b"), case_id=None, idempotency_key="k"
    )

    assert told == ()
    assert not Message.objects.exists()


def test_sessions_end_and_nobody_signs_in(owner: Any, trusted: Callable[[Any], Client]) -> None:
    owner.set_password(personas.PASSWORD)
    owner.save()
    browser, other = trusted(owner), Client()
    close(owner)

    assert browser.get(reverse("account_data")).status_code == 302
    answer = other.post(reverse("account_login"), {"login": "li_ming", "password": personas.PASSWORD})
    assert answer.status_code == 422


def test_room_that_fails_leaves_everything_as_it_was(
    owner: Any, me: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    Account.objects.filter(pk=owner.pk).update(closing_at=clock.now())
    with connection.cursor() as cursor:  # a database that refuses one table
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'refused'; END $$;"
            " CREATE TRIGGER refuse BEFORE DELETE ON people_identity FOR EACH ROW EXECUTE FUNCTION refuse();"
        )

    assert actions.close_due_accounts() == 0

    assert not queries.is_closed(owner.pk)
    assert queries.identity_of(owner.pk) is not None
    assert "account.closed" not in events(owner.pk)


def test_pages_lead_through_it(owner: Any, trusted: Callable[[Any], Client]) -> None:
    owner.set_password(personas.PASSWORD)
    owner.save()
    address, browser = reverse("account_close"), trusted(owner)
    signed_in = personas.sign_in(owner, second_factor=False)

    assert signed_in.get(address).headers["Location"].startswith(reverse("account_reauthenticate"))
    page = browser.get(address).content.decode()
    assert "姓名和证件号码（以后可用同一证件重新注册）" in page
    unread = browser.post(address, {"_key": str(uuid4())})
    assert unread.status_code == 422
    assert queries.closing_of(owner.pk).at is None

    asked = browser.post(address, {"_key": str(uuid4()), "understood": "1"}, follow=True)
    assert "撤回注销" in asked.content.decode()
    assert queries.closing_of(owner.pk).at is not None

    back = signed_in.post(reverse("account_close_back"), follow=True)  # no second proof: staying is easy
    assert "注销申请已撤回" in back.content.decode()
    assert queries.closing_of(owner.pk).at is None


def test_who_signs_in_meanwhile_comes_to_where_it_is_taken_back(owner: Any, me: Actor) -> None:
    owner.set_password(personas.PASSWORD)
    owner.save()
    actions.ask_closing(owner.pk, actor=me)

    answer = Client().post(reverse("account_login"), {"login": "li_ming", "password": personas.PASSWORD})

    assert answer.headers["Location"] == reverse("account_data")
