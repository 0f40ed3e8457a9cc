"""Ways to tamper with a sealed card, each a function from the good file to the bad one."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pikepdf
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

Forgery = Callable[[bytes], bytes]


def byte_flipped_in_the_signed_range(good: bytes) -> bytes:
    return _flipped(good, 5_000)


def byte_flipped_in_the_seal_itself(good: bytes) -> bytes:
    return _hex_digit_changed(good, good.index(b"/Contents <") + 200)


def byte_flipped_in_the_archive_time_stamp(good: bytes) -> bytes:
    return _hex_digit_changed(good, good.rindex(b"/Contents <") + 200)


def note_stuck_on(good: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(good))
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 600, 300, 640))),
            generic.pdf_name("/DA"): generic.pdf_string("/Helv 12 Tf 0 g"),
            generic.pdf_name("/Contents"): generic.pdf_string("VALID UNTIL 2099"),
        }
    )
    page, _ = writer.find_page_for_modification(0)
    page.get_object()["/Annots"].append(writer.add_object(note))
    writer.update_container(page.get_object()["/Annots"])
    return _written(writer)


def words_painted_over(good: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(good))
    paint = RawContent(b"q 1 1 1 rg 100 600 200 40 re f Q")
    writer.add_stream_to_page(0, writer.add_object(generic.StreamObject(stream_data=paint.data)))
    return _written(writer)


def title_changed(good: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(good))
    writer.set_info(generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("Another")}))
    return _written(writer)


def signed_again_by_somebody(good: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(good))
    meta = signers.PdfSignatureMetadata(field_name="Other", md_algorithm="sha256")
    out = io.BytesIO()
    unrestricted = signers.PdfSigner(meta, forger())
    unrestricted._ignore_sv = True
    writer.root.pop("/Perms", None)
    writer.update_root()
    unrestricted.sign_pdf(writer, output=out)
    return out.getvalue()


def seal_stripped(good: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(good)) as pdf:
        for name in ("/AcroForm", "/Perms", "/DSS"):
            if name in pdf.Root:
                del pdf.Root[name]
        del pdf.pages[0]["/Annots"]
        return _saved(pdf)


def page_swapped(good: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(good)) as pdf:
        pdf.pages[0].Contents = pdf.make_stream(b"BT /F0 12 Tf 100 700 Td (another card) Tj ET")
        return _saved(pdf)


def page_added(good: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(good)) as pdf:
        pdf.add_blank_page()
        return _saved(pdf)


def rewritten_whole(good: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(good)) as pdf:
        return _saved(pdf)


def end_cut_off(good: bytes) -> bytes:
    return good[:-3_000]


def half_cut_off(good: bytes) -> bytes:
    return good[: len(good) // 2]


def archive_time_stamp_cut_off(good: bytes) -> bytes:
    return good[: good.index(b"%%EOF", good.index(b"/Contents <")) + 6]


def garbage_appended(good: bytes) -> bytes:
    return good + b"\n% harmless\n"


def nothing_but_white_space_appended(good: bytes) -> bytes:
    return good + b"\n"


def copied_and_signed_by_somebody(good: bytes) -> bytes:
    out = io.BytesIO()
    meta = signers.PdfSignatureMetadata(field_name="Seal", md_algorithm="sha256")
    signers.PdfSigner(meta, forger()).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(seal_stripped(good))), output=out
    )
    return out.getvalue()


FORGERIES: list[Forgery] = [
    byte_flipped_in_the_signed_range,
    byte_flipped_in_the_seal_itself,
    byte_flipped_in_the_archive_time_stamp,
    note_stuck_on,
    words_painted_over,
    title_changed,
    signed_again_by_somebody,
    seal_stripped,
    page_swapped,
    page_added,
    rewritten_whole,
    end_cut_off,
    archive_time_stamp_cut_off,
    garbage_appended,
    nothing_but_white_space_appended,
    copied_and_signed_by_somebody,
]


def forger() -> signers.SimpleSigner:
    """A signer with a certificate that it made itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "somebody")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    der = serialization.Encoding.DER
    private = key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(der)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x01]) + data[at + 1 :]


def _hex_digit_changed(data: bytes, at: int) -> bytes:
    return data[:at] + (b"1" if data[at : at + 1] != b"1" else b"2") + data[at + 1 :]


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
