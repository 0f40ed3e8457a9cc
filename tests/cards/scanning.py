"""A stranger's phone: photographs the card and reads the QR code on it."""

from __future__ import annotations

import pypdfium2
import zxingcpp

DOTS_PER_INCH = 150


def addresses_on(pdf: bytes) -> list[str]:
    """What every QR code of a printed PDF holds, page by page."""
    document = pypdfium2.PdfDocument(pdf)
    pictures = [page.render(scale=DOTS_PER_INCH / 72).to_pil() for page in document]
    return [
        found.text
        for picture in pictures
        for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    ]
