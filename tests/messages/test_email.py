"""E-mail: to a proven address only, once, in plain text; a dead mail server blocks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message as Letter
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Mailbox
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.messages.people import Resident, row, told
from tests.ops.waiting import free_port
from yincai.foundation import clock
from yincai.foundation.errors import NotAllowed
from yincai.ledger.queries import history
from yincai.ledger.vocabulary import Actor
from yincai.messages import actions, queries
from yincai.messages.models import Message
from yincai.messages.vocabulary import GIVE_UP_AFTER, Channel, Failure, GatewayAway, State, Texts
from yincai.people.models import Account

LETTER = Texts(title="申请已预受理", body="正文", email_subject="预受理通知", email_body="受理编号 RC1。\n")
ADDRESS = "resident@example.org"


class Server(Mailbox):
    """A mail server that keeps what it took; `answer` is said instead of taking, when set."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Letter] = []
        self.answer = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Letter) -> None:
        self.taken.append(message)


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    mailbox = Server()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    settings.EMAIL_PORT = controller.port
    yield mailbox
    controller.stop()


@pytest.fixture
def proven(resident: Resident) -> Resident:
    """The resident with an address that they have proven."""
    EmailAddress.objects.create(user_id=resident.id, email=ADDRESS, primary=True, verified=True)
    return resident


def letter_to(account: Resident, *, key: str = "entry:1") -> Message:
    told(account, texts=LETTER, key=key)
    return Message.objects.get(channel=Channel.EMAIL, account_id=account.id)


def test_letter_reaches_a_proven_address_once_in_plain_text(proven: Resident, server: Server) -> None:
    message = letter_to(proven)

    actions.send_email(message.pk)
    actions.send_email(message.pk)

    (taken,) = server.taken
    assert (taken["To"], taken["Subject"] != "", taken.get_content_type()) == (ADDRESS, True, "text/plain")
    assert taken.get_payload(decode=True).decode() == "受理编号 RC1。\r\n"  # type: ignore[union-attr]  # one part
    assert str(message.pk) in taken["Message-ID"]
    assert (row(message.pk).state, row(message.pk).attempts) == (State.SENT, 1)


def test_address_that_nobody_proved_gets_nothing(resident: Resident, db: None) -> None:
    EmailAddress.objects.create(user_id=resident.id, email=ADDRESS, primary=True, verified=False)

    told(resident, texts=LETTER)

    assert [one.channel for one in Message.objects.all()] == [Channel.INBOX]


def test_address_taken_back_before_sending_fails_with_its_reason(proven: Resident, server: Server) -> None:
    message = letter_to(proven)
    EmailAddress.objects.all().delete()

    actions.send_email(message.pk)

    assert (row(message.pk).state, row(message.pk).failure) == (State.FAILED, Failure.NO_ADDRESS)
    assert server.taken == []


def test_dead_server_keeps_the_letter_and_the_inbox_has_the_news(proven: Resident, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
    message = letter_to(proven)

    with pytest.raises(GatewayAway) as caught:
        actions.send_email(message.pk)

    assert ADDRESS not in str(caught.value)
    assert (row(message.pk).state, row(message.pk).attempts) == (State.QUEUED, 1)
    assert [one.title for one in queries.inbox(proven.id)] == ["申请已预受理"]


@pytest.mark.parametrize(("answer", "state"), [("550 unknown", State.FAILED), ("451 later", State.QUEUED)])
def test_refusal_is_final_and_a_busy_server_is_not(
    proven: Resident, server: Server, answer: str, state: State
) -> None:
    message, server.answer = letter_to(proven), answer

    if state == State.QUEUED:
        with pytest.raises(GatewayAway):
            actions.send_email(message.pk)
    else:
        actions.send_email(message.pk)

    assert row(message.pk).state == state


def test_old_news_is_given_up(proven: Resident, server: Server) -> None:
    message, server.answer = letter_to(proven), "451 later"

    with clock.frozen(message.created_at + GIVE_UP_AFTER):
        actions.send_email(message.pk)

    assert row(message.pk).failure == Failure.TOO_LATE


def test_channels_that_were_switched_off_are_not_used_and_the_choice_is_recorded(proven: Resident) -> None:
    me = Actor("applicant", proven.id, "applicant")

    actions.choose_channels(proven.id, actor=me, wanted=[])
    actions.choose_channels(proven.id, actor=me, wanted=[])
    told(proven, texts=Texts(title="题", body="文", sms="短信", email_subject="题", email_body="文"))

    assert [one.channel for one in Message.objects.all()] == [Channel.INBOX]
    assert [dict(one.payload) for one in history(proven.id)][1:] == [{"off": ["email", "sms"]}]
    actions.choose_channels(proven.id, actor=me, wanted=[Channel.SMS])
    assert queries.channels_of(proven.id) == {Channel.SMS: True, Channel.EMAIL: False}


def test_nobody_chooses_for_somebody_else(proven: Resident, stranger: Resident) -> None:
    with pytest.raises(NotAllowed):
        actions.choose_channels(proven.id, actor=Actor("applicant", stranger.id, "applicant"), wanted=[])


def test_page_saves_the_choice(proven: Resident) -> None:
    browser: Client = personas.sign_in(Account.objects.get(pk=proven.id), second_factor=False)

    browser.post(reverse("portal:notices"), {"email": "on"})

    page = browser.get(reverse("portal:notices")).content.decode()
    assert queries.channels_of(proven.id) == {Channel.SMS: False, Channel.EMAIL: True}
    assert "r***@example.org" in page
