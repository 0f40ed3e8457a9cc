"""The port to whatever can seal a PDF, and the one that ships: pyHanko with an EC P-256 key (PKCS#12).

A seal is PAdES B-LTA (ETSI EN 319 142-1): signature time-stamp, certificate chain with CRL and OCSP answers,
and a document time-stamp over all of it; DocMDP permits no change.  Anything less is not put: the card waits.
"""

from __future__ import annotations

import io
import logging
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import httpx
from asn1crypto import pem, tsp, x509
from django.conf import settings
from pyhanko.pdf_utils import content, layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, set_tsp_headers
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator import errors as chain_errors

from yincai.cards.rendering import Sheet
from yincai.cards.vocabulary import SealingWaits

logger = logging.getLogger(__name__)

FIELD = "Seal"
TIMESTAMP_FIELD = "SealTime"
TIMEOUT_SECONDS = 10.0
# Revocation answers are younger than the moment at which the attempt began; that must not spoil them.
SLOW_AUTHORITIES = timedelta(minutes=5)
# All validation data goes in first, so that the archive time-stamp covers the file to its last byte.
_NOTHING_AFTER_THE_TIMESTAMP = DSSContentSettings(
    include_vri=False,
    next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
)
_NEXT = "系统会自动重试，不需要重新办理。"
_CHAIN_ERRORS = (
    chain_errors.PathError,
    chain_errors.ValidationError,
    chain_errors.CRLValidationError,
    chain_errors.OCSPValidationError,
)


class Signer(Protocol):
    """Whoever can put the seal: our own key, an HSM, or a government seal service."""

    def seal(self, sheet: Sheet, *, appearance: bytes, reason: str, place: str) -> bytes:
        """The sheet sealed at B-LTA, `appearance` (a one-page PDF) at its place; else `SealingWaits`."""
        ...


@dataclass
class PyHankoSigner:
    """Seals with a key of our own, a time-stamping authority, and what its certificates name."""

    key: signers.SimpleSigner
    timestamper: TimeStamper
    trust_roots: Sequence[x509.Certificate] = field(repr=False)

    @staticmethod
    def from_settings() -> PyHankoSigner:
        """The signer of this process; `SealingWaits` when key, passphrase or trust roots are missing."""
        key, passphrase = Path(settings.SIGNER_KEY), Path(settings.SIGNER_PASSPHRASE_FILE)
        roots = sorted(settings.TRUST_ROOTS.glob("*.pem"))
        made_of = tuple((file, _changed(file)) for file in (key, passphrase, *roots))
        return _equipped(settings.TIMESTAMP_URL, made_of)

    def seal(self, sheet: Sheet, *, appearance: bytes, reason: str, place: str) -> bytes:
        """The sheet sealed at B-LTA; `SealingWaits` names what could not be had."""
        signer = signers.PdfSigner(
            self._metadata(reason=reason, place=place),
            self.key,
            timestamper=self.timestamper,
            stamp_style=_style(appearance),
            new_field_spec=_field_spec(sheet),
        )
        out = io.BytesIO()
        try:
            signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(sheet.pdf)), output=out)
        except (TimestampRequestError, SigningError, *_CHAIN_ERRORS) as error:
            _equipped.cache_clear()  # what was learned of the authorities may be out of date
            logger.warning("sealing did not work: %s: %s", type(error).__name__, error)
            raise _why(error) from error
        sealed = out.getvalue()
        _refuse_less_than_full(sealed)
        return sealed

    def _metadata(self, *, reason: str, place: str) -> signers.PdfSignatureMetadata:
        return signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            embed_validation_info=True,
            use_pades_lta=True,
            timestamp_field_name=TIMESTAMP_FIELD,
            dss_settings=_NOTHING_AFTER_THE_TIMESTAMP,
            reason=reason,
            location=place,
            validation_context=ValidationContext(
                trust_roots=list(self.trust_roots),
                allow_fetching=True,
                revocation_mode="require",
                time_tolerance=SLOW_AUTHORITIES,
            ),
        )


class HttpTimestamper(TimeStamper):
    """An RFC 3161 client over HTTP that fails within `TIMEOUT_SECONDS`."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # untyped upstream
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The authority's answer; `TimestampRequestError` when there is none or it is not one."""
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, verify=_tls()) as client:
                answer = await client.post(self.url, content=req.dump(), headers=set_tsp_headers({}))
            answer.raise_for_status()
            if answer.headers.get("content-type") != "application/timestamp-reply":
                raise TimestampRequestError("the answer is no time-stamp reply")
            response: tsp.TimeStampResp = tsp.TimeStampResp.load(answer.content, strict=True)
        except (httpx.HTTPError, ValueError) as error:
            raise TimestampRequestError(f"no time-stamp: {type(error).__name__}") from error
        return response


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """The system's trust for HTTPS, read once: reading it costs more than a signature."""
    return httpx.create_ssl_context()


