"""The bare card: `typst` compiles the same document, pyHanko seals it at B-LTA with the same time-stamps."""

from __future__ import annotations

import io
import json
import os
from functools import lru_cache
from pathlib import Path

import segno
import typst
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pylopdf_fonts_zh_cn import sans_path, serif_path

from bench import card_content
from bench.sample import Clock, Sample

# Leaner than pyHanko's default: everything in one go, nothing written after the archive time-stamp.
LEAN = DSSContentSettings(
    include_vri=False,
    next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
)
BOX = (420, 120, 539, 239)  # the seal's place: 42 mm


def sealed_card(count: int) -> Sample:
    """One compilation and one signature each."""
    clock, key = Clock(), _key()

    def work() -> bytes:
        return _seal(_typeset(), key)

    size = sum(len(clock(work)) for _ in range(count))
    return Sample(cpu=clock.seconds, answered=size).each(count)


def _typeset() -> bytes:
    out = io.BytesIO()
    segno.make_qr(str(card_content.FACTS["verify_url"]), error="m").save(out, kind="svg", border=2, scale=4)
    facts = {**card_content.FACTS, "photo": list(card_content.photo()), "qr": out.getvalue().decode()}
    return typst.compile(
        card_content.layout().encode(),
        root=str(card_content.LAYOUTS),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"card": json.dumps(facts, ensure_ascii=False)},
        pdf_standards="a-2b",
    )


def _seal(pdf: bytes, key: signers.SimpleSigner) -> bytes:
    metadata = signers.PdfSignatureMetadata(
        field_name="Seal",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        embed_validation_info=True,
        use_pades_lta=True,
        dss_settings=LEAN,
        reason=card_content.REASON,
        validation_context=ValidationContext(
            trust_roots=[_root()], allow_fetching=True, revocation_mode="require"
        ),
    )
    signer = signers.PdfSigner(
        metadata,
        key,
        timestamper=HTTPTimeStamper(os.environ["YINCAI_TIMESTAMP_URL"]),
        stamp_style=_style(),
        new_field_spec=SigFieldSpec(sig_field_name="Seal", on_page=0, box=BOX),
    )
    out = io.BytesIO()
    signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
    return out.getvalue()


def _style() -> StaticStampStyle:
    appearance = Path(os.environ["YINCAI_VAR"]) / card_content.APPEARANCE
    return StaticStampStyle.from_pdf_file(str(appearance), border_width=0)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    folders = sorted({str(sans_path().parent), str(serif_path().parent)})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@lru_cache(maxsize=1)
def _root() -> object:
    return load_cert_from_pemder(str(Path(os.environ["YINCAI_TRUST_ROOTS"]) / "root.pem"))


@lru_cache(maxsize=1)
def _key() -> signers.SimpleSigner:
    passphrase = Path(os.environ["YINCAI_SIGNER_PASSPHRASE_FILE"]).read_text("utf8").strip().encode()
    key = signers.SimpleSigner.load_pkcs12(os.environ["YINCAI_SIGNER_KEY"], passphrase=passphrase)
    if key is None:
        raise ValueError("the sandbox's seal key cannot be read")
    return key
