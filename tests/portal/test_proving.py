"""Signing in, and being known more surely, by face check and certificate: the pages, with a real sandbox."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import personas
from tests.registries.conftest import HOLDER, OTHER
from tests.registries.signing import issue, sign
from tests.registries.test_face import on_phone
from tests.sandbox.running import RunningSandbox
from yincai.foundation import clock
from yincai.ledger.queries import history
from yincai.people import actions as people
from yincai.people.models import SignIn
from yincai.people.passwords import CappedArgon2Hasher
from yincai.people.queries import applicant_of, assurance_of
from yincai.people.vocabulary import Level, Method

pytestmark = pytest.mark.django_db
Sandbox = RunningSandbox


@pytest.fixture(autouse=True)
def _cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hashing with less work."""
    monkeypatch.setattr(CappedArgon2Hasher, "time_cost", 1)
    monkeypatch.setattr(CappedArgon2Hasher, "memory_cost", 256)


@pytest.fixture
def owner() -> Any:
    """An account of the first resident of the sandbox, with a password."""
    made = personas.make_persona("applicant", password=personas.PASSWORD)
    name, kind, number, _ = HOLDER
    people.give_identity(made, actor=applicant_of(made), name=name, kind=kind, number=number)
    return made


@pytest.fixture
def linked(owner: Any) -> Any:
    """The same account after its owner was proven in it once."""
    people.link_proof(owner.pk, method=Method.FACE)
    return owner


def scan_of(page: str) -> str:
    """Where the picture of a page leads."""
    found = re.search(r'href="(http://[^"]+/face/scan/[^"]+)"', page)
    assert found is not None
    return found[1]


def begin(client: Client, **form: str) -> str:
    """The page of a check that was just begun."""
    answer = client.post("/account/face/", form)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def face(client: Client, sandbox: Sandbox, *acts: str, holder: Any = HOLDER, **form: str) -> Any:
    """Begin, let the phone act, look, and go on; the last answer."""
    page = begin(client, **form)
    on_phone(sandbox, scan_of(client.get(page).content.decode()), *acts, holder=holder)
    client.get(page)
    return client.post(f"{page}finish/")


def certificate(client: Client, folder: Path, *, pasted: bool = False, **form: str) -> Any:
    """Sign a challenge as the holder of the certificate in `folder`; the answer."""
    page = client.post("/account/certificate/", form)["Location"]
    text = client.get(f"{page}challenge.txt").content.decode()
    signature = sign(text, folder)
    if pasted:
        return client.post(page, {"pasted": signature.decode()})
    return client.post(page, {"file": SimpleUploadedFile("signed.pem", signature)})


def signed_in(client: Client) -> bool:
    return client.get("/my/").status_code == 200


def test_sign_in_page_has_the_guides_words(client: Client) -> None:
    page = client.get("/account/login/").content.decode()

    for word in ("用户登录", "CA登录", "用户类型", "个人", "单位管理员", "工作人员", "登录", "重置", "取消"):
        assert word in page
    for word in ("微警认证（刷脸登录）", "个人用户注册", "忘记密码"):
        assert f">{word}</a>" in page


def test_face_check_signs_in_to_the_linked_account(client: Client, sandbox: Sandbox, linked: Any) -> None:
    before = client.session.session_key

    answer = face(client, sandbox, "scan", "approve", next="/my/drafts/")

    assert answer["Location"] == "/my/drafts/"
    assert signed_in(client)
    assert client.session.session_key != before
    line = SignIn.objects.get()
    assert (line.method, line.outcome, line.account_id) == ("face", "signed_in", linked.pk)


def test_first_face_check_asks_once_for_the_password(client: Client, sandbox: Sandbox, owner: Any) -> None:
    answer = face(client, sandbox, "scan", "approve")
    assert answer["Location"] == "/account/link/"
    assert not signed_in(client)

    wrong = client.post("/account/link/", {"password": "a guess that is wrong"})
    right = client.post("/account/link/", {"password": personas.PASSWORD})

    assert "密码不正确" in wrong.content.decode()
    assert wrong.status_code == 422
    assert right.status_code == 302
    assert signed_in(client)
    assert (assurance_of(owner.pk).level, assurance_of(owner.pk).source) == (Level.FACE, "face")
    assert face(Client(), sandbox, "scan", "approve")["Location"] == "/my/"


