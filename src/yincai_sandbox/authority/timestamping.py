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
    """Stamps with one key; `chain` are the issuing certificates that go along when asked for."""

    def __init__(self, pair: Pair, *, chain: Sequence[x509.Certificate]) -> None:
        """Prepares the certificates once."""
        self._key = pair.key
        self._certificate = _asn1(pair.certificate)
        self._chain = [_asn1(certificate) for certificate in chain]

    def reply(self, der: bytes, *, at: datetime | None = None) -> bytes:
        """Answers one TimeStampReq with a TimeStampResp as DER; refusals are answers too, never errors."""
        try:
            query = read_query(der)
        except Refused as refusal:
            return _refusal(refusal)
        token = self._token(query, at=(at or now()).replace(microsecond=0))
        status = tsp.PKIStatusInfo({"status": "granted"})
        return bytes(tsp.TimeStampResp({"status": status, "time_stamp_token": token}).dump())

    def _token(self, query: Query, *, at: datetime) -> cms.ContentInfo:
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
        content = tsp.TSTInfo(info).dump()
        signed = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(content),
            },
            "signer_infos": [self._signer_info(content, at=at)],
        }
        if query.with_certificates:
            signed["certificates"] = [self._certificate, *self._chain]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _signer_info(self, content: bytes, *, at: datetime) -> cms.SignerInfo:
        attributes = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("signing_time", cms.Time({"utc_time": at})),
                _attribute("message_digest", hashlib.sha256(content).digest()),
                _attribute("signing_certificate_v2", self._certificate_reference()),
            ]
        )
        return cms.SignerInfo(
            {
                "version": "v1",
                "sid": {
                    "issuer_and_serial_number": {
                        "issuer": self._certificate.issuer,
                        "serial_number": self._certificate.serial_number,
                    }
                },
                "digest_algorithm": {"algorithm": "sha256"},
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": self._key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
            }
        )

    def _certificate_reference(self) -> tsp.SigningCertificateV2:
        certificate = self._certificate
        reference = {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "cert_hash": hashlib.sha256(certificate.dump()).digest(),
            "issuer_serial": {
                "issuer": [asn1_x509.GeneralName("directory_name", certificate.issuer)],
                "serial_number": certificate.serial_number,
            },
        }
        return tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(reference)]})


def read_query(der: bytes) -> Query:
    """Reads a TimeStampReq; raises `Refused` with the failure that RFC 3161 section 2.4.2 names."""
    try:
        request = tsp.TimeStampReq.load(der, strict=True)
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


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    found: asn1_x509.Certificate = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    return found


def _refusal(refusal: Refused) -> bytes:
    status = {
        "status": "rejection",
        "status_string": [refusal.sentence],
        "fail_info": {refusal.failure},
    }
    # a response without a token is a sequence of one; asn1crypto's TimeStampResp demands the token
    return bytes(core.SequenceOf([tsp.PKIStatusInfo(status)], spec=tsp.PKIStatusInfo).dump())
