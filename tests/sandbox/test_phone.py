from __future__ import annotations

import base64

import httpx
import pytest

from tests.sandbox.running import RunningSandbox
from yincai_sandbox import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()


def enrol(sandbox: RunningSandbox, **facts: str) -> httpx.Response:
    return sandbox.client.post("/authenticator/enrol", json=facts)


# RFC 6238, appendix B, the rows for SHA-1
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert totp.code_at(b"12345678901234567890", seconds, digits=8) == code


@pytest.mark.parametrize(("seconds", "left"), [(0, 30), (1, 29), (29, 1), (30, 30), (59.9, 1)])
def test_code_lives_thirty_seconds(seconds: float, left: int) -> None:
    assert totp.seconds_left(seconds) == left


@pytest.mark.parametrize("text", ["", "1", "JBSWY3DP", "!!!!", "JBSWY3DPEHPK3PX0", "密钥" * 8])
def test_secret_that_is_short_or_not_base32_is_refused(text: str) -> None:
    with pytest.raises(totp.BadSecret):
        totp.secret_bytes(text)


def test_secret_is_read_as_people_copy_it() -> None:
    assert totp.secret_bytes(" gezd gnbv-gy3tqojqgezdgnbvgy3tqojq ") == b"12345678901234567890"


def test_enrolled_authenticator_shows_its_code_on_the_phone(sandbox: RunningSandbox) -> None:
    answer = enrol(sandbox, label="窗口人员", phone="+8619900002001", secret=SECRET)

    shown = sandbox.phone("+8619900002001")["codes"]
    assert answer.status_code == 201
    assert [code["label"] for code in shown] == ["窗口人员"]
    assert len(shown[0]["code"]) == 6
    assert 1 <= shown[0]["seconds_left"] <= 30


def test_same_label_again_replaces_the_secret(sandbox: RunningSandbox) -> None:
    first = enrol(sandbox, label="审核", phone="+8619900002002", secret=SECRET)
    second = enrol(sandbox, label="审核", phone="+8619900002002", secret="JBSWY3DPEHPK3PXP")

    assert first.json() == second.json()
    assert len(sandbox.phone("+8619900002002")["codes"]) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"label": "", "phone": "+8619900002003", "secret": SECRET},
        {"label": "a", "phone": "19900002003", "secret": SECRET},
        {"label": "a", "phone": "+8619900002003", "secret": "short"},
        {"label": "a", "phone": "+8619900002003"},
    ],
)
def test_bad_enrolment_is_refused(sandbox: RunningSandbox, facts: dict[str, str]) -> None:
    answer = enrol(sandbox, **facts)

    assert answer.status_code == 422
    assert SECRET not in answer.text
    assert sandbox.phone("+8619900002003")["codes"] == []


def test_page_enrols_a_whole_otpauth_address_and_removes_it(sandbox: RunningSandbox) -> None:
    address = f"otpauth://totp/%E5%BC%95%E6%89%8D:zhou?secret={SECRET}&issuer=x"
    form = {"label": "", "phone": "+8619900002004", "secret": address}

    page = sandbox.client.post("/authenticator/enrol", data=form, follow_redirects=True)

    assert "引才:zhou" in page.text
    remove = page.text.partition('action="/authenticator/')[2].partition('"')[0]
    page = sandbox.client.post(f"/authenticator/{remove}", follow_redirects=True)
    assert "引才:zhou" not in page.text
    assert page.status_code == 200


def test_page_refuses_a_bad_secret_with_a_sentence(sandbox: RunningSandbox) -> None:
    form = {"label": "a", "phone": "+8619900002005", "secret": "x"}

    answer = sandbox.client.post("/authenticator/enrol", data=form)

    assert answer.status_code == 422
    assert "没有绑定成功" in answer.text


def test_text_of_a_message_is_escaped(sandbox: RunningSandbox) -> None:
    facts = {"to": "+8619900002006", "text": "<script>alert(1)</script>&", "key": "escape"}
    sandbox.client.post("/sms/send", json=facts)

    page = sandbox.client.get("/phone/+8619900002006")

    assert "<script" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in sandbox.client.get("/phone/").text


def test_page_refreshes_itself_only_when_that_was_chosen(sandbox: RunningSandbox) -> None:
    calm = sandbox.client.get("/phone/19900002007")
    lively = sandbox.client.get("/phone/19900002007?refresh=on")

    assert 'http-equiv="refresh"' not in calm.text
    assert 'href="/phone/+8619900002007?refresh=on"' in calm.text
    assert 'http-equiv="refresh" content="5"' in lively.text


def test_older_messages_are_behind_a_link(sandbox: RunningSandbox) -> None:
    for number in range(33):
        facts = {"to": "+8619900002008", "text": f"第{number}条", "key": f"older-{number}"}
        sandbox.client.post("/sms/send", json=facts)

    page = sandbox.client.get("/phone/+8619900002008").text
    older = page.partition("?before=")[2].partition('"')[0]

    assert page.count('class="bubble"') == 30
    rest = sandbox.client.get(f"/phone/+8619900002008?before={older}").text
    assert [f"第{number}条" in rest for number in (2, 1, 0, 3)] == [True, True, True, False]


def test_phone_of_nobody_known_is_called_after_its_authenticator(sandbox: RunningSandbox) -> None:
    enrol(sandbox, label="chuangkou_li", phone="+8619900002009", secret=SECRET)

    assert "<b>chuangkou_li</b>" in sandbox.client.get("/phone/").text
    assert "<h1>chuangkou_li" in sandbox.client.get("/phone/+8619900002009").text


def test_list_shows_residents_and_every_other_number(sandbox: RunningSandbox) -> None:
    sandbox.client.post("/sms/send", json={"to": "+447700900001", "text": "hello", "key": "abroad"})

    page = sandbox.client.get("/phone/").text

    assert "林知远" in page
    assert "199 0000 0001" in page
    assert "+447700900001" in page


@pytest.mark.parametrize("number", ["abc", "+0", "+86199000000011111", "%3Cb%3E"])
def test_what_is_no_number_is_not_found(sandbox: RunningSandbox, number: str) -> None:
    assert sandbox.client.get(f"/phone/{number}").status_code == 404