def test_password_that_links_is_guessed_at_five_times(client: Client, sandbox: Sandbox, owner: Any) -> None:
    face(client, sandbox, "scan", "approve")

    answers = [client.post("/account/link/", {"password": f"guess {n} of many"}) for n in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert client.post("/account/link/", {"password": personas.PASSWORD}).status_code == 429
    assert not signed_in(client)


def test_link_is_open_for_five_minutes(client: Client, sandbox: Sandbox, owner: Any) -> None:
    face(client, sandbox, "scan", "approve")

    with clock.frozen(clock.now() + timedelta(minutes=5)):
        answer = client.post("/account/link/", {"password": personas.PASSWORD})

    assert answer["Location"] == "/account/login/"
    assert not signed_in(client)


def test_account_registered_with_somebody_elses_document_is_not_opened_by_its_squatter_or_the_victim(
    client: Client,
    sandbox: Sandbox,
) -> None:
    """Whoever registered with a stranger's document cannot prove themselves; the stranger is not let in."""
    squatter = personas.make_persona("stranger", password=personas.PASSWORD)
    people.give_identity(squatter, actor=applicant_of(squatter), name=HOLDER[0], kind="111", number=HOLDER[2])

    inside = personas.sign_in(squatter, second_factor=False)
    tried = face(inside, sandbox, "scan", "approve", holder=OTHER)
    victim = face(client, sandbox, "scan", "approve")

    assert tried.status_code == 422
    assert assurance_of(squatter.pk).level is Level.REGISTERED
    assert victim["Location"] == "/account/link/"
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("acts", "holder", "sentence"),
    [
        (("scan", "refuse"), HOLDER, "您在手机上拒绝了"),
        ((), HOLDER, "请用手机扫描"),
        (("scan",), HOLDER, "请在手机上完成"),
    ],
)
def test_face_check_that_is_not_approved_signs_nobody_in(
    client: Client,
    sandbox: Sandbox,
    linked: Any,
    acts: tuple[str, ...],
    holder: Any,
    sentence: str,
) -> None:
    page = begin(client)
    on_phone(sandbox, scan_of(client.get(page).content.decode()), *acts, holder=holder)

    assert sentence in client.get(page).content.decode()
    assert client.post(f"{page}finish/").status_code == 422
    assert not signed_in(client)


def test_face_check_expired_says_so(client: Client, sandbox: Sandbox, linked: Any) -> None:
    page = begin(client)

    with clock.frozen(clock.now() + timedelta(seconds=181)):
        assert "已超过 180 秒" in client.get(page).content.decode()
        assert client.get(f"{page}state/").json()["state"] == "expired"
        assert client.post(f"{page}finish/").status_code == 422


def test_face_check_of_another_browser_is_refused(client: Client, sandbox: Sandbox, linked: Any) -> None:
    page = begin(client)
    on_phone(sandbox, scan_of(client.get(page).content.decode()), "scan", "approve")
    thief = Client()
    begin(thief)

    for answer in (thief.get(page), thief.post(f"{page}finish/")):
        assert answer.status_code == 422
        assert "不是在这个浏览器里开始的" in answer.content.decode()
    assert thief.get(f"{page}state/").status_code == 404
    assert not signed_in(thief)


def test_face_check_is_used_once(client: Client, sandbox: Sandbox, linked: Any) -> None:
    page = begin(client)
    on_phone(sandbox, scan_of(client.get(page).content.decode()), "scan", "approve")
    client.get(page)
    assert client.post(f"{page}finish/").status_code == 302
    client.post("/account/logout/")

    assert client.post(f"{page}finish/").status_code == 422
    assert not signed_in(client)


def test_document_without_an_account_is_told_to_register(client: Client, sandbox: Sandbox) -> None:
    answer = face(client, sandbox, "scan", "approve")

    assert answer.status_code == 422
    assert "还没有用这个证件注册的账号" in answer.content.decode()


def test_signed_in_owner_is_known_by_face_from_then_on(sandbox: Sandbox, owner: Any) -> None:
    browser = personas.sign_in(owner, second_factor=False)

    answer = face(browser, sandbox, "scan", "approve")

    assert answer["Location"] == "/account/identity/"
    page = browser.get("/account/identity/").content.decode()
    assert "已刷脸认证" in page
    assert HOLDER[2] not in page
    assert history(owner.pk)[-1].payload == {"level": "face", "source": "face"}


def test_somebody_elses_face_proves_nothing(sandbox: Sandbox, owner: Any) -> None:
    browser = personas.sign_in(owner, second_factor=False)
    page = begin(browser)
    on_phone(sandbox, scan_of(browser.get(page).content.decode()), "scan", "approve", holder=OTHER)

    assert "不是这个账号的本人" in browser.get(page).content.decode()
    assert browser.post(f"{page}finish/").status_code == 422
    assert assurance_of(owner.pk).level is Level.REGISTERED


def test_face_page_works_without_scripts(client: Client, sandbox: Sandbox) -> None:
    page = client.get(begin(client)).content.decode()

    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert ">刷新</a>" in page
    assert "<svg" in page
    assert re.search(r"还有 <strong[^>]*>1[78]\d</strong> 秒", page)


def test_face_checks_are_begun_twenty_times_from_an_address(client: Client, sandbox: Sandbox) -> None:
    for _ in range(20):
        begin(client)

    assert client.post("/account/face/").status_code == 429


