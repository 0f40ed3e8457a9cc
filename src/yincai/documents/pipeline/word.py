"""Word files (docx): opened as the archive that they are, within limits, and read as text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from yincai.documents.pipeline.vocabulary import Limits, Refused

_HYPERLINK = "/relationships/hyperlink"
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>", re.DOTALL)
_COMMANDS = re.compile(rb"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT)\b\s", re.IGNORECASE)
_INSTRUCTIONS = re.compile(rb"<w:instrText[^>]*>([^<]*)<|w:instr=\"([^\"]*)\"")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, OpcError, etree.LxmlError, KeyError, ValueError, OSError, EOFError,
    NotImplementedError, RuntimeError, AttributeError, TypeError, IndexError,
)  # fmt: skip


def read_docx(data: bytes, *, limits: Limits) -> str:
    """The file's text, paragraphs and table rows in their order. Raises `Refused` for anything that acts."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = _check_entries(archive, limits)
            _check_parts(archive, names)
        text = _text(docx.Document(io.BytesIO(data)), limits.text)
    except _BROKEN as broken:
        raise Refused("word_broken") from broken
    if not text.strip():
        raise Refused("word_empty")
    return text


def _check_entries(archive: zipfile.ZipFile, limits: Limits) -> list[str]:
    entries = archive.infolist()
    if len(entries) > limits.zip_entries or sum(entry.file_size for entry in entries) > limits.zip_bytes:
        raise Refused("word_bomb")
    for entry in entries:
        if entry.file_size > 1_000_000 and entry.file_size > limits.zip_ratio * max(1, entry.compress_size):
            raise Refused("word_bomb")
        if entry.flag_bits & 0x1:
            raise Refused("word_password")
    return [entry.filename for entry in entries]


def _check_parts(archive: zipfile.ZipFile, names: list[str]) -> None:
    for name in names:
        low = name.lower()
        if "vbaproject" in low or "vbadata" in low:
            raise Refused("word_macro")
        if "/embeddings/" in low or "/activex/" in low or "oleobject" in low or low.endswith(".zip"):
            raise Refused("word_embedded")
        if low.endswith((".xml", ".rels")):
            _check_xml(archive.read(name), low)


def _check_xml(content: bytes, name: str) -> None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refused("word_broken")
    if name == "[content_types].xml" and b"macroenabled" in content.lower():
        raise Refused("word_macro")
    if name.endswith(".rels"):
        _check_relations(content)
    if name.startswith("word/"):
        commands = b" ".join(first or second for first, second in _INSTRUCTIONS.findall(content))
        if _COMMANDS.search(commands + b" "):
            raise Refused("word_linked")
        if b"altChunk" in content:
            raise Refused("word_embedded")


def _check_relations(content: bytes) -> None:
    """An outside target is only allowed for a link that a reader would have to click."""
    for relation in _RELATION.findall(content):
        attributes = dict(re.findall(r"([\w:]+)\s*=\s*[\"']([^\"']*)", relation.decode("utf8", "replace")))
        if attributes.get("TargetMode", "").lower() != "external":
            continue
        target = attributes.get("Target", "").strip().lower()
        clickable = attributes.get("Type", "").endswith(_HYPERLINK)
        if not (clickable and target.startswith(("http://", "https://", "mailto:", "#"))):
            raise Refused("word_linked")


def _text(document: Document, most: int) -> str:
    lines: list[str] = []
    length = 0
    for block in document.iter_inner_content():
        for line in _lines(block):
            length += len(line) + 1
            if length > most:
                return "\n".join([*lines, "（文字太长，后面的内容没有显示）"])
            lines.append(line)
    return "\n".join(lines)


def _lines(block: Paragraph | Table) -> list[str]:
    if isinstance(block, Paragraph):
        return [block.text.strip()] if block.text.strip() else []
    rows = []
    for row in block.rows:
        cells = dict.fromkeys(cell.text.strip().replace("\n", " ") for cell in row.cells)
        rows.append(" | ".join(filter(None, cells)))
    return list(filter(None, rows))
