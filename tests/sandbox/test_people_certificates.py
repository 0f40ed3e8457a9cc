from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.sandbox.running import RunningSandbox

PERSON = {"name": "林知远", "number": "110101200203150011"}


def run(*arguments: str | Path, inside: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["openssl", *map(str, arguments)], cwd=inside, capture_output=True, text=True, check=False
    )


@pytest.fixture
def issued(sandbox: RunningSandbox, tmp_path: Path) -> Path:
    """A folder with root.pem, chain.pem, person.pem and person.key."""
    made = sandbox.client.post("/ca/people/issue", json=PERSON).raise_for_status().json()
    for file, name in (("person.pem", "certificate"), ("person.key", "key"), ("chain.pem", "chain")):
        (tmp_path / file).write_text(made[name])
    (tmp_path / "root.pem").write_bytes(sandbox.client.get("/ca/root.pem").content)
    return tmp_path


def test_person_certificate_carries_the_document_number(issued: Path) -> None:
    certificate = x509.load_pem_x509_certificate((issued / "person.pem").read_bytes())

    named = {one.oid: one.value for one in certificate.subject}
    assert named[NameOID.COMMON_NAME] == "林知远"
    assert named[NameOID.SERIAL_NUMBER] == "110101200203150011"


def test_person_certificate_signs_with_openssl(issued: Path) -> None:
    (issued / "text").write_text("a challenge")

    signed = run(
        *("cms", "-sign", "-in", "text", "-signer", "person.pem", "-inkey", "person.key"),
        *("-certfile", "chain.pem", "-outform", "PEM", "-out", "signed.pem"),
        inside=issued,
    )
    verified = run(
        *("cms", "-verify", "-in", "signed.pem", "-inform", "PEM", "-content", "text"),
        *("-CAfile", "root.pem", "-purpose", "any"),
        inside=issued,
    )

    assert signed.returncode == 0, signed.stderr
    assert verified.returncode == 0, verified.stderr


def test_person_certificate_revoked_is_on_the_list(sandbox: RunningSandbox, issued: Path) -> None:
    certificate = x509.load_pem_x509_certificate((issued / "person.pem").read_bytes())
    serial = f"{certificate.serial_number:x}"

    sandbox.client.post("/ca/people/revoke", json={"serial": serial}).raise_for_status()

    crl = x509.load_der_x509_crl(sandbox.client.get("/ca/crl/issuing.crl").content)
    assert crl.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None
    assert sandbox.client.post("/ca/people/revoke", json={"serial": serial}).status_code == 422


def test_person_certificate_comes_as_a_file_that_openssl_opens(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    form = {"phone": "+8619900000001", "passphrase": "sample"}
    answer = sandbox.client.post("/ca/people/file", data=form)
    (tmp_path / "person.p12").write_bytes(answer.content)

    opened = run("pkcs12", "-in", "person.p12", "-passin", "pass:sample", "-nodes", "-info", inside=tmp_path)

    assert opened.returncode == 0, opened.stderr
    assert "PRIVATE KEY" in opened.stdout
    assert "林知远" in sandbox.client.get("/ca/people/").text


def test_person_certificate_without_passphrase_is_not_made(sandbox: RunningSandbox) -> None:
    answer = sandbox.client.post("/ca/people/file", data={"phone": "+8619900000001", "passphrase": ""})

    assert answer.status_code == 422


def test_person_certificate_for_encryption_may_not_sign(sandbox: RunningSandbox) -> None:
    wanted = {**PERSON, "profile": "person-encryption"}
    made = sandbox.client.post("/ca/people/issue", json=wanted).json()
    certificate = x509.load_pem_x509_certificate(made["certificate"].encode())

    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.key_encipherment
    assert not usage.digital_signature
