"""What the components promise to people who do not see the page: names, descriptions and links that hold."""

from __future__ import annotations

from collections import Counter

import pytest
from lxml.html import HtmlElement

from yincai.look.samples import desk, forms, words

CONTROLS = "//input[not(@type='hidden')] | //select | //textarea"


def test_every_input_has_a_name_that_people_can_hear(style_page: HtmlElement) -> None:
    labelled = {label.get("for") for label in style_page.xpath("//label")}

    nameless = [one.get("id") for one in style_page.xpath(CONTROLS) if one.get("id") not in labelled]

    assert nameless == []


def test_no_id_is_used_twice(style_page: HtmlElement) -> None:
    counted = Counter(one.get("id") for one in style_page.xpath("//*[@id]"))

    assert [name for name, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("attribute", ["aria-describedby", "aria-labelledby", "for"])
def test_every_reference_leads_to_an_element(style_page: HtmlElement, attribute: str) -> None:
    known = {one.get("id") for one in style_page.xpath("//*[@id]")}
    named = {name for one in style_page.xpath(f"//*[@{attribute}]") for name in one.get(attribute).split()}

    assert named
    assert named - known == set()


def test_every_line_of_the_summary_leads_to_a_wrong_field(style_page: HtmlElement) -> None:
    known = {one.get("id") for one in style_page.xpath("//*[@id]")}
    links = [one.get("href") for one in style_page.xpath("//*[@id='problems']//a")]

    assert len(links) == len(forms.wrong_form().problems)
    assert {link.removeprefix("#") for link in links} <= known


def test_every_problem_stands_beside_its_field_and_describes_it(style_page: HtmlElement) -> None:
    described = {
        name
        for one in style_page.xpath("//*[@aria-describedby]")
        for name in one.get("aria-describedby").split()
    }
    problems = {one.get("id") for one in style_page.xpath("//p[contains(@class, 'problem')]")}

    plain = 1  # the text input below them
    assert len(problems) == len(forms.wrong_form().problems) + plain + len(desk.pins().problems)
    assert problems <= described


def test_the_summary_takes_the_focus_without_a_script(style_page: HtmlElement) -> None:
    (summary,) = style_page.xpath("//*[@id='problems']")

    assert summary.get("autofocus") is not None
    assert summary.get("tabindex") == "-1"


def test_a_date_that_cannot_be_read_is_shown_as_it_was_typed(style_page: HtmlElement) -> None:
    (good,) = style_page.xpath("//input[@id='f-birth_date']")
    (wrong,) = style_page.xpath("//input[@id='w-f-birth_date']")

    assert (good.get("type"), good.get("value")) == ("date", "1990-01-31")
    assert (wrong.get("type"), wrong.get("value")) == ("text", "1990年1月31日")


def test_stored_paragraphs_are_lines_in_the_text_box(style_page: HtmlElement) -> None:
    (area,) = style_page.xpath("//textarea[@id='f-history']")

    assert area.text_content().strip() == "2008 年毕业于某大学。\n2012 年起在某研究所工作。"


def test_the_branches_of_an_either_or_block_are_inside_their_choice(style_page: HtmlElement) -> None:
    (post,) = style_page.xpath("//input[@id='f-post']")

    (option,) = post.xpath("ancestor::div[contains(@class, 'choice-option')]")
    assert option.xpath(".//input[@type='radio']/@value") == ["flexible"]


def test_what_another_device_holds_is_shown_beside_the_field(style_page: HtmlElement) -> None:
    (theirs,) = style_page.xpath("//*[contains(@class, 'elsewhere')]//q")

    assert theirs.text_content() == words.LONG_ORGANISATION


def test_all_six_verdicts_differ_in_word_and_class(style_page: HtmlElement) -> None:
    verdicts = style_page.xpath("//section[contains(@class, 'verdict ')]")

    assert len({one.get("class") for one in verdicts}) == 6
    assert len({one.findtext("h2") for one in verdicts}) == 6


def test_nothing_undefined_reaches_the_page(style_page: HtmlElement) -> None:
    text = style_page.text_content()

    assert "None" not in text
    assert "Undefined" not in text


def test_every_input_keeps_its_posted_name(style_page: HtmlElement) -> None:
    names = set(style_page.xpath("//section[@aria-labelledby='s-fields']//*[@name]/@name"))

    assert {"identity.type", "identity.number", "family._ids", "family.a1.member_name", "_add_row"} <= names


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("//tr[@data-row]", 5),
        ("//tr[@data-row]//*[contains(@class, 'age-')]", 5),
        ("//details[@class='pin']", 6),
        ("//details[@class='reveal']", 3),
        ("//*[@id='s-told-list']//tbody/tr", 4),
        ("//figure[@class='chart']", 2),
    ],
)
def test_what_officers_see_is_on_the_page_in_every_state(
    style_page: HtmlElement, what: str, found: int
) -> None:
    assert len(style_page.xpath(what)) == found
