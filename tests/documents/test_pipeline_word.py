from __future__ import annotations

import pytest

from tests.documents import files
from yincai.documents.pipeline.inspection import inspect
from yincai.documents.pipeline.vocabulary import Refused

RELATIONS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"'
    b' Target="%s" TargetMode="External"/></Relationships>'
)
BODY = (
    b'<?xml version="1.0"?>%s<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:body><w:p>%s</w:p></w:body></w:document>"
)


def _linked(kind: bytes, target: bytes) -> bytes:
    return files.word(word___rels__a_dot_rels=RELATIONS % (kind, target))


def _written(before: bytes, inside: bytes) -> bytes:
    return files.word(word__document_dot_xml=BODY % (before, inside))


def test_docx_is_read_as_text_in_its_order() -> None:
    safe = inspect(files.word())

    assert (safe.kind, safe.pages) == ("word", ())
    assert safe.text == "姓名：李明\n学历：硕士研究生\n单位 | 某某公司"


def test_docx_with_a_link_to_click_is_taken() -> None:
    relations = RELATIONS % (b"hyperlink", b"https://example.org/")

    assert inspect(files.word(word___rels__footer1_dot_xml_dot_rels=relations)).kind == "word"


def test_long_docx_is_cut_and_says_so() -> None:
    text = inspect(files.word(["字" * 1000] * 300)).text

    assert text is not None
    assert text.endswith("（文字太长，后面的内容没有显示）")
    assert len(text) < 201_000


HOSTILE = [
    (files.old_word(), "word_old"),
    (files.locked_word(), "word_password"),
    (files.word(word__vbaProject_dot_bin=b"x"), "word_macro"),
    (files.word(word__embeddings__oleObject1_dot_bin=b"x"), "word_embedded"),
    (files.word(word__activeX__activeX1_dot_bin=b"x"), "word_embedded"),
    (
        files.word(word___rels__a_dot_rels=RELATIONS % (b"attachedTemplate", b"http://x/t.dotm")),
        "word_linked",
    ),
    (_linked(b"image", b"http://x/pixel.png"), "word_linked"),
    (_linked(b"hyperlink", b"file:///c:/x.exe"), "word_linked"),
    (
        files.word(word__document_dot_xml=BODY % (b"", b"<w:instrText>DDEAUTO cmd</w:instrText>")),
        "word_linked",
    ),
    (_written(b"", b'<w:altChunk r:id="x"/>'), "word_embedded"),
    (_written(b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b""), "word_broken"),
    (_written(b"", b""), "word_empty"),
    (files.word(word__document_dot_xml=b"<not closed"), "word_broken"),
    (files.word(word__media__a_dot_bin=bytes(60_000_000)), "word_bomb"),
    (files.word(**{f"word__m{number}": b"" for number in range(2001)}), "word_bomb"),
    (files.word()[:-30], "unknown_type"),
]


@pytest.mark.parametrize(("data", "reason"), HOSTILE, ids=files.short)
def test_hostile_and_broken_word_files_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        inspect(data)

    assert refused.value.reason == reason


def test_old_word_file_is_told_how_to_convert() -> None:
    with pytest.raises(Refused) as refused:
        inspect(files.old_word(), claimed="doc")

    assert refused.value.sentence == (
        "旧版 Word 文件（.doc）不能接收。请在 Word 或 WPS 中打开它，选“文件—另存为”，"
        "类型选 docx 或 PDF，再上传新文件。"
    )