def test_authority_away_is_said_and_the_page_stays(client: Client, sandbox: Sandbox, linked: Any) -> None:
    page = begin(client)
    sandbox.fault("face", "off")

    assert "暂时没有回应" in client.get(page).content.decode()
    assert client.get(f"{page}state/").status_code == 503
    assert client.post("/account/face/").status_code == 422
    sandbox.fault("face", "working")
    assert "请用手机扫描" in client.get(page).content.decode()


@pytest.mark.parametrize("pasted", [False, True])
def test_certificate_signs_in(
    client: Client,
    sandbox: Sandbox,
    linked: Any,
    tmp_path: Path,
    pasted: bool,
) -> None:
    issue(sandbox, tmp_path)

    answer = certificate(client, tmp_path, pasted=pasted, next="/my/drafts/")

    assert answer["Location"] == "/my/drafts/"
    assert signed_in(client)
    assert SignIn.objects.get().method == "certificate"


def test_certificate_raises_the_assurance_of_its_owner_only(
    sandbox: Sandbox,
    owner: Any,
    tmp_path: Path,
) -> None:
    browser = personas.sign_in(owner, second_factor=False)
    issue(sandbox, tmp_path, name=OTHER[0], number=OTHER[2])
    foreign = certificate(browser, tmp_path)
    assert foreign.status_code == 422
    assert "不一致" in foreign.content.decode()
    assert assurance_of(owner.pk).level is Level.REGISTERED

    issue(sandbox, tmp_path)
    assert certificate(browser, tmp_path)["Location"] == "/account/identity/"
    assert (assurance_of(owner.pk).level, assurance_of(owner.pk).source) == (Level.REAL_NAME, "certificate")


def test_certificate_page_keeps_the_challenge_when_nothing_was_signed(
    client: Client, sandbox: Sandbox
) -> None:
    page = client.post("/account/certificate/")["Location"]

    answer = client.post(page, {"pasted": "hello"})

    assert answer.status_code == 422
    assert "不是 CMS" in answer.content.decode()
    assert "openssl cms -sign" in answer.content.decode()
    assert client.get(page).status_code == 200


def test_certificate_challenge_of_another_browser_is_not_shown(client: Client, sandbox: Sandbox) -> None:
    page = client.post("/account/certificate/")["Location"]

    assert Client().get(page)["Location"] == "/account/certificate/"
    assert Client().get(f"{page}challenge.txt").status_code == 404


def test_staff_who_come_with_a_face_check_still_show_the_second_factor(
    client: Client,
    sandbox: Sandbox,
) -> None:
    officer = personas.make_persona("reviewer", password=personas.PASSWORD)
    people.give_identity(officer, actor=applicant_of(officer), name=HOLDER[0], kind="111", number=HOLDER[2])
    people.link_proof(officer.pk, method=Method.FACE)
    people.enrol_totp(officer)

    answer = face(client, sandbox, "scan", "approve")

    assert answer["Location"] == "/account/second-factor/show/"
    assert client.get("/desk/").status_code == 302


def test_consent_on_the_page_is_given_and_withdrawn(sandbox: Sandbox, owner: Any) -> None:
    browser = personas.sign_in(owner, second_factor=False)

    browser.post("/account/identity/consent/", {"act": "give"})
    assert "正在等待核验结果" in browser.get("/account/identity/").content.decode()
    browser.post("/account/identity/consent/", {"act": "withdraw"})

    assert "同意并核验" in browser.get("/account/identity/").content.decode()
    events = [entry.event for entry in history(owner.pk)]
    assert events[-2:] == ["consent.given", "consent.withdrawn"]


def test_history_shows_sign_ins_and_wrong_passwords_page_by_page(client: Client, owner: Any) -> None:
    agent = "Mozilla/5.0 (Linux; Android 14; Mobile) MicroMessenger/8.0"
    form = {"login": "applicant", "password": "a wrong password here"}
    client.post("/account/login/", form, HTTP_USER_AGENT=agent)
    now = clock.now()
    for n in range(35):
        with clock.frozen(now + timedelta(seconds=n)):
            SignIn.objects.create(
                account=owner, method="password", outcome="signed_in", device="x", known=True
            )
    browser = personas.sign_in(owner, second_factor=False)

    first = browser.get("/account/history/").content.decode()
    older = re.search(r'href="(/account/history/\?before=[^"]+)"', first)
    assert older is not None
    second = browser.get(older[1]).content.decode()

    assert first.count("登录成功") == 30
    assert second.count("登录成功") == 5
    assert "手机 · 安卓 · 微信" in second
    assert "输入不正确" in second
    assert browser.get("/account/history/?before=nonsense").status_code == 200
    stranger = personas.sign_in(personas.make_persona("stranger"), second_factor=False)
    assert "还没有登录记录" in stranger.get("/account/history/").content.decode()
