"""忘记密码 by a code on the phone: the same for everybody from outside, exact inside."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import checks, personas
from yincai.foundation import clock
from yincai.ledger.queries import history
from yincai.messages import queries as told
from yincai.messages import tasks as telling
from yincai.messages.models import Message
from yincai.people import actions, code_reset, passwords, queries
from yincai.people.models import PasswordReset
from yincai.people.vocabulary import CODE_GOOD_FOR, CodeOver, Level, WrongCode

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.urls")]
NEW = "another horse, another staple"
PHONE = "13800000001"


@pytest.fixture
def account() -> Any:
    return personas.make_persona("applicant", password=personas.PASSWORD)


def ask(contact: str, client: Client | None = None, **environ: Any) -> Any:
    form = {"contact": contact, **checks.work_done("forgotten")}
    return (client or Client()).post("/account/password/forgotten/", form, **environ)


def do_the_jobs() -> None:
    """What the worker does after a request: make the codes and hand them to `messages`."""
    for job in ProcrastinateJob.objects.filter(task_name="people.make_reset_code").order_by("id"):
        actions.make_reset_code(UUID(job.args["reset_id"]))


def asked_code(contact: str) -> tuple[str, str]:
    """The page for the code, and the code that the phone got; empty for nobody."""
    page = ask(contact)["Location"]
    do_the_jobs()
    return page, PasswordReset.objects.order_by("-asked_at").first().code  # type: ignore[union-attr]


def set_new(page: str, code: str, password: str = NEW, **more: str) -> Any:
    return Client().post(page, {"code": code, "password1": password, "password2": password, **more})


@pytest.mark.parametrize("contact", ["applicant", "APPLICANT", " ａpplicant ", PHONE, "+86 138-0000-0001"])
def test_code_for_a_name_or_phone_sets_a_new_password_once(contact: str, account: Any) -> None:
    thief = personas.sign_in(account, second_factor=False)
    page, code = asked_code(contact)

    response = set_new(page, code)

    assert response["Location"] == "/account/password/new/done/"
    assert thief.get("/my/").status_code == 302
    account.refresh_from_db()
    assert account.check_password(NEW)
    assert "重新获取验证码" in set_new(page, code, personas.PASSWORD).content.decode()
    account.refresh_from_db()
    assert account.check_password(NEW)


def test_sending_and_changing_are_recorded_without_code_or_phone(account: Any) -> None:
    page, code = asked_code("applicant")
    set_new(page, code)

    sent, changed, proven, _ = history(account.pk)[-4:]
    assert (sent.event, sent.actor.kind, set(sent.payload)) == (
        "account.reset_code_sent",
        "anonymous",
        {"reset"},
    )
    assert (changed.event, changed.payload) == ("account.password_changed", {"how": "sms"})
    assert (proven.event, proven.payload) == ("account.phone_proven", {"how": "sms"})


def test_code_proves_the_phone_for_one_account_alone(account: Any) -> None:
    other = actions.register_account(username="second_one", password=None, phone=PHONE)
    for chosen in ("applicant", "second_one", "applicant"):
        page, code = asked_code(chosen)
        assert set_new(page, code)["Location"] == "/account/password/new/done/"

    account.refresh_from_db()
    other.refresh_from_db()
    assert (account.phone_verified_at is not None, other.phone_verified_at) == (True, None)
    proofs = [one.event for one in history(account.pk)].count("account.phone_proven")
    assert (proofs, queries.assurance_of(account.pk).level) == (1, Level.SMS_VERIFIED)
    assert "account.phone_proven" not in [one.event for one in history(other.pk)]


def test_known_and_unknown_get_equal_answers_and_equal_work(account: Any) -> None:
    answers, queries_asked = [], set()
    for contact in ("applicant", "applicanx", PHONE, "13811111111", "nonsense @!"):
        proof = checks.work_done("forgotten")
        with CaptureQueriesContext(connection) as asked:
            answers.append(Client().post("/account/password/forgotten/", {"contact": contact, **proof}))
        queries_asked.add(len(asked))
    do_the_jobs()
    pages = [Client().get(answer["Location"]).content.decode() for answer in answers]
    wrong = [set_new(answer["Location"], "no-code").content.decode() for answer in answers]

    assert len(queries_asked) == 1
    assert {answer.status_code for answer in answers} == {302}
    assert len({re.sub(r"[0-9a-f-]{36}", "", answer["Location"]) for answer in answers}) == 1
    assert len({plain(page) for page in pages}) == 1
    assert len({plain(page) for page in wrong}) == 1
    assert "还可以再试 4 次" in wrong[0]


def test_nobody_is_told_for_an_unknown_name_and_for_an_account_without_a_phone() -> None:
    actions.register_account(username="phoneless", password=None)

    for contact in ("phoneless", "nobodyhere"):
        asked_code(contact)

    assert [one.code for one in PasswordReset.objects.all()] == ["", ""]


def test_code_is_compared_five_times_at_most(account: Any) -> None:
    page, code = asked_code("applicant")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    told_left = [set_new(page, wrong).content.decode() for _ in range(5)]
    refused = set_new(page, code).content.decode()

    assert ["还可以再试 4 次" in one for one in told_left] == [True, False, False, False, False]
    assert "请返回上一页，重新获取" in told_left[4]
    assert "已输错 5 次" in refused
    account.refresh_from_db()
    assert account.check_password(personas.PASSWORD)


def test_code_ends_after_ten_minutes(account: Any) -> None:
    with clock.frozen(clock.now()) as hands:
        page, code = asked_code("applicant")
        hands.move_by(CODE_GOOD_FOR)

        assert "已超过 10 分钟" in set_new(page, code).content.decode()


def test_code_opens_only_what_it_was_asked_for(account: Any) -> None:
    personas.make_persona("stranger", password=personas.PASSWORD)
    _, code = asked_code("applicant")
    others, _ = asked_code("stranger")

    with pytest.raises(WrongCode):
        actions.reset_password_by_code(
            UUID(others.rstrip("/").rpartition("/")[2]), code=f"x{code}", password=NEW
        )
    with pytest.raises(CodeOver):
        actions.reset_password_by_code(uuid4(), code=code, password=NEW)
    assert (
        "这个验证码已超过" in set_new(f"/account/password/forgotten/code/{uuid4()}/", code).content.decode()
    )


def test_weak_password_keeps_the_code_good(account: Any) -> None:
    page, code = asked_code("applicant")

    short = set_new(page, code, "short").content.decode()
    own_name = set_new(page, code, "applicant-1").content.decode()

    assert "太短了" in short
    assert f'value="{code}"' in short
    assert "为了安全，页面不保留密码" in short
    assert "主要是您的用户名" in own_name
    assert set_new(page, code).status_code == 302


def test_phone_of_several_accounts_lets_its_owner_choose(account: Any) -> None:
    second = actions.register_account(username="second", password=None, phone=PHONE)
    page, code = asked_code(PHONE)

    choice = set_new(page, code).content.decode()
    response = set_new(page, code, account="second")

    assert re.findall(r'name="account" value="(\w+)"', choice) == ["applicant", "second"]
    assert response.status_code == 302
    second.refresh_from_db()
    account.refresh_from_db()
    assert second.check_password(NEW)
    assert account.check_password(personas.PASSWORD)


def test_accounts_of_a_phone_are_told_to_nobody_without_the_code_and_one_sms_goes(account: Any) -> None:
    actions.register_account(username="second", password=None, phone=PHONE)
    page, code = asked_code(PHONE)

    wrong = set_new(page, f"{(int(code) + 1) % 1_000_000:06}", account="second").content.decode()

    assert "second" not in wrong
    for entry in (history(one)[-1] for one in PasswordReset.objects.get().accounts):
        telling.send_reset_code(entry)
    assert Message.objects.count() == 1  # one SMS for one phone


def test_one_phone_gets_three_codes_in_fifteen_minutes_however_it_is_asked_for(account: Any) -> None:
    codes = [asked_code(contact)[1] for contact in ("applicant", "applicant", PHONE, PHONE)]

    assert [bool(code) for code in codes] == [True, True, True, False]


def test_asking_is_limited_by_contact_and_by_address(account: Any) -> None:
    by_contact = [ask("applicant").status_code for _ in range(4)]
    ways = [
        ask(contact).status_code for contact in ("+8613800000001", PHONE, "138 0000 0001", "138-0000-0001")
    ]

    assert by_contact == [302, 302, 302, 429]
    assert ways == [302, 302, 302, 429]
    assert [ask(f"somebody{number}").status_code for number in range(15)][-2:] == [429, 429]


def test_asking_without_the_check_sends_nothing(account: Any) -> None:
    response = Client().post("/account/password/forgotten/", {"contact": "applicant"})

    assert response.status_code == 422
    assert 'value="applicant"' in response.content.decode()
    assert not PasswordReset.objects.exists()


def test_what_was_asked_for_is_sealed_and_then_forgotten(account: Any) -> None:
    ask(PHONE)
    (job,) = ProcrastinateJob.objects.filter(task_name="people.make_reset_code")
    asked = PasswordReset.objects.get()
    assert job.args == {"reset_id": str(asked.pk)}

    do_the_jobs()
    do_the_jobs()

    asked.refresh_from_db()
    assert (asked.asked_for, asked.accounts) == ("", [account.pk])
    assert len([entry for entry in history(account.pk) if entry.event == "account.reset_code_sent"]) == 1


def test_new_password_does_not_lift_the_second_factor() -> None:
    officer = personas.make_persona("reviewer", password=personas.PASSWORD)
    actions.enrol_totp(officer)
    page, code = asked_code("reviewer")
    set_new(page, code)

    response = Client().post("/account/login/", {"login": "reviewer", "password": NEW})

    assert response["Location"] == "/account/second-factor/show/"


def test_sms_carries_the_code_and_nothing_is_sent_when_it_is_over(account: Any) -> None:
    _, code = asked_code("applicant")
    (sent,) = [entry for entry in history(account.pk) if entry.event == "account.reset_code_sent"]

    with clock.frozen(clock.now() + CODE_GOOD_FOR):
        telling.send_reset_code(sent)
    assert not Message.objects.exists()
    telling.send_reset_code(sent)
    telling.send_reset_code(sent)

    message = Message.objects.get()
    assert (message.channel, message.account_id) == ("sms", account.pk)
    assert code in message.content["body"]


def test_owner_is_told_of_a_changed_password_even_by_what_they_switched_off(account: Any) -> None:
    from yincai.messages import actions as messages

    messages.choose_channels(account.pk, actor=queries.applicant_of(account), wanted=[])
    page, code = asked_code("applicant")
    set_new(page, code)

    (changed,) = (one for one in history(account.pk) if one.event == "account.password_changed")
    telling.tell_owner(changed)

    (shown,) = told.inbox(account.pk)
    assert shown.title == "登录密码已更改"
    assert "用短信验证码更改" in shown.body
    assert Message.objects.filter(channel="sms").count() == 1


def test_old_requests_are_swept(account: Any) -> None:
    asked_code("applicant")

    assert actions.forget_old_resets() == 0
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        assert actions.forget_old_resets() == 1


def plain(page: str) -> str:
    """The page without its form token and its own address."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r"[0-9a-f-]{36}", "", page)