@lru_cache(maxsize=4)
def _equipped(timestamp_url: str, made_of: tuple[tuple[Path, int], ...]) -> PyHankoSigner:
    """A signer made of these files in this state, kept from card to card."""
    (key, _), (passphrase, _), *roots = made_of
    return PyHankoSigner(
        key=_read_key(key, passphrase),
        timestamper=HttpTimestamper(timestamp_url),
        trust_roots=_read_roots([file for file, _ in roots]),
    )


def _changed(file: Path) -> int:
    """When a file last changed, in nanoseconds; 0 when there is none to be seen."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def _read_roots(files: Sequence[Path]) -> list[x509.Certificate]:
    found = [
        x509.Certificate.load(der)
        for file in files
        for _, _, der in pem.unarmor(file.read_bytes(), multiple=True)
    ]
    if not found:
        raise SealingWaits(f"没有可信根证书，暂时不能盖章。请管理员把根证书放进信任目录。{_NEXT}")
    return found


def _read_key(key: Path, passphrase: Path) -> signers.SimpleSigner:
    try:
        secret = passphrase.read_text("utf8").strip().encode()
        loaded = signers.SimpleSigner.load_pkcs12_data(key.read_bytes(), other_certs=[], passphrase=secret)
    except (OSError, ValueError):
        raise SealingWaits(
            f"签章密钥或口令文件读不出来，暂时不能盖章。请管理员检查签章进程的设置。{_NEXT}"
        ) from None
    if not isinstance(loaded, signers.SimpleSigner):
        raise SealingWaits(f"签章密钥打不开，暂时不能盖章。请管理员检查签章进程的设置。{_NEXT}")
    return loaded


class _SealPage(content.PdfContent):
    """The seal's one-page PDF, drawn as the signature's appearance."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self.pdf = pdf

    def render(self) -> bytes:
        """The operators that draw the page; registers it with the writer first."""
        imported: Any = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self.pdf)))
        self.resources.xobject["/SealPage"] = imported
        left, bottom, right, top = imported.get_object()["/BBox"]
        self.box = layout.BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/SealPage Do"


def _style(appearance: bytes) -> StaticStampStyle:
    middle = layout.AxisAlignment.ALIGN_MID
    none = layout.Margins(left=0, right=0, top=0, bottom=0)
    fill = layout.SimpleBoxLayoutRule(x_align=middle, y_align=middle, margins=none)
    return StaticStampStyle(
        background=_SealPage(appearance), background_layout=fill, background_opacity=1.0, border_width=0
    )


def _field_spec(sheet: Sheet) -> SigFieldSpec:
    """The field at the layout's place; PDF counts from the bottom left, the layout from the top left."""
    reader: Any = PdfFileReader(io.BytesIO(sheet.pdf))
    page, _ = reader.find_page_for_modification(sheet.seal.page)
    height = float(page.get_object()["/MediaBox"][3])
    left, top, size = sheet.seal.left, sheet.seal.top, sheet.seal.size
    box = (round(left), round(height - top - size), round(left + size), round(height - top))
    return SigFieldSpec(sig_field_name=FIELD, on_page=sheet.seal.page, box=box)


def _refuse_less_than_full(pdf: bytes) -> None:
    """Raise unless the file has the time-stamp over its validation data: never a weaker seal in silence."""
    reader = PdfFileReader(io.BytesIO(pdf))
    if "/DSS" not in reader.root or not reader.embedded_timestamp_signatures:
        raise SealingWaits(f"电子印章缺少长期验证信息，没有发出。请管理员检查时间戳和吊销信息服务。{_NEXT}")


def _why(error: BaseException) -> SealingWaits:
    """The sentence for a failed attempt, from the most telling error of its chain of causes."""
    causes = list(_causes(error))
    if any(isinstance(cause, chain_errors.RevokedError) for cause in causes):
        return SealingWaits("签章证书或时间戳证书已被吊销，不能盖章。请管理员更换证书，换后自动继续。")
    if any(isinstance(cause, TimestampRequestError) for cause in causes):
        return SealingWaits(f"时间戳服务暂时没有给出时间戳，电子卡还没有盖章。{_NEXT}")
    if any(isinstance(cause, _CHAIN_ERRORS) for cause in causes):
        return SealingWaits(f"暂时取不到证书的吊销信息（CRL/OCSP）或证书链不完整，电子卡还没有盖章。{_NEXT}")
    return SealingWaits(f"签章没有成功，电子卡还没有盖章。{_NEXT}")


def _causes(error: BaseException | None) -> Sequence[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain
