from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.running import RunningSandbox, issue_seal, running_sandbox, sandbox_command
from yincai_sandbox.authority.issuing import Authority
from yincai_sandbox.authority.timestamping import POLICY, TimestampAuthority
from yincai_sandbox.store import Store

SHA1 = hashes.SHA1()  # noqa: S303 - what most clients name a certificate by in OCSP
QUERY = {"Content-Type": "application/timestamp-query"}


@pytest.fixture(scope="session")
def certificates(sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with root.pem, issuing.pem and a seal's certificate seal.pem."""
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("root.pem", "issuing.pem"):
        (folder / name).write_bytes(sandbox.client.get(f"/ca/{name}").content)
    (folder / "seal.pem").write_bytes(
        seal_certificate(sandbox, folder).public_bytes(serialization.Encoding.PEM)
    )
    return folder


def seal_certificate(sandbox: RunningSandbox, folder: Path) -> x509.Certificate:
    file, passphrase = issue_seal(sandbox, folder / "seal.p12")
    _, certificate, _ = pkcs12.load_key_and_certificates(file.read_bytes(), passphrase.encode())
    assert certificate is not None
    return certificate


def openssl(*arguments: str | Path, inside: Path) -> str:
    done = subprocess.run(
        ["openssl", *map(str, arguments)], cwd=inside, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def stamped(sandbox: RunningSandbox, query: tsp.TimeStampReq) -> tsp.TimeStampResp:
    answer = sandbox.client.post("/ca/timestamp", content=query.dump(), headers=QUERY)
    assert answer.headers["content-type"] == "application/timestamp-reply"
    response: tsp.TimeStampResp = tsp.TimeStampResp.load(answer.content)
    return response


def query(**changed: object) -> tsp.TimeStampReq:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"\x07" * 32}
    return tsp.TimeStampReq({"version": 1, "message_imprint": imprint, **changed})


def test_openssl_verifies_a_timestamp(sandbox: RunningSandbox, certificates: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"anything")
    openssl("ts", "-query", "-data", "file", "-sha384", "-cert", "-out", "query", inside=tmp_path)

    reply = sandbox.client.post("/ca/timestamp", content=(tmp_path / "query").read_bytes(), headers=QUERY)

    (tmp_path / "reply").write_bytes(reply.content)
    roots = ("-CAfile", certificates / "root.pem", "-untrusted", certificates / "issuing.pem")
    assert "Verification: OK" in openssl(
        "ts", "-verify", "-queryfile", "query", "-in", "reply", *roots, inside=tmp_path
    )
    (tmp_path / "other").write_bytes(b"something else")
    assert "Verification: FAILED" in openssl(
        "ts", "-verify", "-data", "other", "-in", "reply", *roots, inside=tmp_path
    )


def test_timestamp_carries_nonce_policy_and_certificates_as_asked(sandbox: RunningSandbox) -> None:
    bare = stamped(sandbox, query())["time_stamp_token"]["content"]
    full = stamped(sandbox, query(nonce=2**64 + 5, cert_req=True, req_policy=POLICY))["time_stamp_token"][
        "content"
    ]

    bare_info, full_info = (token["encap_content_info"]["content"].parsed.native for token in (bare, full))
    assert (bare_info["nonce"], full_info["nonce"]) == (None, 2**64 + 5)
    assert (bare_info["policy"], full_info["policy"]) == (POLICY, POLICY)
    assert (len(bare["certificates"]), len(full["certificates"])) == (0, 2)
    assert bare_info["serial_number"] != full_info["serial_number"]
    assert full_info["message_imprint"]["hashed_message"] == b"\x07" * 32


@pytest.mark.parametrize(
    ("changed", "failure"),
    [
        ({"req_policy": "1.2.3"}, "unaccepted_policy"),
        ({"version": 0}, "bad_request"),
        (
            {"message_imprint": {"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": b"\0" * 20}},
            "bad_alg",
        ),
        (
            {"message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"\0" * 31}},
            "bad_data_format",
        ),
        (
            {"extensions": [{"extn_id": "1.2.3", "critical": True, "extn_value": b"x"}]},
            "unaccepted_extensions",
        ),
    ],
)
def test_timestamp_request_that_cannot_be_met_is_refused(
    sandbox: RunningSandbox, changed: dict[str, object], failure: str
) -> None:
    answer = sandbox.client.post("/ca/timestamp", content=query(**changed).dump(), headers=QUERY)

    status = tsp.PKIStatusInfo.load(answer.content[2:]).native
    assert answer.status_code == 200
    assert (status["status"], status["fail_info"]) == ("rejection", {failure})


def test_timestamp_wants_its_content_type_and_a_small_body(sandbox: RunningSandbox) -> None:
    assert sandbox.client.post("/ca/timestamp", content=query().dump()).status_code == 415
    assert sandbox.client.post("/ca/timestamp", content=b"0" * 70_000, headers=QUERY).status_code == 413


@pytest.fixture(scope="module")
def stamper(tmp_path_factory: pytest.TempPathFactory) -> TimestampAuthority:
    """A time-stamping authority inside the test's own process."""
    pairs = Authority(Store(tmp_path_factory.mktemp("stamper")), base_url=None).pairs
    return TimestampAuthority(pairs["timestamp"], chain=[])


@settings(max_examples=200, deadline=None)
@given(cut=st.integers(0, 60), noise=st.binary(max_size=60), at=st.integers(0, 59), byte=st.integers(0, 255))
def test_no_garbage_makes_the_timestamp_authority_fail(
    stamper: TimestampAuthority, cut: int, noise: bytes, at: int, byte: int
) -> None:
    damaged = bytearray(query(nonce=1, cert_req=True).dump()[:cut] + noise)
    if at < len(damaged):
        damaged[at] = byte

    reply = stamper.reply(bytes(damaged))

    assert tsp.PKIStatusInfo.load(reply[2:]) is not None


def test_openssl_sees_good_then_revoked(own_sandbox: RunningSandbox, tmp_path: Path) -> None:
    seal = seal_certificate(own_sandbox, tmp_path)
    (tmp_path / "seal.pem").write_bytes(seal.public_bytes(serialization.Encoding.PEM))
    for name in ("root.pem", "issuing.pem"):
        (tmp_path / name).write_bytes(own_sandbox.client.get(f"/ca/{name}").content)
    ask = ("ocsp", "-issuer", "issuing.pem", "-cert", "seal.pem", "-CAfile", "root.pem")

    before = openssl(*ask, "-url", f"{own_sandbox.url}/ca/ocsp", inside=tmp_path)
    sandbox_command(
        "revoke",
        "--data",
        own_sandbox.folder,
        "--serial",
        f"{seal.serial_number:X}",
        "--reason",
        "key_compromise",
    )
    after = openssl(*ask, "-url", f"{own_sandbox.url}/ca/ocsp", inside=tmp_path)

    assert "Response verify OK" in before
    assert "seal.pem: good" in before
    assert "seal.pem: revoked" in after
    assert "keyCompromise" in after


def test_revocation_shows_in_the_list_at_once_and_the_number_grows(
    own_sandbox: RunningSandbox, tmp_path: Path
) -> None:
    seal = seal_certificate(own_sandbox, tmp_path)
    before = x509.load_der_x509_crl(own_sandbox.client.get("/ca/crl/issuing.crl").content)

    sandbox_command("revoke", "--data", own_sandbox.folder, "--serial", f"{seal.serial_number:x}")

    after = x509.load_der_x509_crl(own_sandbox.client.get("/ca/crl/issuing.crl").content)
    issuing = x509.load_pem_x509_certificate(own_sandbox.client.get("/ca/issuing.pem").content).public_key()
    assert isinstance(issuing, ec.EllipticCurvePublicKey)
    assert after.is_signature_valid(issuing)
    assert before.get_revoked_certificate_by_serial_number(seal.serial_number) is None
    assert after.get_revoked_certificate_by_serial_number(seal.serial_number) is not None
    assert number_of(after) > number_of(before)


def number_of(revocations: x509.CertificateRevocationList) -> int:
    return revocations.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


@pytest.mark.parametrize("serial", ["00", "zz", ""])
def test_revoking_an_unknown_certificate_says_so(sandbox: RunningSandbox, serial: str) -> None:
    done = sandbox_command("revoke", "--data", sandbox.folder, "--serial", serial, check=False)

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "serial number" in done.stderr


def ocsp_request(certificates: Path, *, serial: int | None = None, nonce: bytes | None = None) -> bytes:
    issuing = x509.load_pem_x509_certificate((certificates / "issuing.pem").read_bytes())
    seal = x509.load_pem_x509_certificate((certificates / "seal.pem").read_bytes())
    builder = ocsp.OCSPRequestBuilder()
    if serial is None:
        builder = builder.add_certificate(seal, issuing, hashes.SHA256())
    else:
        known = ocsp.OCSPRequestBuilder().add_certificate(seal, issuing, SHA1).build()
        builder = builder.add_certificate_by_hash(known.issuer_name_hash, known.issuer_key_hash, serial, SHA1)
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(serialization.Encoding.DER)


def test_ocsp_by_get_answers_and_returns_the_nonce(sandbox: RunningSandbox, certificates: Path) -> None:
    address = base64.b64encode(ocsp_request(certificates, nonce=b"16 bytes of nonce")).decode()

    response = ocsp.load_der_ocsp_response(sandbox.client.get(f"/ca/ocsp/{address}").content)

    assert response.certificate_status is ocsp.OCSPCertStatus.GOOD
    nonce = response.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    assert nonce == b"16 bytes of nonce"


def test_ocsp_does_not_know_what_was_never_issued(sandbox: RunningSandbox, certificates: Path) -> None:
    answer = sandbox.client.post("/ca/ocsp", content=ocsp_request(certificates, serial=4711)).content

    assert ocsp.load_der_ocsp_response(answer).certificate_status is ocsp.OCSPCertStatus.UNKNOWN


@pytest.mark.parametrize("body", [b"", b"\x30\x00", b"no request at all"])
def test_ocsp_calls_garbage_malformed(sandbox: RunningSandbox, body: bytes) -> None:
    answer = sandbox.client.post("/ca/ocsp", content=body)

    status = ocsp.load_der_ocsp_response(answer.content).response_status
    assert status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST
    assert sandbox.client.get("/ca/ocsp/%E4%BD%A0").status_code == 200


def test_certificates_say_what_they_are_for_and_where_to_ask(
    sandbox: RunningSandbox, certificates: Path
) -> None:
    seal = x509.load_pem_x509_certificate((certificates / "seal.pem").read_bytes()).extensions

    access = seal.get_extension_for_class(x509.AuthorityInformationAccess).value
    points = seal.get_extension_for_class(x509.CRLDistributionPoints).value
    addresses = {entry.access_method: entry.access_location.value for entry in access}
    assert addresses == {
        AuthorityInformationAccessOID.OCSP: f"{sandbox.url}/ca/ocsp",
        AuthorityInformationAccessOID.CA_ISSUERS: f"{sandbox.url}/ca/issuing.cer",
    }
    assert points[0].full_name is not None
    assert points[0].full_name[0].value == f"{sandbox.url}/ca/crl/issuing.crl"
    usage = seal.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)


def test_timestamp_certificate_has_its_one_purpose_and_it_is_critical(sandbox: RunningSandbox) -> None:
    token = stamped(sandbox, query(cert_req=True))["time_stamp_token"]["content"]

    signer = token["signer_infos"][0]["sid"].chosen["serial_number"].native
    sent = [x509.load_der_x509_certificate(entry.chosen.dump()) for entry in token["certificates"]]
    [certificate] = [found for found in sent if found.serial_number == signer]
    purpose = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert purpose.critical
    assert list(purpose.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def test_seal_file_is_private_and_never_overwritten(sandbox: RunningSandbox, tmp_path: Path) -> None:
    file, _ = issue_seal(sandbox, tmp_path / "seal.p12")
    content = file.read_bytes()

    again = sandbox_command(
        "issue-seal",
        "--data",
        sandbox.folder,
        "--out",
        file,
        "--passphrase-file",
        tmp_path / "passphrase",
        check=False,
    )

    assert file.stat().st_mode & 0o777 == 0o600
    assert again.returncode == 1
    assert "already there" in again.stderr
    assert file.read_bytes() == content


def test_authority_stays_the_same_after_a_restart(own_sandbox: RunningSandbox) -> None:
    root = own_sandbox.client.get("/ca/root.pem").content
    port = int(own_sandbox.url.rpartition(":")[2])

    own_sandbox.kill()

    with running_sandbox(own_sandbox.folder, port=port) as again:
        assert again.client.get("/ca/root.pem").content == root


def test_folder_made_for_another_address_is_refused_with_one_sentence(sandbox: RunningSandbox) -> None:
    done = sandbox_command("serve", "--data", sandbox.folder, "--port", "0", check=False)

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"--base-url {sandbox.url}" in done.stderr


def test_busy_port_is_refused_with_one_sentence(sandbox: RunningSandbox, tmp_path: Path) -> None:
    port = sandbox.url.rpartition(":")[2]

    done = sandbox_command("serve", "--data", tmp_path, "--port", port, check=False)

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "in use" in done.stderr
