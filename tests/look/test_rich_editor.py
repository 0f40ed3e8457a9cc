"""The editor of long texts: keyboard, names, what it posts, what it refuses, and the plain box under it."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import normalize

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from yincai.engine.forms import clean_rich_text, count_characters
from yincai.engine.forms.values import INVISIBLE

pytestmark = pytest.mark.browser

PASTE = """(element, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "纯文字");
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  element.dispatchEvent(new ClipboardEvent("paste", how));
}"""
REPORTS = (
    "addEventListener('securitypolicyviolation', one => (window.breaches ??= []).push(one.violatedDirective))"
)
HOSTILE = """<meta charset="utf-8"><style>p { background: url(https://evil.example/a) }</style>
<p style="color:red;background:url(//evil.example/b)" onclick="x()">甲<img src=x onerror="alert(1)">
<b>重点</b></p><script>alert(1)</script><iframe src="https://evil.example/"></iframe>
<svg onload="alert(1)"><style>*{}</style></svg><p><a href="javascript:alert(1)">乙</a>
<a href="https://example.org/" style="x" target="_blank">丙</a></p>"""
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta name=Generator content="Word 15"><style><!-- p.MsoNormal {margin:0cm; font-family:"等线"} --></style>
</head><body lang=ZH-CN><!--StartFragment--><p class=MsoNormal style='margin-left:21.0pt'><b>
<span lang=EN-US style='color:red'>2019</span>年</b>任教授<o:p></o:p></p><table class=MsoTableGrid border=1
style='border-collapse:collapse'><tr style='mso-yfti-irow:0'><td width=100 valign=top
style='width:100pt'><p class=MsoNormal>论文</p></td></tr></table><!--EndFragment--></body></html>"""


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The style page with its editors; breaches of the content policy and script errors fail the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(REPORTS)
    page = context.new_page()
    page.set_default_timeout(6000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: errors.append(dialog.message))
    page.goto(f"{address}/style/")
    page.locator("[contenteditable]").nth(1).wait_for()  # both editors have come
    yield page
    assert page.evaluate("window.breaches ?? []") == []
    assert errors == []
    context.close()


@pytest.fixture
def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="国内外学习工作经历").first


def posted(page: Page) -> str:
    return page.locator("textarea[name=history]").first.input_value()


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("toolbar").first.get_by_role("button", name=name, exact=True)


def write(editor: Locator, text: str) -> None:
    """In the place of everything."""
    editor.fill("")
    editor.press_sequentially(text)


def test_editor_has_the_name_the_hint_and_the_address_of_the_box(page: Page, editor: Locator) -> None:
    expect(editor).to_have_id("f-history")
    expect(editor).to_have_attribute("aria-describedby", "f-history-hint f-history-count")
    expect(page.locator("#w-f-history")).to_have_attribute("aria-invalid", "true")

    page.locator(".problem-summary a[href='#w-f-history']").click()
    expect(page.locator("#w-f-history")).to_be_focused()
    page.locator("label[for=f-history]").click()
    expect(editor).to_be_focused()


def test_nothing_is_posted_anew_until_somebody_writes(page: Page, editor: Locator) -> None:
    editor.click()

    assert posted(page) == "2008 年毕业于某大学。\n2012 年起在某研究所工作。"


def test_toolbar_is_one_stop_and_arrows_move_in_it(page: Page, editor: Locator) -> None:
    write(editor, "重点")
    editor.press("ControlOrMeta+a")
    editor.press("Shift+Tab")
    expect(tool(page, "加粗")).to_be_focused()

    page.keyboard.press("ArrowRight")
    expect(tool(page, "斜体")).to_be_focused()
    page.keyboard.press("Enter")
    assert posted(page) == "<p><em>重点</em></p>"
    expect(tool(page, "斜体")).to_have_attribute("aria-pressed", "true")
    editor.press("Alt+F10")
    page.keyboard.press("End")
    expect(tool(page, "重做")).to_be_focused()
    page.keyboard.press("Escape")
    expect(editor).to_be_focused()


@pytest.mark.parametrize("inside", ["项目符号", "表格"])
def test_tab_always_leaves(page: Page, editor: Locator, inside: str) -> None:
    write(editor, "甲")
    tool(page, inside).click()
    expect(editor).to_be_focused()

    editor.press("Tab")

    expect(editor).not_to_be_focused()
    assert editor.evaluate("one => !!(one.compareDocumentPosition(document.activeElement) & 4)")


def test_line_that_is_written_is_never_under_the_save_bar(page: Page, editor: Locator) -> None:
    editor.fill("")
    editor.evaluate("""one => {
      one.focus({ preventScroll: true });
      scrollBy({ top: one.getBoundingClientRect().top - innerHeight + 60, behavior: "instant" });
    }""")

    editor.press("Enter")
    editor.press("Enter")

    page.wait_for_function("""() => {
      const free = parseFloat(getComputedStyle(document.documentElement).scrollPaddingBottom);
      const line = getSelection().focusNode.getBoundingClientRect();
      return free > 0 && line.height > 0 && line.bottom <= innerHeight - free + 4;
    }""")


def test_every_tool_does_what_it_says(page: Page, editor: Locator) -> None:
    write(editor, "甲")
    tool(page, "增加缩进").click()
    editor.press("Enter")
    tool(page, "减少缩进").click()
    tool(page, "编号").click()
    page.keyboard.type("乙")
    editor.press("Enter")
    tool(page, "增加缩进").click()
    page.keyboard.type("丙")
    assert clean_rich_text(posted(page)) == (
        '<p class="indent-1">甲</p><ol><li><p>乙</p><ol><li><p>丙</p></li></ol></li></ol>'
    )

    tool(page, "撤销").click()
    assert "丙" not in posted(page)
    tool(page, "重做").click()
    assert "丙" in posted(page)

    write(editor, "丁")
    tool(page, "表格").click()
    page.keyboard.type("年份")
    for name in ("加一行", "加一列", "删除行", "删除列"):
        tool(page, name).click()
    expect(page.get_by_role("toolbar").first.get_by_role("group", name="表格")).to_be_visible()
    assert clean_rich_text(posted(page)).count("<tr>") == 3
    tool(page, "删除表格").click()
    assert "<table" not in posted(page)


def test_link_leads_out_or_is_refused_with_a_sentence(page: Page, editor: Locator) -> None:
    write(editor, "主页")
    editor.press("ControlOrMeta+a")
    tool(page, "链接").click()
    address = page.get_by_label("链接地址")

    address.fill("javascript:alert(1)")
    address.press("Enter")
    expect(page.get_by_role("dialog", name="链接")).to_contain_text("要以 http://")
    expect(address).to_be_focused()
    address.fill("https://example.org/")
    address.press("Enter")

    expect(editor).to_be_focused()
    assert 'href="https://example.org/"' in posted(page)
    tool(page, "链接").click()
    page.get_by_role("dialog").get_by_role("button", name="去掉链接").click()
    assert posted(page) == "<p>主页</p>"


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        (
            HOSTILE,
            '<p>甲 <strong>重点</strong></p><p>乙 <a href="https://example.org/"'
            ' rel="noopener noreferrer nofollow">丙</a></p>',
        ),
        (
            WORD,
            "<p><strong>2019年</strong>任教授</p><table><tbody><tr><td><p>论文</p></td></tr></tbody></table>",
        ),
    ],
    ids=["hostile", "word"],
)
def test_what_is_pasted_comes_in_clean(page: Page, editor: Locator, pasted: str, kept: str) -> None:
    editor.fill("")

    editor.evaluate(PASTE, pasted)

    assert clean_rich_text(posted(page)) == kept
    assert (
        page.locator("#f-history")
        .locator("script, style, img, iframe, svg, [onclick], a[href^=java]")
        .count()
        == 0
    )


