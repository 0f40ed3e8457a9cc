"""Signing in with a certificate: a challenge that its holder signs as CMS (RFC 5652), as `openssl cms` does.

The signature, the chain to a configured root, validity, key usage and revocation are judged by pyHanko; what
stays here is that the text is ours, fresh and used once, and whose certificate it is.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

from asn1crypto import cms, pem
from django.conf import settings
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import async_validate_cms_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.api import FetchLimits
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

from yincai.foundation import clock
from yincai.registries.authorities import holder_of, trusted_roots
from yincai.registries.browsers import browser_digest, is_browser
from yincai.registries.models import CertificateChallenge
from yincai.registries.vocabulary import (
    CHALLENGE_GOOD_FOR,
    FORGOTTEN_AFTER,
    LONGEST_SIGNATURE,
    CertificateRefused,
    ChallengeView,
    Person,
)

logger = logging.getLogger(__name__)

KEY_USAGE = KeyUsageConstraints(key_usage={"digital_signature"}, key_usage_forbidden={"key_cert_sign"})
# a hostile certificate names addresses: nothing is fetched for a chain that does not end at our roots
LIMITS = FetchLimits(max_requests=8, max_cert_requests=0)
FETCH_SECONDS = 4
CLOCKS_DIFFER = timedelta(minutes=5)
UNKNOWN_AUTHORITY = (
    "这份证书不是本平台认可的机构签发的，没有登录。请改用认可机构签发的个人证书，签名时带上签发机构的证书。"
)
NOT_FOR_SIGNING = "这份证书不能用来签名（例如加密证书），没有登录。请选择签名证书。"
OUT_OF_TIME = "这份证书已过有效期或还没有生效，没有登录。请向签发机构办理更新。"
REVOKED = "这份证书已被吊销，没有登录。请向签发机构申请新的证书。"
UNSURE = "证书的吊销状态暂时查不到，为安全起见没有登录。请稍后再试，或改用其他方式登录。"
NOT_TAKEN = "签名没有通过验证，没有登录。请重新获取挑战文本，用您的个人签名证书签名后再提交。"
NOT_CMS = "提交的内容不是 CMS（PKCS#7）签名。请上传 openssl 生成的文件，或把 PEM 文本完整粘贴进来。"
NOT_THIS_TEXT = "签名的内容不是这一次的挑战文本，没有登录。请下载本页的文本，签名后再提交。"
TOO_OLD = "挑战文本已超过 10 分钟，没有登录。请重新获取文本并签名。"
USED = "这份挑战文本已经用过，不能再用。请重新获取文本并签名。"


def begin_challenge(*, browser: str) -> ChallengeView:
    """A new text for this browser: one line of ASCII, so that no tool changes it while signing."""
    now = clock.now()
    nonce = secrets.token_hex(24)
    text = f"yincai sign-in {settings.BASE_URL} {now:%Y-%m-%dT%H:%M:%SZ} {nonce}"
    made = CertificateChallenge.objects.create(browser=browser_digest(browser), text=text, opened_at=now)
    return _view(made)


def challenge(challenge_id: UUID, *, browser: str) -> ChallengeView | None:
    """The text again, while it may still be signed in this browser."""
    found = CertificateChallenge.objects.filter(pk=challenge_id, used_at=None).first()
    if found is None or not is_browser(found.browser, browser):
        return None
    return _view(found) if clock.now() < found.opened_at + CHALLENGE_GOOD_FOR else None


def check_signed_challenge(challenge_id: UUID, *, browser: str, signature: bytes) -> Person:
    """Whose certificate signed the text; the text is used up, whatever the outcome.

    `signature`: CMS in DER or PEM, detached or with the text inside.  Raises `CertificateRefused`.
    """
    signed = _parsed(signature)
    text = _use_up(challenge_id, browser)
    content = bytes(signed["encap_content_info"]["content"].native or b"")
    variants = _as_tools_write_it(text)
    if content:
        if content not in variants:
            raise CertificateRefused(NOT_THIS_TEXT)
        status = _judged(signed, None)
    else:
        status = _judged(signed, _digest_signed(signed, variants))
    _refuse_unless_good(status)
    path = status.validation_path
    if path is None:
        raise CertificateRefused(UNKNOWN_AUTHORITY)
    return holder_of(status.signing_cert, root=path.first)


def forget_old_challenges() -> int:
    """Delete texts of yesterday and before; returns how many."""
    old = CertificateChallenge.objects.filter(opened_at__lt=clock.now() - FORGOTTEN_AFTER)
    return old.delete()[0]


def _use_up(challenge_id: UUID, browser: str) -> str:
    found = CertificateChallenge.objects.filter(pk=challenge_id).first()
    if found is None or not is_browser(found.browser, browser):
        raise CertificateRefused(NOT_THIS_TEXT)
    if not CertificateChallenge.objects.filter(pk=found.pk, used_at=None).update(used_at=clock.now()):
        raise CertificateRefused(USED)
    if clock.now() >= found.opened_at + CHALLENGE_GOOD_FOR:
        raise CertificateRefused(TOO_OLD)
    return found.text


def _as_tools_write_it(text: str) -> tuple[bytes, ...]:
    """The text, with the line end that an editor or a pipe may have added."""
    return tuple(text.encode("ascii") + end for end in (b"", b"\n", b"\r\n"))


def _parsed(signature: bytes) -> cms.SignedData:
    if not 1 <= len(signature) <= LONGEST_SIGNATURE:
        raise CertificateRefused(NOT_CMS)
    try:
        if pem.detect(signature):
            _, _, signature = pem.unarmor(signature)
        info = cms.ContentInfo.load(signature, strict=True)
        if info["content_type"].native != "signed_data":
            raise CertificateRefused(NOT_CMS)
        signed: cms.SignedData = info["content"]
        if len(signed["signer_infos"]) != 1 or signed["encap_content_info"]["content_type"].native != "data":
            raise CertificateRefused(NOT_CMS)
        signed["certificates"].native  # noqa: B018 - parses everything now
    except (ValueError, TypeError, KeyError) as error:
        raise CertificateRefused(NOT_CMS) from error
    return signed


def _digest_signed(signed: cms.SignedData, variants: Iterable[bytes]) -> bytes:
    """The digest of that form of the text which the signature names; any, where it names none of them."""
    info = signed["signer_infos"][0]
    algorithm = info["digest_algorithm"]["algorithm"].native
    if algorithm not in ("sha256", "sha384", "sha512"):
        raise CertificateRefused(NOT_TAKEN)
    digests = [hashlib.new(algorithm, one).digest() for one in variants]
    attributes = info["signed_attrs"].native or []
    named = [value for one in attributes if one["type"] == "message_digest" for value in one["values"]]
    return next((one for one in digests if one in named), digests[0])


def _judged(signed: cms.SignedData, digest: bytes | None) -> SignatureStatus:
    """pyHanko's judgement; in a thread of its own, because this one may have a loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _judge(signed, digest)).result()


