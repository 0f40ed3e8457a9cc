from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.registries.signing import issue, sign
from tests.sandbox.running import RunningSandbox
from yincai.foundation import clock
from yincai.registries import actions, queries
from yincai.registries.vocabulary import CertificateRefused, Person

pytestmark = pytest.mark.django_db
HERE = "the secret of this browser"
HOLDER = Person("林知远", "111", "110101200203150011")


def refused(signature: bytes, *, of: object = None, browser: str = HERE) -> str:
    """The sentence with which a signature is refused."""
    challenge = of or actions.begin_challenge(browser=HERE).id
    with pytest.raises(CertificateRefused) as error:
        actions.check_signed_challenge(challenge, browser=browser, signature=signature)  # type: ignore[arg-type]
    return error.value.sentence


@pytest.mark.parametrize("form", ["PEM", "DER"])
@pytest.mark.parametrize("options", [(), ("-binary",), ("-nodetach",), ("-nodetach", "-binary")])
def test_openssl_signs_in(
    sandbox: RunningSandbox, tmp_path: Path, form: str, options: tuple[str, ...]
) -> None:
    issue(sandbox, tmp_path)
    challenge = actions.begin_challenge(browser=HERE)

    signature = sign(challenge.text, tmp_path, *options, form=form)

    assert actions.check_signed_challenge(challenge.id, browser=HERE, signature=signature) == HOLDER


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_end_of_an_editor_does_no_harm(sandbox: RunningSandbox, tmp_path: Path, end: str) -> None:
    issue(sandbox, tmp_path)
    challenge = actions.begin_challenge(browser=HERE)

    signature = sign(challenge.text + end, tmp_path)

    assert actions.check_signed_challenge(challenge.id, browser=HERE, signature=signature) == HOLDER


def test_challenge_is_used_once(sandbox: RunningSandbox, tmp_path: Path) -> None:
    issue(sandbox, tmp_path)
    challenge = actions.begin_challenge(browser=HERE)
    signature = sign(challenge.text, tmp_path)
    actions.check_signed_challenge(challenge.id, browser=HERE, signature=signature)

    assert "已经用过" in refused(signature, of=challenge.id)
    assert queries.challenge(challenge.id, browser=HERE) is None


def test_challenge_is_good_for_ten_minutes_in_its_browser(sandbox: RunningSandbox, tmp_path: Path) -> None:
    issue(sandbox, tmp_path)
    challenge = actions.begin_challenge(browser=HERE)
    signature = sign(challenge.text, tmp_path)

    assert "不是这一次的" in refused(signature, of=challenge.id, browser="another")
    assert "不是这一次的" in refused(signature, of=uuid4())
    with clock.frozen(clock.now() + timedelta(minutes=10)):
        assert queries.challenge(challenge.id, browser=HERE) is None
        assert "超过 10 分钟" in refused(signature, of=challenge.id)


def test_signature_over_another_text_is_refused(sandbox: RunningSandbox, tmp_path: Path) -> None:
    issue(sandbox, tmp_path)
    older = actions.begin_challenge(browser=HERE)

    assert "不是这一次的" in refused(sign(older.text, tmp_path))
    assert "不是这一次的" in refused(sign(older.text, tmp_path, "-nodetach"))


def test_altered_signature_is_refused(sandbox: RunningSandbox, tmp_path: Path) -> None:
    issue(sandbox, tmp_path)
    challenge = actions.begin_challenge(browser=HERE)
    signature = bytearray(sign(challenge.text, tmp_path, form="DER"))
    signature[-5] ^= 1

    assert "没有登录" in refused(bytes(signature), of=challenge.id)


def test_certificate_of_an_unknown_authority_is_refused(sandbox: RunningSandbox, tmp_path: Path) -> None:
    issue(sandbox, tmp_path)
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-subj", "/CN=lin/serialNumber=110101200203150011", "-days", "30"),
            *("-keyout", "person.key", "-out", "person.pem"),
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    challenge = actions.begin_challenge(browser=HERE)

    sentence = refused(sign(challenge.text, tmp_path, chain=False), of=challenge.id)

    assert "不是本平台认可的机构" in sentence


def test_revoked_certificate_is_refused_at_once(sandbox: RunningSandbox, tmp_path: Path) -> None:
    serial = issue(sandbox, tmp_path)
    challenge = actions.begin_challenge(browser=HERE)
    signature = sign(challenge.text, tmp_path)
    sandbox.client.post("/ca/people/revoke", json={"serial": serial}).raise_for_status()

    assert "已被吊销" in refused(signature, of=challenge.id)


@pytest.mark.parametrize("days", [(-20, -10), (10, 20)])
def test_certificate_out_of_its_time_is_refused(
    sandbox: RunningSandbox, tmp_path: Path, days: tuple[int, int]
) -> None:
    since, until = (clock.now() + timedelta(days=day) for day in days)
    issue(sandbox, tmp_path, since=since.isoformat(), until=until.isoformat())
    challenge = actions.begin_challenge(browser=HERE)

    assert "有效期" in refused(sign(challenge.text, tmp_path), of=challenge.id)


def test_certificate_for_encryption_is_refused(sandbox: RunningSandbox, tmp_path: Path) -> None:
    issue(sandbox, tmp_path, profile="person-encryption")
    challenge = actions.begin_challenge(browser=HERE)

    assert "不能用来签名" in refused(sign(challenge.text, tmp_path), of=challenge.id)


def test_certificate_is_refused_while_nobody_says_whether_it_is_revoked(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    issue(sandbox, tmp_path)
    challenge = actions.begin_challenge(browser=HERE)
    signature = sign(challenge.text, tmp_path)
    sandbox.fault("ocsp", "off")
    sandbox.fault("crl", "off")

    assert "吊销状态暂时查不到" in refused(signature, of=challenge.id)


def test_revocation_list_is_enough_while_the_responder_is_away(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    issue(sandbox, tmp_path)
    challenge = actions.begin_challenge(browser=HERE)
    sandbox.fault("ocsp", "off")

    signature = sign(challenge.text, tmp_path)

    assert actions.check_signed_challenge(challenge.id, browser=HERE, signature=signature) == HOLDER


def test_certificate_without_a_document_is_refused(sandbox: RunningSandbox, tmp_path: Path) -> None:
    issue(sandbox, tmp_path, number="ABC-1")
    challenge = actions.begin_challenge(browser=HERE)

    assert "认不出您是谁" in refused(sign(challenge.text, tmp_path), of=challenge.id)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x30\x82", b"-----BEGIN CMS-----\nAAAA\n", b"x" * 70_000]
)
def test_anything_else_is_refused_without_using_the_challenge_up(
    sandbox: RunningSandbox, content: bytes
) -> None:
    challenge = actions.begin_challenge(browser=HERE)

    assert "不是 CMS" in refused(content, of=challenge.id)
    assert queries.challenge(challenge.id, browser=HERE) == challenge


def test_without_configured_authorities_nobody_signs_in(
    sandbox: RunningSandbox, tmp_path: Path, settings: object
) -> None:
    issue(sandbox, tmp_path)
    settings.PEOPLE_ROOTS = tmp_path / "nowhere"  # type: ignore[attr-defined]
    challenge = actions.begin_challenge(browser=HERE)

    assert "还没有设置" in refused(sign(challenge.text, tmp_path), of=challenge.id)
