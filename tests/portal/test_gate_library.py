"""What the portal gives to read, whom to ask, and the links that bring a choice along."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.cards.test_rendering import text_of
from tests.directory.editing import draft, publish
from yincai.directory.actions import publish_library
from yincai.portal.gate import papers, writings

pytestmark = pytest.mark.django_db
HERE = "guangzhou"
KEY = "shijiazhuang/talent_green_card"


@pytest.fixture(autouse=True)
def library(db: None) -> None:
    publish_library(settings.PLACES / HERE)


def at(name: str, *args: object) -> str:
    return reverse(f"place:{name}", args=[HERE, *args])


def read(client: Client, address: str, **asked: str) -> str:
    return client.get(address, asked).content.decode()


def test_home_has_the_three_blocks_with_marks_for_what_is_new(client: Client) -> None:
    shown = read(client, at("home"))

    for title in ("政策依据", "业务办理指南", "政策问答", "温馨提示"):
        assert title in shown
    assert "穗人社规字〔2022〕2号" in shown
    assert "hrssgz@gz.gov.cn" in shown
    assert '<span class="mark-new">新</span>' in shown
    assert "不收取任何费用" in shown


def test_words_lead_to_the_policy_that_has_them(client: Client) -> None:
    shown = read(client, at("library"), q="添加企业")

    assert "<mark>添加企业</mark>" in shown
    assert at("writing", "organisation_not_found") in shown
    assert "没有找到" in read(client, at("library"), q="不存在的词语")
    assert "&lt;b&gt;" in read(client, at("library"), q="<b>")


@pytest.mark.parametrize(
    "name", ["talent_details", "administrator_right", "organisation_not_found", "apply_again"]
)
def test_every_guide_can_be_read(client: Client, name: str) -> None:
    assert client.get(at("writing", name)).status_code == 200


def test_guide_is_taken_away_as_a_pdf(client: Client) -> None:
    page = read(client, at("writing", "organisation_not_found"))
    assert at("writing_file", "organisation_not_found") in page

    answer = client.get(at("writing_file", "organisation_not_found"))

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="organisation_not_found.pdf"'
    text = text_of(answer.content)
    assert "搜索不到单位名称操作指引" in text
    assert client.get(at("writing_file", "nothing")).status_code == 404


def test_text_of_a_guide_is_no_markup_of_its_paper(client: Client) -> None:
    made = publish(draft(title="# 一 #panic()", text='#import "x"\n*粗* $x$ \\ <b>', until="2199-01-01"))

    answer = client.get(at("writing_file", made.name))

    text = text_of(answer.content)
    assert "#panic()" in text
    assert '#import "x"' in text


def test_papers_are_typeset_so_often_for_one_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writings, "FILES_PER_ADDRESS", replace(writings.FILES_PER_ADDRESS, amount=1))
    monkeypatch.setattr(papers, "_kept", OrderedDict())
    file, other = (at("writing_file", name) for name in ("apply_again", "organisation_not_found"))

    assert client.get(file).status_code == 200
    assert client.get(other).status_code == 429
    assert client.get(file).status_code == 200  # it is kept: nothing was typeset


def test_papers_are_kept_up_to_so_many_bytes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "_kept", OrderedDict())
    files = [at("writing_file", name) for name in ("apply_again", "organisation_not_found")]
    first, second = (client.get(file).content for file in files)
    assert list(papers._kept.values()) == [first, second]

    papers._kept.clear()
    monkeypatch.setattr(papers, "KEPT_BYTES", max(len(first), len(second)))
    for file in files:
        client.get(file)

    assert list(papers._kept.values()) == [second]


def test_unknown_writing_and_shelf_are_not_found(client: Client) -> None:
    gone = client.get(at("writing", "nothing"))
    assert gone.status_code == 404
    assert "您打开的内容已撤下，或还没有发布" in gone.content.decode()
    assert at("writing", "talent_details") in gone.content.decode()
    assert client.get(at("shelf", "nothing")).status_code == 404
    assert client.get(at("shelf", "policy"), {"after": "nonsense"}).status_code == 200


def test_contacts_list_city_and_districts_and_the_support_block(client: Client) -> None:
    shown = read(client, at("contacts"))

    assert shown.count("区人力资源和社会保障局</h3>") == 11
    for words in ("020-86555114", "020-83126088", "020-83557984", "hrssgz@gz.gov.cn"):
        assert words in shown


def test_channels_say_how_to_come(client: Client) -> None:
    shown = read(client, at("channels"))

    for words in ("广东政务服务网", "广州市智慧人才家园", "“广州人社”微信公众号", "“穗好办”APP"):
        assert words in shown


def arrive(browser: Client, **asked: str) -> Any:
    return browser.get(at("arrive", "provincial_portal"), asked)


def test_link_of_a_channel_brings_programme_and_district_along(published: Any) -> None:
    browser = personas.sign_in(personas.make_persona("applicant"), second_factor=False)

    answer = arrive(browser, programme=KEY, district="440111")

    assert answer["Location"] == reverse("portal:apply") + "#shijiazhuang-talent_green_card"
    assert "您从广东政务服务网进入，已选择办理区域：白云区。" in read(browser, reverse("portal:apply"))


@pytest.mark.parametrize(("district", "is_filled"), [("130121", True), ("440111", False), ("", False)])
def test_district_of_a_channel_stands_in_the_form_where_it_is_offered(
    published: Any, district: str, is_filled: bool
) -> None:
    browser = personas.sign_in(personas.make_persona("applicant"), second_factor=False)
    arrive(browser, programme=KEY, district=district)

    opened = browser.post(reverse("portal:apply"), {"_key": str(uuid4()), "programme": f"{KEY}/C"})
    case = opened["Location"].split("/")[3]
    shown = read(browser, reverse("portal:form", args=[case, "person"]))

    assert ('<option value="130121" selected>' in shown) is is_filled
    assert ("已填入您在广东政务服务网选择的办理区域" in shown) is is_filled


def test_whole_city_is_a_choice_too(published: Any) -> None:
    browser = personas.sign_in(personas.make_persona("applicant"), second_factor=False)

    arrive(browser, programme=KEY, district="440100")

    assert "已选择办理区域：市本级。" in read(browser, reverse("portal:apply"))


@pytest.mark.parametrize("district", ["999999", "44011", "<b>", "..%2f", "４４０１１１"])
def test_unknown_district_is_said_and_not_kept(published: Any, district: str) -> None:
    browser = personas.sign_in(personas.make_persona("applicant"), second_factor=False)

    arrive(browser, programme=KEY, district=district)
    shown = read(browser, reverse("portal:apply"))

    assert "您从广东政务服务网进入。" in shown
    assert "链接里的办理区域没有找到。请进入后重新选择。" in shown


@pytest.mark.parametrize("programme", ["", "x", "shijiazhuang/nothing", "harbour_city/library_card", "../x"])
def test_unknown_programme_is_said_in_words(client: Client, published: Any, programme: str) -> None:
    answer = arrive(client, programme=programme)

    assert answer.status_code == 404
    assert "链接里的事项在本平台没有找到" in answer.content.decode()
    assert "arrival" not in answer.cookies


def test_forged_choice_is_none(published: Any) -> None:
    browser = personas.sign_in(personas.make_persona("applicant"), second_factor=False)
    browser.cookies["arrival"] = '["Forged","shijiazhuang","talent_green_card","440111"]:1:x'

    assert "Forged" not in read(browser, reverse("portal:apply"))


def test_channel_that_carries_nothing_has_no_link(client: Client) -> None:
    assert client.get(at("arrive", "talent_home"), {"programme": KEY}).status_code == 404
    assert client.get(at("arrive", "nothing"), {"programme": KEY}).status_code == 404


def test_flow_of_a_programme_is_a_picture(client: Client, published: Any) -> None:
    address = reverse("public:flow", args=["shijiazhuang", "talent_green_card"])

    answer = client.get(address)

    assert answer["Content-Type"] == "image/svg+xml"
    assert "石家庄市人才绿卡" in answer.content.decode()
    page = client.get(reverse("public:programme", args=["shijiazhuang", "talent_green_card"]))
    assert address in page.content.decode()


def test_what_is_done_on_the_site_is_a_picture_and_a_text(client: Client, published: Any) -> None:
    address = reverse("public:operation", args=["shijiazhuang", "talent_green_card"])

    answer = client.get(address)
    page = client.get(
        reverse("public:programme", args=["shijiazhuang", "talent_green_card"])
    ).content.decode()

    assert answer["Content-Type"] == "image/svg+xml"
    assert "系统操作总流程图" in answer.content.decode()
    assert address in page
    assert "用人单位情况" in page.partition("系统操作总流程</h2>")[2]
