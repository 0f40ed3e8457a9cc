"""Rich text: what is kept, what is dropped, what is refused, and what a plain text box shows of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yincai.engine.forms import (
    TooIntricate,
    as_lines,
    clean_rich_text,
    count_characters,
    is_markup,
    one_block_a_line,
)
from yincai.engine.forms.rich_text import DEEPEST, MOST_ELEMENTS

REL = ' rel="noopener noreferrer nofollow"'
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office">
<head><style><!-- p.MsoNormal {margin:0} --></style></head><body>
<p class="MsoListParagraph" style="margin-left:21pt;mso-list:l0 level1 lfo1"><![if !supportLists]>
<span lang="EN-US" style="font-family:Wingdings">·</span><![endif]>
<b><span style="color:red">主持</span></b>项目<o:p></o:p></p>
</body></html>"""
WHOLE = (
    '<p class="indent-2">甲<strong>乙</strong></p>'
    '<ul><li><p>丙</p><ol start="3"><li><p>丁</p></li></ol></li></ul>'
    '<table><tbody><tr><th><p>年</p></th><td colspan="2"><p>事</p><p></p></td></tr></tbody></table>'
    f'<p><a href="https://example.com/?a=1&amp;b=2"{REL}>链</a>1 &lt; 2<br>末</p>'
)


@pytest.mark.parametrize(
    ("posted", "kept"),
    [
        ("p<0.05，且 a<b 成立>c", "<p>p&lt;0.05，且 a&lt;b 成立&gt;c</p>"),
        ("一\n\n二 & 三\n", "<p>一</p><p></p><p>二 &amp; 三</p>"),
        ("<script>alert(1)</script>专家", "<p>&lt;script&gt;alert(1)&lt;/script&gt;专家</p>"),
        ('<p class="indent-2 x">甲</p><p class="indent-9">乙</p>', "<p>甲</p><p>乙</p>"),
        ('<ol start="3" type="a"><li>甲</li></ol>', '<ol start="3"><li>甲</li></ol>'),
        ('<p onclick="x()">甲<img src=x onerror="x()"><svg onload="x()"></svg></p>', "<p>甲</p>"),
        ('<p><a href="java\nscript:x()">甲</a><a href="//evil.example/">乙</a></p>', "<p>甲乙</p>"),
        (f'<p><a href="https://e.example/{"a" * 3000}">甲</a></p>', "<p>甲</p>"),
        ("先写一句<b>重点</b> <i>再</i>写\n另一句\n<p>段</p>", None),
        ("<ul>\n<li>甲</li>\n</ul>\n<b>尾</b>", "<ul><li>甲</li></ul><p><b>尾</b></p>"),
        ("<li>甲</li>\n<p>乙</p>", "<p>甲</p><p>乙</p>"),
        ("<p>甲</p><iframe src=//evil.example></iframe><form><input></form>", "<p>甲</p>"),
        ("<p>甲</p><!--<p>乙</p>--><style>p{}</style>", "<p>甲</p>"),
    ],
)
def test_text_is_kept_as_far_as_it_is_text(posted: str, kept: str | None) -> None:
    expected = kept or "<p>先写一句<b>重点</b> <i>再</i>写</p><p>另一句</p><p>段</p>"

    assert clean_rich_text(posted) == expected


def test_what_a_word_processor_pastes_keeps_its_words_and_its_weight() -> None:
    clean = clean_rich_text(WORD)

    assert "<b>主持</b>项目" in clean
    assert not any(word in clean for word in ("style", "class", "Mso", "span", "o:p", "margin"))


def test_whole_document_stays_as_it_is() -> None:
    assert clean_rich_text(WHOLE) == WHOLE


def test_whole_document_can_be_read_and_edited_as_text() -> None:
    readable = one_block_a_line(WHOLE)

    assert readable.splitlines()[:4] == [
        '<p class="indent-2">甲<strong>乙</strong></p>',
        "<ul>",
        "<li><p>丙</p>",
        '<ol start="3">',
    ]
    assert "noopener" not in readable
    assert clean_rich_text(readable) == WHOLE
    assert clean_rich_text(f"补充一行\n{readable}") == f"<p>补充一行</p>{WHOLE}"


@pytest.mark.parametrize(
    ("stored", "lines"),
    [
        ("<p>一</p><p></p><p>p&lt;0.05</p>", "一\n\np<0.05"),
        ("<p>一<br>二</p>", None),
        ('<p class="indent-1">一</p>', None),
        ("<p>&lt;p&gt;一</p>", None),
        ("<p> 一</p>", None),
        ("", ""),
    ],
)
def test_paragraphs_alone_are_lines_and_nothing_else_is(stored: str, lines: str | None) -> None:
    assert as_lines(stored) == lines


@pytest.mark.parametrize(
    "posted",
    [
        "<p>" + "<b><i>" * DEEPEST + "深",
        "<ul><li>" * DEEPEST + "深",
        "<table>" + "<tr><td>格</td></tr>" * MOST_ELEMENTS + "</table>",
        "<p>" * 60_000,
    ],
    ids=["marks", "lists", "cells", "tags"],
)
def test_what_no_page_needs_is_refused(posted: str) -> None:
    with pytest.raises(TooIntricate):
        clean_rich_text(posted)


TAGS = "<p> </p> <ul> <li> </ul> <b> </b> <table> <tr> <td> </table> <br> <a> </a> <blockquote> <h3> </h3>"
PIECES = st.sampled_from([*TAGS.split(), '<a href="https://e.cn">', "甲", " ", "&lt;", "<", "\n", "\u2028"])


@given(st.lists(PIECES, max_size=14).map("".join))
def test_cleaning_again_changes_nothing_and_no_box_loses_anything(posted: str) -> None:
    clean = clean_rich_text(posted)
    lines = as_lines(clean)

    assert is_markup(clean) or not clean
    assert clean_rich_text(clean) == clean
    assert clean_rich_text(one_block_a_line(clean) if lines is None else lines) == clean
    assert count_characters(clean) == count_characters(one_block_a_line(clean))
