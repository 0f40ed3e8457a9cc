"""Letters: sealed, sent once, and the same for the known and the unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import Client, override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import checks, personas
from yincai.foundation import clock
from yincai.ledger.queries import history
from yincai.people import letters
from yincai.people.models import OutgoingMail

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.urls")]
NEW = "another horse, another staple"


def forgotten(client: Client, email: str) -> Any:
    return client.post(
        "/account/password/forgotten/email/", {"email": email, **checks.work_done("forgotten")}
    )


def send_all() -> None:
    for job in ProcrastinateJob.objects.filter(task_name="people.send_letter"):
        letters.send(job.args["letter_id"])


def test_known_and_unknown_address_get_equal_answers_and_one_letter_each(client: Client) -> None:
    personas.make_persona("applicant", password=personas.PASSWORD)

    known, unknown = forgotten(client, "applicant@example.org"), forgotten(client, "unknownone@example.org")

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert known.content == unknown.content
    send_all()
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["applicant@example.org"], "设置新密码"),
        (["unknownone@example.org"], "这个邮箱没有注册过"),
    ]


def test_letter_is_sealed_and_its_job_knows_a_number_only(client: Client) -> None:
    personas.make_persona("applicant", password=personas.PASSWORD)
    forgotten(client, "applicant@example.org")

    (job,) = ProcrastinateJob.objects.filter(task_name="people.send_letter")
    assert job.args == {"letter_id": str(OutgoingMail.objects.get().pk)}


def test_letter_is_sent_once_and_forgotten(client: Client) -> None:
    forgotten(client, "applicant@example.org")
    send_all()
    send_all()

    assert len(mail.outbox) == 1
    assert not OutgoingMail.objects.exists()


class Watching(BaseEmailBackend):
    """A mail server that notes whether a transaction was open when it was spoken to, and may be away."""

    seen: ClassVar[list[tuple[bool, str]]] = []
    is_away = False

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        open_blocks = len(connection.savepoint_ids)  # the test itself is one transaction
        for message in messages:
            self.seen.append((open_blocks > 0, str(message.message()["Message-ID"])))
        if self.is_away:
            raise ConnectionRefusedError
        return len(messages)


@override_settings(EMAIL_BACKEND="tests.people.test_letters.Watching")
def test_letter_is_sent_outside_of_a_transaction_with_one_number_however_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Watching, "seen", [])
    letters.post_letter(to="a@example.org", subject="题", body="文")
    letter = OutgoingMail.objects.get()
    monkeypatch.setattr(Watching, "is_away", True)

    with pytest.raises(ConnectionRefusedError):
        letters.send(letter.pk)
    monkeypatch.setattr(Watching, "is_away", False)
    letters.send(letter.pk)

    assert Watching.seen == [(False, f"<{letter.pk}@127.0.0.1>")] * 2
    assert not OutgoingMail.objects.exists()


def test_letter_that_another_process_is_sending_waits_and_goes_when_that_one_died() -> None:
    letters.post_letter(to="a@example.org", subject="题", body="文")
    letter = OutgoingMail.objects.get()
    with clock.frozen(clock.now()) as hands:
        OutgoingMail.objects.update(claimed_until=clock.now() + letters.CLAIMED_FOR)

        with pytest.raises(letters.OnItsWay):
            letters.send(letter.pk)
        hands.move_to(clock.now() + letters.CLAIMED_FOR)
        letters.send(letter.pk)

    assert len(mail.outbox) == 1


def test_link_sets_a_new_password_once_and_ends_sessions(client: Client) -> None:
    account = personas.make_persona("applicant", password=personas.PASSWORD)
    thief = personas.sign_in(account, second_factor=False)
    forgotten(client, "applicant@example.org")
    send_all()
    body = str(mail.outbox[0].body)
    link = re.search(r"http://testserver(/\S+)", body)
    assert link is not None
    assert "applicant" in body

    form = client.get(link[1])["Location"]
    response = client.post(form, {"password1": NEW, "password2": NEW})

    assert response["Location"] == "/account/password/new/done/"
    assert thief.get("/my/").status_code == 302
    account.refresh_from_db()
    assert account.check_password(NEW)
    assert history(account.pk)[-1].payload == {"how": "reset"}
    assert "链接无效" in Client().get(link[1]).content.decode()


def test_reset_keeps_the_second_factor(client: Client) -> None:
    from yincai.people import actions

    account = personas.make_persona("reviewer", password=personas.PASSWORD)
    actions.enrol_totp(account)
    forgotten(client, "reviewer@example.org")
    send_all()
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    assert link is not None
    client.post(client.get(link[1])["Location"], {"password1": NEW, "password2": NEW})

    response = client.post("/account/login/", {"login": "reviewer", "password": NEW})

    assert response["Location"] == "/account/second-factor/show/"


def test_letters_to_one_address_are_limited_known_or_not(client: Client) -> None:
    personas.make_persona("applicant", password=personas.PASSWORD)

    for address in ("applicant@example.org", "unknownone@example.org"):
        assert [forgotten(Client(), address).status_code for _ in range(4)] == [302, 302, 302, 429]


def test_address_is_verified_by_the_letter_of_registration(client: Client) -> None:
    form = {
        "username": "weizhang",
        "password1": personas.PASSWORD,
        "password2": personas.PASSWORD,
        "phone": "13812345678",
        "email": "wei@example.org",
    }
    client.post("/account/signup/", {**form, **checks.work_done("register")})
    send_all()
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    assert link is not None

    assert "wei@example.org" in client.get(link[1]).content.decode()
    client.post(link[1])

    address = EmailAddress.objects.get()
    assert address.verified
    assert history(address.user_id)[-1].event == "account.email_verified"


def test_changing_the_address_needs_the_password_again_and_a_letter(client: Client) -> None:
    account = personas.make_persona("applicant", password=personas.PASSWORD)
    client.force_login(account)
    assert client.get("/account/email/")["Location"].startswith("/account/confirm/")
    client.post("/account/confirm/?next=/account/email/", {"password": personas.PASSWORD})

    response = client.post("/account/email/", {"email": "new@example.org", "action_add": "1"})
    page = client.get("/account/email/").content.decode()

    assert response.status_code == 302
    assert "new@example.org" in page
    account.refresh_from_db()
    assert account.email == "new@example.org"  # the old one was never proven
    send_all()
    assert [letter.to for letter in mail.outbox] == [["new@example.org"]]


def test_proven_address_stays_until_the_new_one_is_proven(client: Client) -> None:
    account = personas.make_persona("applicant", password=personas.PASSWORD)
    EmailAddress.objects.get().set_verified()
    client.force_login(account)
    client.post("/account/confirm/?next=/account/email/", {"password": personas.PASSWORD})
    client.post("/account/email/", {"email": "new@example.org", "action_add": "1"})
    account.refresh_from_db()
    assert account.email == "applicant@example.org"

    send_all()
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    assert link is not None
    client.post(link[1])

    account.refresh_from_db()
    assert account.email == "new@example.org"
    assert [address.email for address in EmailAddress.objects.all()] == ["new@example.org"]


def test_changed_password_is_recorded(client: Client) -> None:
    account = personas.make_persona("applicant", password=personas.PASSWORD)
    client.force_login(account)
    form = {"oldpassword": personas.PASSWORD, "password1": NEW, "password2": NEW}

    client.post("/account/password/", form)

    entry = history(account.pk)[-1]
    assert (entry.event, entry.payload) == ("account.password_changed", {"how": "changed"})
    assert "密码已更改" in client.get("/account/password/").content.decode()


def test_old_password_is_guessed_five_times_and_no_more(client: Client) -> None:
    account = personas.make_persona("applicant", password=personas.PASSWORD)
    client.force_login(account)
    form = {"oldpassword": "a wrong but possible one", "password1": NEW, "password2": NEW}

    assert [client.post("/account/password/", form).status_code for _ in range(6)] == [422] * 5 + [429]
