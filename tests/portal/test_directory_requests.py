"""A resident asks for an organisation, a change, a school, a major, an administrator's right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from tests import personas
from tests.answers import picture
from tests.directory.asking import MAJOR, SCHOOL, WRITTEN, ask, resident, reviewer
from yincai.directory import actions, queries
from yincai.directory.actions import publish_directory
from yincai.directory.models import Request
from yincai.directory.vocabulary import Sort
from yincai.documents.inspection import inspect_document
from yincai.documents.models import Document

HERE = "/place/harbour_city"
ADD = f"{HERE}/organisations/add/"
Post = Callable[..., Any]


@pytest.fixture
def browser(db: None, reader_here: None) -> Client:
    """Where `asker` is signed in and the directory is published."""
    publish_directory(settings.PLACES / "harbour_city")
    return personas.sign_in(resident(), second_factor=False)


@pytest.fixture
def post(browser: Client) -> Post:
    """`post(address, written)`: the form as it comes with its file, before redirects."""

    def send(address: str, written: dict[str, str], *, with_file: bool = True, **more: str) -> Any:
        file = {"file": picture()} if with_file else {}
        return browser.post(address, {"_key": str(uuid4()), **written, **file, **more})

    return send


def record_id(name: str) -> str:
    return str(queries.search("harbour_city", Sort.ORGANISATION, name).records[0].id)


def page_of(answer: Any) -> Any:
    return html.document_fromstring(answer.content.decode())


@pytest.mark.parametrize(
    ("path", "written"),
    [("organisations/add", WRITTEN), ("schools/add", SCHOOL), ("majors/add", MAJOR)],
)
def test_request_is_handed_in_followed_and_found(
    browser: Client, post: Post, path: str, written: dict[str, str]
) -> None:
    answer = post(f"{HERE}/{path}/", written)

    asked = Request.objects.get()
    assert answer.headers["Location"] == f"{HERE}/organisations/requests/{asked.id}/"
    inspect_document(asked.documents[0])
    shown = browser.get(answer.headers["Location"]).content.decode()
    assert asked.number in shown
    assert "待审核" in shown
    assert asked.number in browser.get(f"{HERE}/organisations/requests/").content.decode()
    picture_of = f"{HERE}/organisations/requests/{asked.id}/documents/{asked.documents[0]}/1/"
    assert browser.get(picture_of)["Content-Type"] == "image/jpeg"

    actions.decide_request(asked.id, actor=reviewer(), approve=True, opinion="")

    assert "已通过" in browser.get(answer.headers["Location"]).content.decode()
    found = browser.get(f"{HERE}/{path.partition('/')[0]}/", {"q": written["name"]}).content.decode()
    assert written["name"] in page_of_text(found)


def page_of_text(content: str) -> str:
    return " ".join(html.document_fromstring(content).xpath("//tbody//th/a/text()"))


def test_mistakes_are_told_and_nothing_typed_or_uploaded_is_lost(browser: Client, post: Post) -> None:
    answer = post(ADD, WRITTEN | {"uscc": "91990100MA0000005X"})

    page = page_of(answer)
    assert answer.status_code == 422
    assert page.xpath("//div[@id='problems']//a/@href") == ["#f-uscc"]
    assert page.xpath("//input[@id='f-name']/@value") == [WRITTEN["name"]]
    (upload,) = page.xpath("//input[@name='_upload']/@value")

    again = post(ADD, WRITTEN, with_file=False, _upload=upload)

    assert again.status_code == 302
    assert str(Request.objects.get().documents[0]) == upload


@pytest.mark.parametrize("content", [b"", b"MZ" + bytes(5000), b"<html>" * 100])
def test_file_that_cannot_be_used_is_refused_in_words(browser: Client, post: Post, content: bytes) -> None:
    file = SimpleUploadedFile("licence.jpg", content, content_type="image/jpeg")
    answer = browser.post(ADD, {"_key": str(uuid4()), **WRITTEN, "file": file})

    stored = Document.objects.first()
    if stored is not None:  # the reader looks at it later here; the officer cannot approve what it refuses
        inspect_document(stored.id)
        assert Document.objects.get().state == "refused"
    else:
        assert answer.status_code == 422
        assert page_of(answer).xpath("//div[@id='problems']//a/@href") == ["#f-file"]


def test_missing_file_is_asked_for(post: Post) -> None:
    answer = post(ADD, WRITTEN, with_file=False)

    assert page_of(answer).xpath("//div[@id='problems']//a/@href") == ["#f-file"]


def test_missing_file_is_listed_with_all_that_is_wrong(post: Post) -> None:
    found = page_of(post(ADD, {**WRITTEN, "name": ""}, with_file=False)).xpath(
        "//div[@id='problems']//a/@href"
    )

    assert {"#f-name", "#f-file"} <= set(found)


def test_name_that_is_too_long_is_shown_whole_and_refused(browser: Client, post: Post) -> None:
    name = "鹿" * 180

    assert name in browser.get(ADD, {"name": name}).content.decode()
    assert "#f-name" in page_of(post(ADD, {**WRITTEN, "name": name})).xpath("//div[@id='problems']//a/@href")


def test_near_names_are_shown_before_and_may_be_passed(browser: Client, post: Post) -> None:
    written = WRITTEN | {"name": "西岛灯塔咖啡店有限公司"}

    answer = post(ADD, written)

    page = page_of(answer)
    assert "您要找的是不是这些单位" in answer.content.decode()
    assert page.xpath("//ul[@class='similar']//a/@href") == [
        f"{HERE}/organisations/{record_id('西岛灯塔咖啡有限公司')}/"
    ]
    assert Request.objects.count() == 0
    (upload,) = page.xpath("//input[@name='_upload']/@value")
    passed = post(ADD, written, with_file=False, _upload=upload, confirmed="1")
    assert passed.status_code == 302
    assert Request.objects.get().name == "西岛灯塔咖啡店有限公司"


def test_same_code_leads_to_the_record_that_is_there(post: Post) -> None:
    answer = post(ADD, WRITTEN | {"uscc": "91990100MA0000004R"}, confirmed="1")

    words = answer.content.decode()
    assert "库里已经有这个单位" in words
    assert f"{HERE}/organisations/{record_id('西岛灯塔咖啡有限公司')}/change/" in words
    assert Request.objects.count() == 0


def test_double_click_and_replay_lead_to_one_request(browser: Client) -> None:
    key = str(uuid4())

    answers = [browser.post(ADD, {"_key": key, **WRITTEN, "file": picture()}) for _ in range(3)]

    assert len({one.headers["Location"] for one in answers}) == 1
    assert (Request.objects.count(), Document.objects.count()) == (1, 1)


def test_change_begins_with_what_is_known(browser: Client, post: Post) -> None:
    address = f"{HERE}/organisations/{record_id('西岛灯塔咖啡有限公司')}/change/"

    page = page_of(browser.get(address))

    assert page.xpath("//input[@id='f-uscc']/@value") == ["91990100MA0000004R"]
    assert page.xpath("//select[@id='f-district']/option[@selected]/@value") == ["west"]
    assert post(address, WRITTEN | {"uscc": "91990100MA0000004R"}).status_code == 302


def test_enterprise_is_told_that_it_needs_no_administrator(browser: Client, post: Post) -> None:
    address = f"{HERE}/organisations/{record_id('西岛灯塔咖啡有限公司')}/administrator/"

    assert "其他单位的人员直接用个人账号申请业务" in browser.get(address).content.decode()
    assert post(address, {"phone": "13800000009"}).status_code == 422
    assert Request.objects.count() == 0


def test_administrator_is_made_and_gives_the_right_up(browser: Client, post: Post) -> None:
    answer = post(f"{HERE}/organisations/{record_id('港城图书馆')}/administrator/", {"phone": "13800000009"})
    asked = Request.objects.get()
    inspect_document(asked.documents[0])
    actions.decide_request(asked.id, actor=reviewer(), approve=True, opinion="")
    page = page_of(browser.get(f"{HERE}/organisations/administrator/"))
    (end,) = page.xpath("//ul[@class='cards']//form/@action")

    browser.post(end)

    assert answer.status_code == 302
    assert queries.administers(resident().pk) == []
    assert browser.post(end).status_code == 409


def test_user_type_brings_an_administrator_to_their_organisations(browser: Client, post: Post) -> None:
    account = resident()
    account.set_password(personas.PASSWORD)
    account.save()
    browser.force_login(account)
    form = {"login": account.username, "password": personas.PASSWORD, "user_type": "organisation"}
    before = Client().post("/account/login/", form, follow=True)
    post(f"{HERE}/organisations/{record_id('港城图书馆')}/administrator/", {"phone": "13800000009"})
    asked = Request.objects.get()
    inspect_document(asked.documents[0])
    actions.decide_request(asked.id, actor=reviewer(), approve=True, opinion="")

    after = Client().post("/account/login/", form)
    on_the_way = Client().post("/account/login/", {**form, "next": "/my/drafts/"})
    as_person = Client().post("/account/login/", {**form, "user_type": "person"})

    assert "您现在不是任何单位的系统管理员，已按个人用户登录。" in before.content.decode()
    assert after["Location"] == f"{HERE}/organisations/administrator/"
    assert on_the_way["Location"] == "/my/drafts/"
    assert as_person["Location"] == "/my/"


def test_others_see_nothing_of_a_request(browser: Client, post: Post) -> None:
    asked = ask("other")
    address = f"{HERE}/organisations/requests/{asked.id}/"

    for one in ("", f"documents/{asked.documents[0]}/1/", f"documents/{asked.documents[0]}/text/"):
        assert browser.get(f"{address}{one}").status_code == 404
    assert browser.post(f"{address}withdraw/").status_code == 404
    taken = post(ADD, WRITTEN, with_file=False, _upload=str(asked.documents[0]))
    assert page_of(taken).xpath("//div[@id='problems']//a/@href") == ["#f-file"]


def test_withdrawn_request_is_shown_as_that(browser: Client) -> None:
    asked = ask()
    address = f"{HERE}/organisations/requests/{asked.id}/"

    browser.post(f"{address}withdraw/")

    assert "已撤回" in browser.get(address).content.decode()


@pytest.mark.parametrize(
    "address", ["add/", "requests/", "administrator/", "00000000-0000-4000-8000-000000000000/change/"]
)
def test_who_is_not_signed_in_is_sent_to_sign_in(browser: Client, address: str) -> None:
    answer = Client().get(f"{HERE}/organisations/{address}")

    assert answer.headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("guide", ["not-found", "administrators"])
def test_guides_are_read_by_anybody(browser: Client, guide: str) -> None:
    words = Client().get(f"{HERE}/organisations/guides/{guide}/").content.decode()

    assert "1 个工作日内审核" in words


def test_form_without_its_key_is_refused_in_words(browser: Client) -> None:
    answer = browser.post(ADD, {**WRITTEN, "file": picture()})

    assert answer.status_code == 422
    assert Request.objects.count() == 0