@pytest.mark.parametrize(
    "text", ["汉字 与 words，𠮷！", "a < b & c", "\u200b零宽\u00a0空格\u3000全角", "e\u0301 合成", "甲\n\n乙"]
)
def test_count_while_typing_is_the_count_of_the_server(page: Page, editor: Locator, text: str) -> None:
    editor.fill(text)

    said = page.locator("#f-history-count")

    expected = count_characters(clean_rich_text(normalize("NFC", INVISIBLE.sub("", posted(page)))))
    expect(said).to_have_text(f"已写 {expected} 字，最多 200 字")


def test_box_stays_and_works_when_the_editor_cannot_be_had(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    page.route("**/editor*.js", lambda route: route.abort())
    area = page.locator("textarea#f-history")

    with page.expect_request("**/editor*.js"):
        page.goto(f"{address}/style/")
    area.fill("照样能写")

    expect(page.locator("#f-history-count")).to_have_text("已写 4 字，最多 200 字")
    page.close()


def test_what_is_being_typed_when_the_editor_comes_goes_on(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    held: list[Route] = []
    page.route("**/editor*.js", lambda route: held.append(route))
    area = page.locator("textarea#f-history")
    with page.expect_request("**/editor*.js"):
        page.goto(f"{address}/style/")
    area.fill("一\n二三")
    area.press("ArrowLeft")

    held.pop(0).continue_()
    expect(page.locator("#f-history[role=textbox]")).to_be_focused()
    page.keyboard.type("插")

    assert posted(page) == "<p>一</p><p>二插三</p>"
    page.close()
