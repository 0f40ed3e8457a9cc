"""Which headers a document is served with. The view only adds the bytes."""

from __future__ import annotations

from uuid import UUID

_ENDINGS = {
    "image/jpeg": "jpg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/plain; charset=utf-8": "txt",
}


def headers(document: UUID, *, content_type: str, page: int = 1, download: bool = False) -> dict[str, str]:
    """The response headers for one page or file: fixed type, no sniffing, no script, no cache, a name that
    tells nothing ("document-1a2b3c4d-2.jpg").

    Word files always download. Raises `ValueError` for a type that we never serve.
    """
    ending = _ENDINGS.get(content_type)
    if ending is None:
        raise ValueError(f"documents are never served as {content_type}")
    number = f"-{page}" if page != 1 else ""
    way = "attachment" if download or ending == "docx" else "inline"
    return {
        "Content-Type": content_type,
        "Content-Disposition": f'{way}; filename="document-{document.hex[:8]}{number}.{ending}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
    }
