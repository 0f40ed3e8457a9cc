"""The human check: work or a question, signed, for one form, for a while, and once."""

from __future__ import annotations

import base64
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests import checks, personas
from yincai.foundation import clock
from yincai.people import human_check, questions
from yincai.people.models import Account, RecentAttempts
from yincai.people.vocabulary import NotChecked, Purpose

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.urls")]
WRONG = "a wrong but possible password"
FORM = {
    "username": "WeiZhang",
    "password1": personas.PASSWORD,
    "password2": personas.PASSWORD,
    "phone": "13812345678",
    "email": "wei@example.org",
}


def register(client: Client, proof: dict[str, str], **changes: str) -> Any:
    return client.post("/account/signup/", {**FORM, **proof, **changes})


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, page
    return found[1]


def question_of(page: str) -> str:
    found = re.search(r"验证问题：([^<]+)", page)
    assert found, page
    return found[1].replace("&#34;", '"')


def answer_on(page: str) -> dict[str, str]:
    return {
        "check_question": hidden(page, "check_question"),
        "check_answer": checks.answered(question_of(page)),
    }


def test_work_of_the_browser_opens_the_form(client: Client) -> None:
    assert register(client, checks.work_done("register")).status_code == 302
    assert Account.objects.get().username == "WeiZhang"


def test_answer_to_the_question_opens_the_form_without_scripts(client: Client) -> None:
    page = client.get("/account/signup/").content.decode()

    assert register(client, answer_on(page)).status_code == 302


def test_work_for_a_page_is_given_to_its_script(client: Client) -> None:
    asked = client.get("/account/check/register/")

    assert "no-store" in asked["Cache-Control"]
    assert asked.json()["parameters"]["data"]["purpose"] == "register"
    assert client.get("/account/check/anything/").status_code == 404


def test_form_without_a_proof_is_refused_beside_its_question_and_tells_nothing(client: Client) -> None:
    personas.make_persona("applicant")

    page = register(client, {}, username="applicant").content.decode()

    assert "请回答这个问题再提交" in page
    assert re.search(r'<a href="#id_check_answer">', page)
    assert "已有人使用" not in page
    assert 'value="wei@example.org"' in page
    assert not Account.objects.filter(username="WeiZhang").exists()


def test_form_without_a_proof_is_told_its_other_mistakes_too(client: Client) -> None:
    page = register(client, {}, username="1abc", phone="123").content.decode()

    for name in ("username", "phone", "check_answer"):
        assert f'id="id_{name}-problem"' in page


def test_wrong_answer_is_told_and_another_question_asked(client: Client) -> None:
    first = client.get("/account/signup/").content.decode()

    page = register(client, {**answer_on(first), "check_answer": "1"}).content.decode()

    assert "这个答案不对。换了一个问题" in page
    assert hidden(page, "check_question") != hidden(first, "check_question")
    assert not Account.objects.exists()


def test_question_is_not_tried_twice(client: Client) -> None:
    proof = answer_on(client.get("/account/signup/").content.decode())
    register(client, {**proof, "check_answer": "1"})

    assert "已经用过" in register(client, proof).content.decode()


@pytest.mark.parametrize("way", ["work", "question"])
def test_proof_is_refused_the_second_time_in_any_process(way: str) -> None:
    page = Client().get("/account/signup/").content.decode()
    proof = answer_on(page) if way == "question" else checks.work_done("register")
    register(Client(), proof)

    again = register(Client(), proof, username="second", email="second@example.org")

    assert again.status_code == 422
    assert "刚才的确认已经用过" in again.content.decode()
    assert RecentAttempts.objects.filter(at__len=1).exists()  # what is spent is a row, not memory
    assert Account.objects.count() == 1


@pytest.mark.parametrize("way", ["work", "question"])
def test_old_proof_is_refused_in_words(way: str, client: Client) -> None:
    with clock.frozen(clock.now()) as hands:
        page = client.get("/account/signup/").content.decode()
        proof = answer_on(page) if way == "question" else checks.work_done("register")
        hands.move_by(human_check.LIFETIME + timedelta(seconds=1))

        assert "页面停留超过 30 分钟" in register(client, proof).content.decode()


def test_proof_for_another_form_is_refused(client: Client) -> None:
    page = client.get("/account/password/forgotten/").content.decode()

    for proof in (checks.work_done("forgotten"), answer_on(page)):
        assert "没有收到完整的确认结果" in register(client, proof).content.decode()


def test_forged_and_altered_work_is_refused() -> None:
    proof = json.loads(base64.b64decode(checks.work_done("register")["check_work"]))
    parameters, solution = proof["challenge"]["parameters"], proof["solution"]
    for altered in (
        {**proof, "solution": {**solution, "derivedKey": "00" * 32}},
        {
            **proof,
            "challenge": {
                "parameters": {**parameters, "data": {**parameters["data"], "until": 9e9}},
                "signature": proof["challenge"]["signature"],
            },
        },
        {**proof, "challenge": {"parameters": {**parameters, "cost": 1}, "signature": "00" * 32}},
        {**proof, "challenge": {"parameters": parameters}},
        {"challenge": [], "solution": None},
        [],
    ):
        sent = base64.b64encode(json.dumps(altered).encode()).decode()
        with pytest.raises(NotChecked) as refused:
            human_check.check(Purpose.REGISTER, {"check_work": sent})
        assert refused.value.sentence == human_check.UNREADABLE