def with_document(account: Any) -> tuple[str, str]:
    """Its owner's document, given just now."""
    document = ("111", "110101200203150011")
    owner = queries.applicant_of(account)
    actions.give_identity(account, actor=owner, name="林知远", kind=document[0], number=document[1])
    return document


def ask_by_document(kind: str, number: str) -> Any:
    form = {"kind": kind, "number": number, **checks.work_done("forgotten")}
    return Client().post("/account/password/forgotten/document/", form)


@pytest.mark.parametrize("number", ["110101200203150011", " １10101 20020315 0011"])
def test_code_for_a_document_sets_a_new_password(account: Any, number: str) -> None:
    with_document(account)
    page = ask_by_document("111", number)["Location"]
    do_the_jobs()
    code = PasswordReset.objects.get().code

    assert set_new(page, code)["Location"] == "/account/password/new/done/"
    account.refresh_from_db()
    assert account.check_password(NEW)


def test_document_with_and_without_an_account_get_equal_answers(account: Any) -> None:
    with_document(account)
    answers = [ask_by_document("111", one) for one in ("110101200203150011", "130105196804220038")]
    do_the_jobs()
    pages = [Client().get(answer["Location"]).content.decode() for answer in answers]
    wrong = [set_new(answer["Location"], "no-code").content.decode() for answer in answers]

    assert {answer.status_code for answer in answers} == {302}
    assert len({plain(page) for page in pages}) == 1
    assert len({plain(page) for page in wrong}) == 1
    assert [bool(one.code) for one in PasswordReset.objects.order_by("asked_at")] == [True, False]


