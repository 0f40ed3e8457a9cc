"""Who the owner of an account is: given once, one document one account, proven step by step."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from tests import personas
from yincai.foundation.errors import Invalid, YincaiError
from yincai.ledger.queries import history
from yincai.ledger.vocabulary import SYSTEM
from yincai.people import actions, queries
from yincai.people.models import Identity
from yincai.people.vocabulary import DocumentTaken, HasIdentity, Level

pytestmark = pytest.mark.django_db
NUMBER = "11010519491231002X"


def account(name: str = "applicant") -> UUID:
    made: UUID = personas.make_persona(name).pk
    return made


def give(owner: UUID, *, name: str = "张晓雨", kind: str = "111", number: str = NUMBER) -> None:
    actions.give_identity(owner, actor=SYSTEM, name=name, kind=kind, number=number)


def test_identity_is_kept_in_its_normal_form_and_recorded_without_it() -> None:
    owner = account()

    give(owner, name=" 张晓雨 ", number="１１０１０５ 19491231 002x")

    found = queries.identity_of(owner)
    assert found is not None
    assert (found.name, found.number, found.kind_title) == ("张晓雨", NUMBER, "居民身份证")
    assert found.masked_number == "110***********002X"
    assert queries.account_of_document("111", NUMBER) == owner
    entry = history(owner)[-1]
    assert (entry.event, entry.payload) == ("account.identity_given", {"kind": "111"})


def test_document_opens_one_account_only() -> None:
    give(account())
    second = account("stranger")

    with pytest.raises(DocumentTaken):
        give(second, name="王五")

    assert queries.identity_of(second) is None
    assert [entry.event for entry in history(second)] == ["account.registered"]


@pytest.mark.django_db(transaction=True)
def test_one_document_given_by_two_at_once_opens_one_account() -> None:
    owners = [account(), account("stranger")]
    errors: list[YincaiError] = []
    gate = threading.Barrier(2)

    def give_at_the_gate(owner: UUID) -> None:
        gate.wait()
        try:
            give(owner)
        except YincaiError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=give_at_the_gate, args=(owner,)) for owner in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [type(error) for error in errors] == [DocumentTaken]
    assert Identity.objects.count() == 1


def test_name_and_number_stay_as_they_were_given() -> None:
    owner = account()
    give(owner)
    give(owner)  # the same again: nothing happens

    with pytest.raises(HasIdentity):
        give(owner, name="张小雨")
    with pytest.raises(HasIdentity):
        give(owner, kind="414", number="E12345678")
    with pytest.raises(DatabaseError, match="never updated"), transaction.atomic():
        Identity.objects.filter(pk=owner).update(kind="414")

    assert [entry.event for entry in history(owner)].count("account.identity_given") == 1


@pytest.mark.parametrize(
    ("name", "kind", "number", "path"),
    [
        ("张晓雨", "111", "110105194912310021", "number"),
        ("张晓雨", "111", "11010520991231002X", "number"),
        ("张晓雨", "414", "!", "number"),
        ("张晓雨", "113", NUMBER, "kind"),
        ("", "111", NUMBER, "name"),
        ("张" * 300, "111", NUMBER, "name"),
    ],
)
def test_wrong_identity_is_refused_beside_its_field(name: str, kind: str, number: str, path: str) -> None:
    owner = account()

    with pytest.raises(Invalid) as refused:
        give(owner, name=name, kind=kind, number=number)

    assert [problem.path for problem in refused.value.problems] == [path]
    assert queries.identity_of(owner) is None


def test_strongest_proof_counts_and_every_proof_is_kept() -> None:
    owner = account()
    assert queries.assurance_of(owner).level is Level.REGISTERED
    for level, source in ((Level.SMS_VERIFIED, "sms"), (Level.FACE, "face"), (Level.REAL_NAME, "registry")):
        actions.note_assurance(owner, actor=SYSTEM, level=level, source=source)

    proof = queries.assurance_of(owner)

    assert (proof.level, proof.source, proof.level.title) == (Level.FACE, "face", "已刷脸认证")
    assert {one.level for one in queries.proofs_of(owner)} == {
        Level.SMS_VERIFIED,
        Level.FACE,
        Level.REAL_NAME,
    }
    with pytest.raises(ValueError, match="registered"):
        actions.note_assurance(owner, actor=SYSTEM, level=Level.REGISTERED, source="x")


def test_agreement_gets_a_number_for_every_wording_and_keeps_who_accepted_it() -> None:
    owner = account()
    first = actions.publish_agreement("harbour_city", "一、信息的录入")
    again = actions.publish_agreement("harbour_city", "一、信息的录入")
    actions.accept_agreement(first.id, account_id=owner, actor=SYSTEM)
    actions.accept_agreement(first.id, account_id=owner, actor=SYSTEM)
    second = actions.publish_agreement("harbour_city", "一、信息的录入（修订）")

    assert (first.number, again.id, second.number) == (1, first.id, 2)
    assert queries.agreement_of("harbour_city") == second
    assert queries.agreement_of("elsewhere") is None
    assert [view.text for view, _ in queries.accepted_agreements(owner)] == ["一、信息的录入"]
    assert [entry.event for entry in history(owner)].count("account.agreement_accepted") == 1


def test_application_is_added_once_and_given_back() -> None:
    owner = account()
    where = {"place": "harbour_city", "application": "library_card"}

    assert actions.add_application(owner, actor=SYSTEM, **where)
    assert not actions.add_application(owner, actor=SYSTEM, **where)
    assert queries.holds_application(owner, **where)
    assert actions.remove_application(owner, actor=SYSTEM, **where)
    assert not actions.remove_application(owner, actor=SYSTEM, **where)
    assert not queries.holds_application(owner, **where)
    assert actions.add_application(owner, actor=SYSTEM, **where)

    events = [entry.event for entry in history(owner)][1:]
    assert events == ["account.application_added", "account.application_removed", "account.application_added"]