@pytest.mark.parametrize("sent", ["", "nonsense", "é" * 9, "A" * 5000, "====", "eyJ9"])
@pytest.mark.parametrize("name", ["check_work", "check_pass", "check_question"])
def test_nonsense_is_refused_in_words(name: str, sent: str) -> None:
    with pytest.raises(NotChecked):
        human_check.check(Purpose.REGISTER, {name: sent, "check_answer": "5"})


def test_mistake_elsewhere_asks_for_no_second_check_but_the_pass_counts_once(client: Client) -> None:
    page = register(client, checks.work_done("register"), phone="123").content.decode()
    again = {"check_pass": hidden(page, "check_pass")}

    assert "已确认您是真人" in page
    assert "验证问题" not in page
    assert register(client, again).status_code == 302
    assert "已经用过" in register(Client(), again, username="second").content.decode()


def test_pass_is_not_good_for_longer_than_what_it_was_given_for(client: Client) -> None:
    with clock.frozen(clock.now()) as hands:
        proof = checks.work_done("register")
        for _ in range(3):
            hands.move_by(timedelta(minutes=9))
            proof = {"check_pass": hidden(register(client, proof, phone="1").content.decode(), "check_pass")}
        hands.move_by(timedelta(minutes=9))

        assert "页面停留超过 30 分钟" in register(client, proof).content.decode()


def sign_in(name: str, password: str = WRONG, **proof: str) -> Any:
    return Client().post("/account/login/", {"login": name, "password": password, **proof})


def test_sign_in_asks_for_the_check_after_two_wrong_passwords_whoever_it_is() -> None:
    personas.make_persona("applicant", password=personas.PASSWORD)

    for name in ("applicant", "applicanx"):
        pages = [sign_in(name).content.decode() for _ in range(3)]

        assert ["验证问题" in page for page in pages] == [False, True, True]
        assert "密码还没有核对" in pages[2]


def test_password_without_the_check_is_neither_looked_at_nor_counted() -> None:
    personas.make_persona("applicant", password=personas.PASSWORD)
    for _ in range(2):
        sign_in("applicant")

    refused = [sign_in("applicant", personas.PASSWORD).status_code for _ in range(6)]
    opened = sign_in("applicant", personas.PASSWORD, **checks.work_done("sign_in"))

    assert refused == [422] * 6
    assert opened.status_code == 302


def test_every_further_guess_needs_a_check_of_its_own() -> None:
    proof = checks.work_done("sign_in")
    for _ in range(2):
        sign_in("applicant")

    pages = [sign_in("applicant", **proof).content.decode() for _ in range(2)]

    assert "check_pass" not in pages[0]
    assert "刚才的确认已经用过" in pages[1]


def test_wrong_passwords_from_one_address_bring_the_check_for_every_name() -> None:
    for number in range(5):
        sign_in(f"somebody{number}")

    assert "验证问题" in Client().get("/account/login/").content.decode()
    assert "密码还没有核对" in sign_in("another").content.decode()


def test_strangers_bring_no_check_to_a_known_device() -> None:
    personas.make_persona("applicant", password=personas.PASSWORD)
    owner = Client()
    form = {"login": "applicant", "password": personas.PASSWORD}
    owner.post("/account/login/", form)
    owner.post("/account/logout/")
    for _ in range(6):
        sign_in("applicant")

    assert owner.post("/account/login/", form).status_code == 302


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (5, "五"),
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (97, "九十七"),
        (110, "一百一十"),
        (115, "一百一十五"),
        (1005, "一千零五"),
        (4027, "四千零二十七"),
        (5800, "五千八百"),
        (9999, "九千九百九十九"),
    ],
)
def test_number_is_said_as_people_say_it(number: int, words: str) -> None:
    assert questions.in_words(number) == words
    assert checks.number_of(words) == number


@pytest.mark.parametrize("typed", ["57", " 57 ", "５７", "五十七", "5 7", "57。", "57本", "五十七个人"])
def test_answer_counts_in_digits_and_in_words(typed: str) -> None:
    assert questions.is_answer(typed, 57)


@pytest.mark.parametrize("typed", ["", "75", "五十", "57元", "057", "5.7", "١٢"])
def test_other_answers_do_not_count(typed: str) -> None:
    assert not questions.is_answer(typed, 57)


def test_questions_come_from_a_large_space_and_can_be_answered_from_their_words_alone() -> None:
    asked = [questions.new_question() for _ in range(400)]

    assert len({one.text for one in asked}) > 350
    assert all(checks.answered(one.text) == str(one.answer) for one in asked)
