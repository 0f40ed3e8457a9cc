"""The search pages of a place: organisations, schools, majors."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from lxml import html
from pytest_django import DjangoAssertNumQueries

from yincai.directory.actions import publish_directory
from yincai.directory.vocabulary import SEARCHES_PER_ADDRESS
from yincai.foundation import clock

HERE = "/place/harbour_city"


@pytest.fixture
def street(db: None) -> Client:
    """Somebody who is not signed in, where the directory is published."""
    publish_directory(settings.PLACES / "harbour_city")
    return Client()


def names(answer: object) -> list[str]:
    page = html.document_fromstring(answer.content)  # type: ignore[attr-defined]  # the test client's
    return [one.text_content() for one in page.xpath("//tbody//th/a")]


@pytest.mark.parametrize("query", ["灯塔", "xddt", "91990100MA0000004R"])
def test_anybody_finds_an_organisation_and_opens_it(street: Client, query: str) -> None:
    answer = street.get(f"{HERE}/organisations/", {"q": query})

    assert names(answer) == ["西岛灯塔咖啡有限公司"]
    (address,) = html.document_fromstring(answer.content).xpath("//tbody//th/a/@href")
    words = street.get(address).content.decode()
    assert "91990100MA0000004R" in words
    assert "由西岛区人力资源和社会保障局审核" in words
    assert "示例" in words


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("organisations", "无符合条件的记录"), ("schools", "未找到相关院校"), ("majors", "未找到相关专业")],
)
def test_nothing_found_is_said_in_the_words_of_the_guide(street: Client, path: str, sentence: str) -> None:
    words = street.get(f"{HERE}/{path}/", {"q": "没有这个名字"}).content.decode()

    assert sentence in words


@pytest.mark.parametrize(
    "query",
    [
        "\0",
        "灯塔" * 3000,
        "'\"<script>alert(1)</script>",
        "%",
        "\udcff".encode("utf8", "surrogatepass").decode("latin1"),
    ],
)
def test_hostile_query_is_answered(street: Client, query: str) -> None:
    answer = street.get(f"{HERE}/organisations/", {"q": query, "after": query})

    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


@pytest.mark.parametrize("address", ["/place/nowhere/organisations/", "/place/nowhere/schools/"])
def test_place_without_a_directory_has_no_page(street: Client, address: str) -> None:
    assert street.get(address).status_code == 404


def test_page_asks_as_little_for_many_as_for_one(
    street: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    street.get(f"{HERE}/organisations/", {"q": "港"})

    for query in ("灯塔", "港"):
        with django_assert_num_queries(3 + 5):  # five count the search
            assert names(street.get(f"{HERE}/organisations/", {"q": query}))


def test_home_of_the_portal_leads_to_every_page_of_the_directory(db: None) -> None:
    home = html.document_fromstring(Client().get("/place/guangzhou/").content.decode())

    links = home.xpath("//section[h2/@id='directory']//a/@href")

    assert len(links) == 8
    answers = {link: Client().get(link).status_code for link in links}
    assert {link for link, status in answers.items() if status != 200} == {
        f"/place/guangzhou/organisations/{name}/" for name in ("add", "requests", "administrator")
    }
    assert set(answers.values()) == {200, 302}


def test_every_place_has_a_directory_without_mistakes(db: None) -> None:
    for folder in settings.PLACES.glob("*/"):
        publish_directory(folder)

    city = names(Client().get("/place/guangzhou/organisations/", {"q": "市属监管企业"}))
    assert len(city) == 20  # the first page of the 23
    assert names(Client().get("/place/guangzhou/schools/", {"q": "hnlg"})) == ["华南理工大学"]


def test_strangers_search_so_often_from_one_address(street: Client) -> None:
    with clock.frozen(clock.now()):
        for number in range(SEARCHES_PER_ADDRESS.amount):
            query = (
                {"q": "灯塔", "after": "4.00000000-0000-0000-0000-000000000000"}
                if number % 2
                else {"q": "港"}
            )
            assert street.get(f"{HERE}/organisations/", query).status_code == 200
        refused = street.get(f"{HERE}/schools/", {"q": "大学"})
        empty = street.get(f"{HERE}/organisations/")

    assert (refused.status_code, empty.status_code) == (429, 200)
    assert names(refused) == []
    words = refused.content.decode()
    assert 'value="大学"' in words
    assert "查得太快了" in words
    assert "未找到" not in words
