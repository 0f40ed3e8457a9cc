"""内容管理: the editors' pages, from a new draft to what residents read and back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from lxml import html

from tests import personas
from tests.directory.asking import resident
from tests.directory.editing import PLACE, TYPED, changed, draft, editor, publish, sheet, submitted
from tests.ops.test_kept_token import HERE, inputs_of, sign_in
from yincai.directory import actions, queries
from yincai.directory.actions import publish_library
from yincai.directory.vocabulary import Edition, VersionView
from yincai.directory.writing_models import PlacedWriting

pytestmark = pytest.mark.django_db
LIST = "/desk/content/"


def desk_of(name: str = "fang", **more: str) -> Client:
    editor(name, **more)
    return personas.sign_in(resident(name), second_factor=True)


def at(version: VersionView, name: str = "version") -> str:
    return reverse(f"desk:content-{name}", args=[version.id])


def form_of(page: Any) -> dict[str, str]:
    """What the browser would send of the one form with text in it."""
    (form,) = html.document_fromstring(page.content).xpath("//form[.//*[@name='title']]")
    return {name: value or "" for name, value in form.form_values()}


def act(desk: Client, version: VersionView, name: str, **more: str) -> Any:
    """Press a button on the page of a version."""
    page = html.document_fromstring(desk.get(at(version)).content)
    (form,) = page.xpath(f"//form[.//button[@value='{name}']]")
    sent = {key: value or "" for key, value in form.form_values()}
    return desk.post(at(version), {**sent, "act": name, **more})


def test_new_notice_goes_from_one_desk_over_the_other_to_residents() -> None:
    first, second, anybody = desk_of("fang"), desk_of("yu"), Client()

    sent = form_of(first.get("/desk/content/new/")) | TYPED | {"title": "新春通知", "text": "一。\n二。"}
    assert first.post("/desk/content/new/", sent)["Location"].startswith(LIST)
    (made,) = queries.editions(editor(), PLACE, Edition.DRAFT)[0]
    act(first, made, "submit")
    waiting = second.get(LIST, {"edition": "submitted"}).content.decode()
    assert at(made) in waiting
    page = reverse("place:writing", args=[PLACE, made.name])
    assert anybody.get(page).status_code == 404
    answer = act(second, made, "publish")

    assert answer.status_code == 302
    assert "<p>一。</p>" in anybody.get(page).content.decode()
    assert "新春通知" in anybody.get(reverse("place:home", args=[PLACE])).content.decode()
    assert "新春通知" in anybody.get(reverse("place:library", args=[PLACE]), {"q": "新春"}).content.decode()


def test_author_has_no_button_to_publish_and_is_refused() -> None:
    desk, waiting = desk_of(), submitted()

    assert "须由另一位内容编辑发布" in desk.get(at(waiting)).content.decode()
    sent = {"_key": str(uuid4()), "_seen": str(waiting.changes), "act": "publish", "against": "0"}
    assert desk.post(at(waiting), sent).status_code == 403


def test_change_shows_its_words_beside_those_in_force() -> None:
    desk = desk_of("yu")
    words = "窗口休息三天。\n照常。\n其一\n其二\n其三"
    out = publish(draft(text=words, since="2026-11-01"))
    newer = changed(out, text=words.replace("三天", "五天"), since="2026-11-01")

    page = html.document_fromstring(desk.get(at(newer)).content)

    assert [one.text for one in page.xpath("//div[@class='rewording']//del")] == ["三"]
    assert [one.text for one in page.xpath("//div[@class='rewording']//ins")] == ["五"]
    assert "（3 段没有改动）" in page.text_content()
    versions = page.xpath("//section[@aria-labelledby='versions-title']//a/@href")
    assert versions == [at(out)]


def test_preview_is_what_residents_read() -> None:
    desk, made = desk_of(), draft(new_until="2199-01-01", until="2199-01-01")
    article = "//article[@class='sheet']"

    before = html.document_fromstring(desk.get(at(made, "preview")).content).xpath(article)[0]
    publish(made)
    answer = Client().get(reverse("place:writing", args=[PLACE, made.name]))
    after = html.document_fromstring(answer.content).xpath(article)[0]

    assert html.tostring(before) == html.tostring(after)


def test_what_is_wrong_keeps_what_was_typed() -> None:
    desk = desk_of()
    sent = {"_key": str(uuid4()), "_seen": "0", **TYPED, "title": "", "since": "x", "text": "写了很久的正文"}

    answer = desk.post("/desk/content/new/", sent)

    assert answer.status_code == 422
    page = html.document_fromstring(answer.content)
    assert page.xpath("//div[@id='problems']//a/@href") == ["#f-title", "#f-since"]
    assert form_of(answer)["text"] == "写了很久的正文"
    assert form_of(answer)["_key"] == sent["_key"]


def test_second_editor_keeps_their_words_sees_the_others_and_saves_knowingly() -> None:
    first, second, made = desk_of("fang"), desk_of("yu"), draft()
    stale = form_of(second.get(at(made, "change")))
    first.post(at(made, "change"), form_of(first.get(at(made, "change"))) | {"text": "先写的"})

    late = second.post(at(made, "change"), stale | {"text": "后写的"})

    assert late.status_code == 409
    shown = html.document_fromstring(late.content)
    assert "没有保存：方编辑先保存了第 1 版" in shown.text_content()
    assert [one.text for one in shown.xpath("//div[@class='rewording']//del")] == ["先"]
    assert form_of(late)["text"].strip() == "后写的"
    assert queries.edition(editor(), made.id).text == "先写的"
    assert second.post(at(made, "change"), form_of(late)).status_code == 302
    assert queries.edition(editor(), made.id).text == "后写的"


def test_change_that_somebody_began_meanwhile_leads_to_theirs() -> None:
    desk, out = desk_of("yu"), publish(draft())
    stale = form_of(desk.get(at(out, "change")))
    theirs = changed(out, text="方编辑的")

    late = desk.post(at(out, "change"), stale | {"text": "余编辑的"})

    assert late.status_code == 409
    (form,) = html.document_fromstring(late.content).xpath("//form[.//*[@name='title']]")
    assert form.get("action") == at(theirs, "change")
    assert desk.get(at(out, "change"))["Location"] == at(theirs)


def test_step_that_somebody_took_first_is_said_on_the_page_and_keeps_the_reason() -> None:
    desk, other, waiting = desk_of("yu"), desk_of("wen"), submitted()
    sent = {"_key": str(uuid4()), "_seen": str(waiting.changes), "act": "back"}
    act(other, waiting, "back", reason="标题不清")

    late = desk.post(at(waiting), sent | {"reason": "日期不对"})

    assert late.status_code == 409
    assert "刚刚被另一位编辑改动" in late.content.decode()
    assert "标题不清" in late.content.decode()
    assert "您写的原因：日期不对" in late.content.decode()


def test_session_that_ended_keeps_a_long_text_and_one_press_saves_it() -> None:
    editor("fang")
    account = resident("fang")
    client = Client(enforce_csrf_checks=True)
    client.get("/account/login/")
    sent = {"_key": str(uuid4()), "_seen": "0", **TYPED, "text": "第一段\n第二段", "place": PLACE}
    token = {"csrfmiddlewaretoken": client.cookies[settings.CSRF_COOKIE_NAME].value}

    kept = client.post("/desk/content/new/", sent | token)

    assert kept.status_code == 403
    form = inputs_of(kept.content.decode())
    assert form["text"].split() == ["第一段", "第二段"]
    sign_in(client, account)
    again = client.post("/desk/content/new/", form, headers=HERE)
    assert again.status_code == 403  # the second factor is asked for, and the text kept once more
    assert "第二段" in again.content.decode()
    with_both = personas.sign_in(account, second_factor=True)
    assert with_both.post("/desk/content/new/", sent).status_code == 302
    (made,) = queries.editions(editor(), PLACE, Edition.DRAFT)[0]
    assert made.text == "第一段\n第二段"


def test_buttons_of_one_page_are_not_taken_for_one_another() -> None:
    desk, waiting = desk_of("yu"), submitted()
    shown = html.document_fromstring(desk.get(at(waiting)).content)
    (key,) = {str(one) for one in shown.xpath("//input[@name='_key']/@value")}
    sent = {"_key": key, "_seen": str(waiting.changes), "against": "0"}

    assert desk.post(at(waiting), sent | {"act": "publish"}).status_code == 302
    late = desk.post(at(waiting), sent | {"act": "back", "reason": "日期不对"})

    assert late.status_code == 409
    assert "已退回" not in late.content.decode()
    assert queries.edition(editor(), waiting.id).edition is Edition.PUBLISHED


def test_withdrawal_says_what_goes_too_and_takes_nothing_that_was_not_seen() -> None:
    desk, out = desk_of("yu"), publish(draft())
    page = html.document_fromstring(desk.get(at(out)).content)
    (form,) = page.xpath("//form[.//button[@value='withdraw']]")
    stale = {name: value or "" for name, value in form.form_values()} | {"act": "withdraw", "reason": "误"}
    coming = publish(changed(out, text="新", since="2199-01-01"))

    assert desk.post(at(out), stale).status_code == 409
    shown = desk.get(at(out)).content.decode()
    assert "第 2 版（" in shown
    assert "也一并撤下" in shown
    act(desk, out, "withdraw", reason="误")
    assert queries.edition(editor(), coming.id).edition is Edition.WITHDRAWN


def test_page_before_publication_says_what_is_replaced_and_what_follows() -> None:
    desk = desk_of("yu")
    out = publish(draft())
    coming = publish(changed(out, text="将来", since="2199-01-01"))
    for since, sentence in (("", "仍按原定日期显示"), ("2199-01-01", "替换第 2 版")):
        made = changed(coming, text="又改", since=since)
        waiting = actions.submit_draft(made.id, actor=editor(), sheet=sheet(made))
        assert sentence in desk.get(at(waiting)).content.decode()
        back = actions.send_back(waiting.id, actor=editor(), sheet=sheet(waiting))
        actions.discard_draft(back.id, actor=editor(), sheet=sheet(back))


def test_what_the_folder_says_and_is_not_taken_is_told_so() -> None:
    desk = desk_of()
    publish_library(settings.PLACES / PLACE)
    (seed, *_) = queries.editions(editor(), PLACE, Edition.PUBLISHED)[0]
    waiting = submitted()
    PlacedWriting.objects.filter(pk=waiting.id).update(digest=seed.name.ljust(64, "0"), written_by=[])

    act(desk, waiting, "back", reason="以现行为准")

    assert "没有采用" in desk.get(at(waiting)).content.decode()


def test_older_entries_of_the_record_are_reached() -> None:
    desk, made = desk_of(), draft(title="第0稿")
    for number in range(31):
        typed = {**TYPED, "text": f"第{number}稿"}
        made = actions.save_draft(made.id, actor=editor(), typed=typed, sheet=sheet(made))

    page = html.document_fromstring(desk.get(at(made)).content)
    (older,) = page.xpath("//section[@aria-labelledby='deeds-title']//a/@href")
    rest = html.document_fromstring(desk.get(at(made) + older).content)

    assert len(page.xpath("//ol[@class='timeline']/li")) == 30
    assert "新建草稿" in rest.xpath("//ol[@class='timeline']")[0].text_content()
    assert not rest.xpath("//section[@aria-labelledby='deeds-title']//a")
    assert desk.get(at(made), {"deeds": "99999999999"}).status_code == 200


def test_withdrawal_asks_why() -> None:
    desk, out = desk_of(), publish(draft())

    lacking = act(desk, out, "withdraw", reason="")
    assert lacking.status_code == 422
    assert html.document_fromstring(lacking.content).xpath("//div[@id='problems']//a/@href") == ["#f-reason"]
    act(desk, out, "withdraw", reason="与新规不符")

    assert "与新规不符" in desk.get(at(out)).content.decode()
    assert Client().get(reverse("place:writing", args=[PLACE, out.name])).status_code == 404


def test_list_has_the_folders_writings_by_shelf_and_words() -> None:
    publish_library(settings.PLACES / PLACE)
    desk = desk_of()

    shown = desk.get(LIST, {"shelf": "policy", "q": "2022"}).content.decode()

    assert "引进人才入户管理办法实施细则" in shown
    assert "常见问题" not in shown
    assert "地区文件" in shown


def test_list_goes_on_with_what_was_chosen() -> None:
    desk = desk_of()
    made = [draft(shelf="guide", title=f"第{number}号指南") for number in range(21)]

    first = html.document_fromstring(
        desk.get(LIST, {"edition": "draft", "shelf": "guide", "q": "指南"}).content
    )
    (following,) = first.xpath("//a[@rel='next']/@href")

    rest = html.document_fromstring(desk.get(LIST + following).content)
    assert rest.xpath("//tbody//th/a/@href") == [at(made[0])]


def test_others_have_no_such_pages() -> None:
    made = draft()
    for desk in (
        desk_of("huang", role="support"),
        desk_of("shi", place="shijiazhuang", office="hall"),
    ):
        for address in (at(made), at(made, "change"), at(made, "preview")):
            assert desk.get(address).status_code == 404
    helper = desk_of("huang", role="support")
    assert helper.get(LIST).status_code == 404
    assert "内容管理" not in helper.get("/desk/support/").content.decode()


def test_unknown_standing_or_key_is_no_error() -> None:
    desk = desk_of()

    assert desk.get(LIST, {"edition": "discarded"}).status_code == 404
    assert desk.get(LIST, {"edition": "x", "shelf": "x", "after": "x"}).status_code == 200
    assert desk.post(at(draft()), {"act": "submit"}).status_code == 422
