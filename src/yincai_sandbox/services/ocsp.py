"""The responder that says whether a certificate is in force (RFC 6960), by POST and by GET."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yincai_sandbox.authority import profiles
from yincai_sandbox.authority.issuing import REASONS, Authority, Issued
from yincai_sandbox.service import Sandbox, Service, body_of
from yincai_sandbox.store import now

LIFE = timedelta(hours=1)
ALGORITHMS: dict[str, type[hashes.HashAlgorithm]] = {
    algorithm.name: algorithm for algorithm in (hashes.SHA1, hashes.SHA256, hashes.SHA384, hashes.SHA512)
}


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives `POST /ca/ocsp` and `GET /ca/ocsp/<base64 request>`."""

    async def post(request: Request) -> Response:
        return await _reply(sandbox.authority, await body_of(request, limit=65_536))

    async def get(request: Request) -> Response:
        try:
            der = base64.b64decode(request.path_params["request"].encode(), validate=True)
        except (binascii.Error, UnicodeEncodeError):
            der = b""
        return await _reply(sandbox.authority, der)

    return [
        Route("/ca/ocsp", post, methods=["POST"]),
        Route("/ca/ocsp/{request:path}", get, methods=["GET"]),
    ]


async def _reply(authority: Authority, der: bytes) -> Response:
    answer = await run_in_threadpool(ocsp_response, authority, der)
    return Response(answer, media_type="application/ocsp-response")


def ocsp_response(authority: Authority, der: bytes) -> bytes:
    """Answers one OCSP request; what cannot be read or is not ours gets the error that RFC 6960 names."""
    try:
        request = ocsp.load_der_ocsp_request(der)
        algorithm = ALGORITHMS[request.hash_algorithm.name]()
    except (ValueError, NotImplementedError, KeyError, x509.UnsupportedGeneralNameType):
        return _refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    issuing = authority.pairs[profiles.ISSUING.name].certificate
    if (request.issuer_name_hash, request.issuer_key_hash) != _hashes_of(issuing, algorithm):
        return _refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    return _signed(authority, request, algorithm, at=now().replace(microsecond=0))


def _signed(
    authority: Authority, request: ocsp.OCSPRequest, algorithm: hashes.HashAlgorithm, *, at: datetime
) -> bytes:
    responder = authority.pairs[profiles.OCSP.name]
    status, revoked_at, reason = _state(authority.find(request.serial_number))
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response_by_hash(
            issuer_name_hash=request.issuer_name_hash,
            issuer_key_hash=request.issuer_key_hash,
            serial_number=request.serial_number,
            algorithm=algorithm,
            cert_status=status,
            this_update=at,
            next_update=at + LIFE,
            revocation_time=revoked_at,
            revocation_reason=reason,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
        .certificates([responder.certificate])
    )
    for extension in request.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            builder = builder.add_extension(extension.value, critical=False)
    response = builder.sign(responder.key, hashes.SHA256())
    return response.public_bytes(serialization.Encoding.DER)


def _state(
    row: Issued | None,
) -> tuple[ocsp.OCSPCertStatus, datetime | None, x509.ReasonFlags | None]:
    if row is None or row.issuer != profiles.ISSUING.name:
        return ocsp.OCSPCertStatus.UNKNOWN, None, None
    if row.revoked_at is None:
        return ocsp.OCSPCertStatus.GOOD, None, None
    return ocsp.OCSPCertStatus.REVOKED, row.revoked_at, REASONS[row.reason]


def _hashes_of(issuer: x509.Certificate, algorithm: hashes.HashAlgorithm) -> tuple[bytes, bytes]:
    """Hashes the issuer's name and its bare key bits, as RFC 6960 section 4.1.1 defines them."""
    name, key = hashes.Hash(algorithm), hashes.Hash(algorithm)
    name.update(issuer.subject.public_bytes())
    key.update(
        issuer.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
    )
    return name.finalize(), key.finalize()


def _refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(serialization.Encoding.DER)


SERVICE = Service(name="ocsp", title="证书状态查询", routes=routes)
