from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from yincai.people.passwords import CappedArgon2Hasher

PERSON = SimpleNamespace(username="zhangwei", email="weiwei.zhang@example.org", phone="+8613812345678")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "一只猫坐在屋顶上看月亮",
        "x7#Kq!vT",
        "        sp ace",
        "🐈🐕🐎🐖🐏🐓🦆🦉",
        "y" + "tranquil mountain " * 3,
        "zhangwei likes quiet rivers",
    ],
)
def test_password_that_nobody_guesses_first_is_taken(password: str) -> None:
    validate_password(password, PERSON)  # type: ignore[arg-type]  # the rules read three attributes


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("x7#Kq!v", "password_too_short"),
        ("tranquil mountain " * 4, "password_too_long"),
        ("zhangwei2024", "password_of_context_words"),
        ("ZHANGWEI!!", "password_of_context_words"),
        ("weiwei.zhang1", "password_of_context_words"),
        ("13812345678", "password_of_context_words"),
        ("yincai2026", "password_of_context_words"),
        ("人才绿卡2026", "password_of_context_words"),
        ("12345678", "password_guessed_first"),
        ("password", "password_guessed_first"),
        ("P@ssw0rd", "password_guessed_first"),
        ("woaini1314", "password_guessed_first"),
        ("5201314520", "password_guessed_first"),
        ("iloveyou!!", "password_guessed_first"),
        ("aaaaaaaa", "password_guessed_first"),
        ("abababab", "password_guessed_first"),
        ("12341234", "password_guessed_first"),
        ("abcdefgh", "password_guessed_first"),
        ("qwertyuiop12", "password_guessed_first"),
        ("poiuytrewq", "password_guessed_first"),
        ("1qaz2wsx3edc", "password_guessed_first"),
        ("19900101", "password_guessed_first"),
        ("19900101abc", "password_guessed_first"),
        ("13900001111", "password_guessed_first"),
        ("１２３４５６７８", "password_guessed_first"),
    ],
)
def test_password_that_is_guessed_first_is_refused(password: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, PERSON)  # type: ignore[arg-type]  # as above

    assert code in [error.code for error in refused.value.error_list]


def test_hashing_is_argon2id_in_one_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    encoded = CappedArgon2Hasher().encode("correct horse", "saltsaltsalt")

    assert encoded.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
    assert CappedArgon2Hasher().verify("correct horse", encoded)
