from __future__ import annotations

import uuid

import pytest

from yincai.documents.queries import DOCX
from yincai.documents.serving import headers

DOCUMENT = uuid.UUID("1a2b3c4d-0000-4000-8000-000000000000")


def test_page_is_served_with_every_lock_closed() -> None:
    assert headers(DOCUMENT, content_type="image/jpeg", page=2) == {
        "Content-Type": "image/jpeg",
        "Content-Disposition": 'inline; filename="document-1a2b3c4d-2.jpg"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
    }


@pytest.mark.parametrize(
    ("content_type", "download", "disposition"),
    [
        ("image/jpeg", False, 'inline; filename="document-1a2b3c4d.jpg"'),
        ("image/jpeg", True, 'attachment; filename="document-1a2b3c4d.jpg"'),
        (DOCX, False, 'attachment; filename="document-1a2b3c4d.docx"'),
    ],
)
def test_word_files_and_downloads_are_attachments(
    content_type: str, download: bool, disposition: str
) -> None:
    assert (
        headers(DOCUMENT, content_type=content_type, download=download)["Content-Disposition"] == disposition
    )


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/pdf", ""])
def test_other_types_are_never_served(content_type: str) -> None:
    with pytest.raises(ValueError, match="never served"):
        headers(DOCUMENT, content_type=content_type)
