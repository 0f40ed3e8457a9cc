"""What this room holds about somebody (door: `queries.held_about`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from yincai.documents.models import Document, LibraryEntry
from yincai.documents.viewing import view_of
from yincai.foundation.held import HeldPart

LABELS = {
    "id": "文件编号",
    "name": "文件名",
    "kind": "格式",
    "size": "字节数",
    "sha256": "SHA-256 校验值",
    "purpose": "用途",
    "slot": "位置",
    "state": "状态",
    "reason": "不能使用的原因",
    "warnings": "检查提示",
    "pages": "页数",
    "uploaded_at": "上传时间",
    "expires_on": "有效期至",
    "case": "所在的申请",
    "label": "所在的批次",
    "in_library_since": "放入资料库的时间",
    "library_type": "资料库中的类型",
}


def held_about(account_id: UUID) -> tuple[HeldPart, ...]:
    """Every file that somebody uploaded, with its hash: the list, not the files, which they can open."""
    kept = {one.document_id: one for one in LibraryEntry.objects.filter(owner_id=account_id)}
    rows = Document.objects.filter(owner_id=account_id).prefetch_related("pages")
    found = [_row(row, kept.get(row.pk)) for row in rows.order_by("created_at", "pk")]
    ids = tuple(row["id"] for row in found)
    return (HeldPart("documents", "上传的文件", LABELS, tuple(found), ids),)


def _row(row: Document, kept: LibraryEntry | None) -> Mapping[str, Any]:
    pages = list(row.pages.all())
    view = view_of(row, pages)
    return {
        "id": view.id,
        "name": view.name,
        "kind": view.kind,
        "size": view.size,
        "sha256": view.sha256,
        "purpose": view.purpose,
        "slot": view.slot,
        "state": view.state,
        "reason": view.reason,
        "warnings": view.warnings,
        "pages": len(pages),
        "uploaded_at": view.created_at,
        "expires_on": view.expires_on,
        "case": view.case,
        "label": view.label,
        "in_library_since": kept.agreed_at if kept else None,
        "library_type": kept.type_code if kept else None,
    }
