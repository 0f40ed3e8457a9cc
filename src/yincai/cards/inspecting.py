"""The child process that looks into an unknown PDF: bytes on stdin, the roots' folder as argument, JSON out.

It limits itself before it imports a parser, talks to no network and imports nothing of ours.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asn1crypto import x509
    from pyhanko.sign.validation import EmbeddedPdfSignature

MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 10
MOST_PAGES = 20
MOST_TEXT = 200_000
MOST_SIGNATURES = 20


def main() -> int:
    """Inspect stdin and print what was found; a file that breaks a limit ends the process instead."""
    limit_resources()
    found = {
        "readable": False,
        "locked": False,
        "signed": False,
        "sealed_by_us": False,
        "seal_is_whole": False,
    }
    data = sys.stdin.buffer.read()
    found["signed"] = b"/ByteRange" in data
    found |= judge(data, trust_roots(Path(sys.argv[1])))
    text = read_text(data)
    found["readable"] = found["readable"] or text is not None
    sys.stdout.write(json.dumps({**found, "text": text or ""}))
    return 0


def limit_resources() -> None:
    """Bound memory and processor time; forbid writing files, core dumps and many open files."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))


def trust_roots(folder: Path) -> list[x509.Certificate]:
    """The certificates in the `*.pem` files of a folder."""
    from asn1crypto import pem, x509

    files = sorted(folder.glob("*.pem"))
    return [
        x509.Certificate.load(der)
        for file in files
        for _, _, der in pem.unarmor(file.read_bytes(), multiple=True)
    ]


def judge(data: bytes, roots: list[x509.Certificate]) -> dict[str, bool]:
    """Whether the file opens, is signed, bears a seal under our roots, and whether that seal is whole."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        if reader.encrypted:
            return {"readable": True, "locked": True}
        signatures = reader.embedded_regular_signatures[:MOST_SIGNATURES]
        every = reader.embedded_signatures
    except Exception:  # noqa: BLE001 - a hostile file may break the parser in any way; it is then not readable
        return {"readable": False}
    ours = [signature for signature in signatures if _is_ours(signature, roots)]
    return {
        "readable": True,
        "signed": bool(every),
        "sealed_by_us": bool(ours),
        "seal_is_whole": len(every) == 2
        and len(signatures) == 1
        and bool(ours)
        and _is_whole(ours[0], every, roots),
    }


def read_text(data: bytes) -> str | None:
    """The text of the first pages, or None when no page can be read."""
    import pypdfium2

    try:
        opened: Any = pypdfium2.PdfDocument
        with opened(data) as document:
            pages = [document[number] for number in range(min(len(document), MOST_PAGES))]
            return "\n".join(page.get_textpage().get_text_range() for page in pages)[:MOST_TEXT]
    except (pypdfium2.PdfiumError, ValueError):
        return None


def _is_ours(signature: EmbeddedPdfSignature, roots: list[x509.Certificate]) -> bool:
    """Whether the signer's certificate leads to a root of ours, whatever became of the file or the key."""
    import asyncio

    from pyhanko_certvalidator import CertificateValidator, ValidationContext

    try:
        certificate = signature.signer_cert
        moment = certificate.not_valid_before
        context = ValidationContext(trust_roots=roots, moment=moment, revocation_mode="soft-fail")
        others = list(signature.other_embedded_certs)
        validator = CertificateValidator(certificate, intermediate_certs=others, validation_context=context)
        asyncio.run(validator.async_validate_path())
    except Exception:  # noqa: BLE001 - whatever a forged chain breaks, it does not lead to our roots
        return False
    return True


def _is_whole(
    signature: EmbeddedPdfSignature, every: list[EmbeddedPdfSignature], roots: list[x509.Certificate]
) -> bool:
    """Bottom line, DocMDP and modification level together, at the time-stamped moment, revocation included.

    The archive time-stamp must cover the file to its last byte.
    """
    import asyncio

    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel
    from pyhanko.sign.validation.ades import ades_lta_validation

    try:
        result: Any = asyncio.run(ades_lta_validation(signature, _specification(roots)))
        last: Any = every[-1]
        last.compute_integrity_info()
        status = result.api_status
        return (
            status is not None
            and bool(status.bottom_line)
            and bool(status.docmdp_ok)
            and status.modification_level in {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES}
            and last.coverage == SignatureCoverageLevel.ENTIRE_FILE
        )
    except Exception:  # noqa: BLE001 - a seal that cannot be judged is not whole
        return False


def _specification(roots: list[x509.Certificate]) -> Any:
    """Local knowledge only, revocation required for every certificate."""
    from pyhanko.sign.validation.policy_decl import (
        PdfSignatureValidationSpec,
        RevinfoOnlineFetchingRule,
        RevocationInfoGatheringSpec,
        SignatureValidationSpec,
    )
    from pyhanko_certvalidator.context import CertValidationPolicySpec
    from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
    from pyhanko_certvalidator.registry import SimpleTrustManager

    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=roots),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    gathering = RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(cert_validation_policy=policy, revinfo_gathering_policy=gathering)
    )


if __name__ == "__main__":
    sys.exit(main())
