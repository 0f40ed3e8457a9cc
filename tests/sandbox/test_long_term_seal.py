"""A PDF sealed as PAdES B-LTA against the sandbox's authority, judged by pyHanko."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path

import pytest
from pikepdf import Pdf
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.ades.report import AdESFailure, AdESPassed
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.ades import AdESLTAValidationResult, ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from tests.sandbox.running import RunningSandbox, issue_seal, sandbox_command


def blank_page() -> bytes:
    content = BytesIO()
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(content)
    return content.getvalue()


def root_of(sandbox: RunningSandbox, folder: Path) -> Path:
    file = folder / "root.pem"
    file.write_bytes(sandbox.client.get("/ca/root.pem").content)
    return file


def sealed(sandbox: RunningSandbox, folder: Path) -> bytes:
    """Seals a blank page with everything that later judges need inside the file."""
    file = folder / "seal.p12"
    if not file.exists():
        issue_seal(sandbox, file, passphrase="sample")
    signer = signers.SimpleSigner.load_pkcs12(str(file), passphrase=b"sample")
    assert signer is not None
    root = load_cert_from_pemder(str(root_of(sandbox, folder)))
    metadata = PdfSignatureMetadata(
        field_name="Seal",
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        use_pades_lta=True,
        embed_validation_info=True,
        validation_context=ValidationContext(
            trust_roots=[root], allow_fetching=True, revocation_mode="require"
        ),
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    out = BytesIO()
    stamper = HTTPTimeStamper(f"{sandbox.url}/ca/timestamp")
    writer = IncrementalPdfFileWriter(BytesIO(blank_page()))
    signers.sign_pdf(writer, metadata, signer=signer, timestamper=stamper, output=out)
    return out.getvalue()


def judged(content: bytes, root: Path) -> AdESLTAValidationResult:
    """Judges without any network: the file carries its own proof (ETSI EN 319 102-1, section 5.6.3)."""
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([load_cert_from_pemder(str(root))]),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    offline = RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(policy, revinfo_gathering_policy=offline))
    seal = PdfFileReader(BytesIO(content)).embedded_regular_signatures[0]
    return asyncio.run(ades_lta_validation(seal, spec))


def test_sealed_file_proves_itself_for_the_long_term(sandbox: RunningSandbox, tmp_path: Path) -> None:
    content = sealed(sandbox, tmp_path)

    verdict = judged(content, root_of(sandbox, tmp_path))

    assert verdict.ades_subindic is AdESPassed.OK
    assert verdict.api_status is not None
    assert verdict.api_status.bottom_line
    assert verdict.oldest_evidence_record_timestamp is not None
    assert len(PdfFileReader(BytesIO(content)).embedded_timestamp_signatures) == 1


def test_altered_file_is_found_out(sandbox: RunningSandbox, tmp_path: Path) -> None:
    content = sealed(sandbox, tmp_path)
    altered = content.replace(b"612", b"613", 1)
    assert altered != content

    verdict = judged(altered, root_of(sandbox, tmp_path))

    assert verdict.ades_subindic is AdESFailure.HASH_FAILURE


@pytest.mark.parametrize("mode", ["off", "wrong", "drop"])
def test_no_seal_comes_out_while_the_timestamps_fail(
    switches: RunningSandbox, tmp_path: Path, mode: str
) -> None:
    switches.fault("timestamp", mode)

    with pytest.raises((TimestampRequestError, ValueError, OSError)):
        sealed(switches, tmp_path)


def test_no_seal_comes_out_with_a_revoked_key(own_sandbox: RunningSandbox, tmp_path: Path) -> None:
    sealed(own_sandbox, tmp_path)
    listed = sandbox_command("certificates", "--data", own_sandbox.folder).stdout.splitlines()
    [serial] = [line.split("\t")[0] for line in listed if "\tseal\t" in line]

    sandbox_command("revoke", "--data", own_sandbox.folder, "--serial", serial, "--reason", "key_compromise")

    with pytest.raises(SigningError):
        sealed(own_sandbox, tmp_path)