async def _judge(signed: cms.SignedData, digest: bytes | None) -> SignatureStatus:
    context = ValidationContext(
        trust_roots=[root for root, _ in trusted_roots().values()],
        allow_fetching=True,
        revocation_mode="require",
        time_tolerance=CLOCKS_DIFFER,
        fetchers=RequestsFetcherBackend(per_request_timeout=FETCH_SECONDS, limits=LIMITS).get_fetchers(),
    )
    try:
        return await async_validate_cms_signature(
            signed, raw_digest=digest, validation_context=context, key_usage_settings=KEY_USAGE
        )
    except (SignatureValidationError, SigningError, ValueError, TypeError, KeyError) as error:
        logger.info("a signed challenge cannot be judged: %s", type(error).__name__)
        raise CertificateRefused(NOT_TAKEN) from error


def _refuse_unless_good(status: SignatureStatus) -> None:
    if status.intact and status.valid and status.trusted:
        return
    if not (status.intact and status.valid):
        raise CertificateRefused(NOT_THIS_TEXT if not status.intact else NOT_TAKEN)
    logger.info("a certificate is not taken: %s", status.trust_problem_indic)
    raise CertificateRefused(_why(status))


def _why(status: SignatureStatus) -> str:
    """Which condition of a certificate that signed well is not met."""
    certificate = status.signing_cert
    if status.revoked:
        return REVOKED
    if not certificate.not_valid_before <= clock.now() <= certificate.not_valid_after:
        return OUT_OF_TIME
    problem = status.trust_problem_indic
    own_issuer = certificate.issuer == certificate.subject
    if own_issuer or problem is AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND:
        return UNKNOWN_AUTHORITY
    return NOT_FOR_SIGNING if problem is AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE else UNSURE


def _view(made: CertificateChallenge) -> ChallengeView:
    return ChallengeView(made.pk, made.text, made.opened_at + CHALLENGE_GOOD_FOR)