def test_document_that_is_none_is_said_at_once() -> None:
    answer = ask_by_document("111", "110101200203150012")

    assert answer.status_code == 422
    assert not PasswordReset.objects.exists()


def test_two_hundred_guesses_of_every_kind_evaluate_five(
    account: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passwords in changing letter case, width, address and browser, mixed with codes of every kind."""
    kind, number = with_document(account)
    pages = [asked_code("applicant")[0], ask_by_document(kind, number)["Location"], asked_code(PHONE)[0]]
    do_the_jobs()
    seen: list[str] = []
    monkeypatch.setattr(
        code_reset, "constant_time_compare", lambda one, other: seen.append(other) or one == other
    )
    verify = passwords.CappedArgon2Hasher.verify
    monkeypatch.setattr(
        passwords.CappedArgon2Hasher,
        "verify",
        lambda self, password, encoded: seen.append(password) or verify(self, password, encoded),
    )
    names = ["applicant", "APPLICANT", "ａｐｐｌｉｃａｎｔ", "Applicant "]

    for n in range(200):
        where = {"REMOTE_ADDR": f"10.0.{n}.1", "HTTP_USER_AGENT": f"browser {n}"}
        if n % 4 == 3:
            answer = Client().post(
                pages[n % 3],
                {"code": f"x{n:05}", "password1": NEW, "password2": NEW},
                REMOTE_ADDR=where["REMOTE_ADDR"],
                HTTP_USER_AGENT=where["HTTP_USER_AGENT"],
            )
        else:
            proof = checks.work_done("sign_in")
            form = {"login": names[n % 4], "password": f"guess number {n}", **proof}
            answer = Client().post(
                "/account/login/",
                form,
                REMOTE_ADDR=where["REMOTE_ADDR"],
                HTTP_USER_AGENT=where["HTTP_USER_AGENT"],
            )
        assert answer.status_code in (422, 429)

    assert len(seen) == 5


def test_owner_on_a_known_device_uses_the_code_while_a_stranger_guesses(account: Any) -> None:
    home = Client()
    home.post("/account/login/", {"login": "applicant", "password": personas.PASSWORD})
    home.post("/account/logout/")
    for n in range(5):
        form = {"login": "applicant", "password": f"guess number {n}", **checks.work_done("sign_in")}
        Client().post("/account/login/", form)
    page, code = asked_code("applicant")
    new = {"code": code, "password1": NEW, "password2": NEW}

    assert "刚才输错的次数过多" in Client().post(page, new).content.decode()
    assert home.post(page, new)["Location"] == "/account/password/new/done/"
