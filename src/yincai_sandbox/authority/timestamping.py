"""Makes RFC 3161 timestamp tokens: a CMS signature over the caller's hash and the present time."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from yincai_sandbox.authority import der
from yincai_sandbox.authority.profiles import Pair
from yincai_sandbox.store import now

POLICY = "2.999.3161.1"
"""Our policy, under the arc that ITU-T set aside for examples."""

DIGEST_LENGTHS = {"sha256": 32, "sha384": 48, "sha512": 64}


class Refused(Exception):
    """The request gets no token; `failure` is the PKIFailureInfo of RFC 3161."""

    def __init__(self, failure: str, sentence: str) -> None:
        """Keeps what is told to the caller."""
        super().__init__(sentence)
        self.failure = failure
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class Query:
    """What a caller asks: the imprint to stamp, its nonce, whether the certificates come along."""

    imprint: tsp.MessageImprint
    nonce: int | None
    with_certificates: bool


class TimestampAuthority:
    """Stamps with one key; `chain` are the issuing certificates that go along when asked for.

    What never changes is encoded once: building the whole token from objects takes twenty times as long.
    """

    def __init__(self, pair: Pair, *, chain: Sequence[x509.Certificate]) -> None:
        """Encodes the certificates and everything that refers to them."""
        certificate = asn1_x509.Certificate.load(pair.certificate.public_bytes(Encoding.DER))
        self._key = pair.key
        self._certificates = der.set_of(
            [one.public_bytes(Encoding.DER) for one in (pair.certificate, *chain)], tag=der.context(0)
        )
        self._signer = cms.IssuerAndSerialNumber(
            {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
        ).dump()
        self._certificate_attribute = _attribute(
            "signing_certificate_v2", _certificate_reference(certificate)
        )

    def reply(self, query: bytes, *, at: datetime | None = None) -> bytes:
        """Answers one TimeStampReq with a TimeStampResp as DER; refusals are answers too, never errors."""
        try:
            wanted = read_query(query)
        except Refused as refusal:
            return _refusal(refusal)
        return der.sequence(GRANTED, self._token(wanted, at=(at or now()).replace(microsecond=0)))

    def _token(self, query: Query, *, at: datetime) -> bytes:
        """Builds the ContentInfo with the SignedData of RFC 5652 section 5.1."""
        content = _info(query, at=at)
        signed = der.sequence(
            VERSION_3,
            der.set_of([SHA256]),
            der.sequence(TST_INFO, der.wrapped(0, der.octets(content))),
            self._certificates if query.with_certificates else b"",
            der.set_of([self._signer_info(content, at=at)]),
        )
        return der.sequence(SIGNED_DATA, der.wrapped(0, signed))

    def _signer_info(self, content: bytes, *, at: datetime) -> bytes:
        attributes = [
            CONTENT_TYPE_ATTRIBUTE,
            _attribute("signing_time", cms.Time({"utc_time": at})),
            _attribute("message_digest", hashlib.sha256(content).digest()),
            self._certificate_attribute,
        ]
        signature = self._key.sign(der.set_of(attributes), ec.ECDSA(hashes.SHA256()))
        return der.sequence(
            VERSION_1,
            self._signer,
            SHA256,
            der.set_of(attributes, tag=der.context(0)),
            ECDSA_WITH_SHA256,
            der.octets(signature),
        )


def read_query(query: bytes) -> Query:
    """Reads a TimeStampReq; raises `Refused` with the failure that RFC 3161 section 2.4.2 names."""
    try:
        request = tsp.TimeStampReq.load(query, strict=True)
        facts = request.native
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise Refused("bad_data_format", "the request is not a TimeStampReq") from error
    if facts["version"] != "v1":
        raise Refused("bad_request", "only version 1 is answered")
    imprint = facts["message_imprint"]
    length = DIGEST_LENGTHS.get(imprint["hash_algorithm"]["algorithm"])
    if length is None:
        raise Refused("bad_alg", "the hash must be SHA-256, SHA-384 or SHA-512")
    if len(imprint["hashed_message"]) != length:
        raise Refused("bad_data_format", "the hash has the wrong length for its algorithm")
    if facts["req_policy"] not in {None, POLICY}:
        raise Refused("unaccepted_policy", f"the only policy is {POLICY}")
    if facts["extensions"]:
        raise Refused("unaccepted_extensions", "extensions are not answered")
    return Query(
        imprint=request["message_imprint"], nonce=facts["nonce"], with_certificates=bool(facts["cert_req"])
    )


def _info(query: Query, *, at: datetime) -> bytes:
    info = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": query.imprint,
        "serial_number": secrets.randbits(127) + 1,
        "gen_time": at,
        "accuracy": {"seconds": 1},
        "ordering": False,
    }
    if query.nonce is not None:
        info["nonce"] = query.nonce
    return bytes(tsp.TSTInfo(info).dump())


def _certificate_reference(certificate: asn1_x509.Certificate) -> tsp.SigningCertificateV2:
    reference = {
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
        "cert_hash": hashlib.sha256(certificate.dump()).digest(),
        "issuer_serial": {
            "issuer": [asn1_x509.GeneralName("directory_name", certificate.issuer)],
            "serial_number": certificate.serial_number,
        },
    }
    return tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(reference)]})


def _attribute(kind: str, value: object) -> bytes:
    return bytes(cms.CMSAttribute({"type": kind, "values": [value]}).dump())


def _refusal(refusal: Refused) -> bytes:
    status = {
        "status": "rejection",
        "status_string": [refusal.sentence],
        "fail_info": {refusal.failure},
    }
    return der.sequence(tsp.PKIStatusInfo(status).dump())


VERSION_1 = core.Integer(1).dump()
VERSION_3 = core.Integer(3).dump()
GRANTED = tsp.PKIStatusInfo({"status": "granted"}).dump()
SIGNED_DATA = cms.ContentType("signed_data").dump()
TST_INFO = cms.ContentType("tst_info").dump()
SHA256 = algos.DigestAlgorithm({"algorithm": "sha256"}).dump()
ECDSA_WITH_SHA256 = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}).dump()
CONTENT_TYPE_ATTRIBUTE = _attribute("content_type", "tst_info")
