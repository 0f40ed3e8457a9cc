"""The square codes that lead to the page where a card or a paper is verified."""

from __future__ import annotations

import io

import segno


def qr_svg(url: str) -> str:
    """The address as a QR code, drawn in SVG with its quiet zone."""
    out = io.BytesIO()
    segno.make_qr(url, error="m").save(out, kind="svg", border=2, dark="#1d2429", light="#ffffff", scale=4)
    return out.getvalue().decode()
