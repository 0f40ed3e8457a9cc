"""What anyone may read: the first page, a programme, help, and the answers of the verification page."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from yincai.people.actions import count_attempt
from yincai.people.vocabulary import VERIFY_FILE_PER_ADDRESS
from yincai.public.views import MAX_CARD_BYTES

PROGRAMME = "/programmes/shijiazhuang/talent_green_card/"


def drawn(path: str) -> html.HtmlElement:
    response = Client().get(path)
    assert response.status_code == 200
    return html.document_fromstring(response.content.decode())


def test_first_page_offers_the_programme_and_signing_in(published: object) -> None:
    page = drawn("/")

    assert PROGRAMME in page.xpath("//li[contains(@class, 'offer-card')]//a/@href")
    assert page.xpath("//form[@action='/account/login/']//input/@name")[-2:] == ["login", "password"]


def test_home_page_has_the_names_the_sign_in_and_the_owner_of_a_place(published: object) -> None:
    page = drawn("/")

    words = page.text_content()

    assert "石家庄市人才绿卡信息管理平台" in [one.text_content() for one in page.xpath("//main//h2")]
    assert "中共石家庄市委人才工作领导小组" in words
    assert "建议使用近五年内的浏览器" in words
    assert page.xpath("//section[@class='sign-in']//a[text()='立即注册']")


def test_programme_page_says_who_what_how_long_cost_basis_and_contact(published: object) -> None:
    page = drawn(PROGRAMME)

    headings = [one.text_content() for one in page.xpath("//main//h2")]

    assert headings[:4] == ["谁可以申请", "需要的材料", "办理流程和时间", "系统操作总流程"]
    assert headings[4:6] == ["费用", "政策依据"]
    assert {"常见问题", "咨询窗口"} <= set(headings)


def test_programme_page_draws_the_declared_course_with_its_limits(published: object) -> None:
    page = drawn(PROGRAMME)

    course = page.xpath("//section[@aria-labelledby='course']//p[@class='flow-title']")
    steps = [" ".join(one.text_content().split()) for one in course]

    assert steps[0] == "提交申请"
    assert steps[1] == "预受理 24 小时内"
    assert steps[-1] == "已发卡"


@pytest.mark.django_db
def test_help_is_there_before_anything_is_published() -> None:
    assert "帮助" in [one.text_content() for one in drawn("/help/").xpath("//h1")]


def test_unknown_programme_is_not_found(published: object) -> None:
    assert Client().get("/programmes/shijiazhuang/nothing/").status_code == 404


@pytest.mark.django_db
def test_unknown_card_is_called_unknown() -> None:
    page = drawn("/verify/?number=A130100202600001&code=AAAAAAAAAAAAAAAA")

    assert page.xpath("//section[contains(@class, 'verdict-unknown')]/h2/text()") == ["查无此卡"]


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "said"), [("number=A1", "请填写验证码。"), ("code=A1", "请填写卡号。")])
def test_half_a_question_is_asked_for_its_other_half(asked: str, said: str) -> None:
    response = Client().get(f"/verify/?{asked}")

    assert response.status_code == 422
    assert said in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "文件是空的"), (b"x" * (MAX_CARD_BYTES + 1), "文件超过 5 MB")],
    ids=["empty", "too large"],
)
def test_file_that_cannot_be_a_card_is_refused_in_words(content: bytes, said: str) -> None:
    upload = SimpleUploadedFile("card.pdf", content, content_type="application/pdf")

    response = Client().post("/verify/file/", {"file": upload})

    assert response.status_code == 422
    assert said in response.content.decode()


def test_address_of_a_handed_in_file_leads_back_to_the_question() -> None:
    answer = Client().get("/verify/file/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/verify/")


def test_file_beyond_the_limit_of_an_address_is_not_looked_into(db: None) -> None:
    def hand_in(address: str) -> tuple[int, str]:
        upload = SimpleUploadedFile("card.pdf", b"no card", content_type="application/pdf")
        answer = Client().post("/verify/file/", {"file": upload}, REMOTE_ADDR=address)
        return answer.status_code, answer.content.decode()

    for _ in range(VERIFY_FILE_PER_ADDRESS.amount):
        count_attempt(VERIFY_FILE_PER_ADDRESS, subject="192.0.2.1")

    status, page = hand_in("192.0.2.1")

    assert (status, "请约 15 分钟后再试，或改用卡面上的卡号和验证码核验" in page) == (429, True)
    assert hand_in("192.0.2.2")[0] == 422
