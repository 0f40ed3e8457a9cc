"""How passwords are kept and which are refused: 8 to 64 of any characters, nothing that is guessed first."""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

SHORTEST, LONGEST = 8, 64
GUESSED_FIRST = Path(__file__).parent / "guessed_first.txt"
KEYBOARD_RUNS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "147258369",
    "741852963",
    "789456123",
)
"""What fingers type without thinking; each is also tried backwards."""

_hashing = BoundedSemaphore(max(2, os.cpu_count() or 1))


class CappedArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB, two passes and one lane; as many at once as there are processors.

    A flood of sign-ins queues instead of taking 100 MiB for each of a worker's threads.  Above the floor of
    OWASP's password storage sheet (46 MiB, one pass, one lane).
    """

    time_cost = 2
    memory_cost = 47_104
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """The hash of `password`, once a place is free."""
        with _hashing:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether `password` made `encoded`, once a place is free."""
        with _hashing:
            return super().verify(password, encoded)


class _Rule:
    """A validator of Django's kind: `validate` raises a sentence, `get_help_text` says the rule before."""

    help_text = ""

    def get_help_text(self) -> str:
        return self.help_text


class LengthRule(_Rule):
    """8 to 64 characters of any kind, counted as characters."""

    help_text = f"{SHORTEST} 至 {LONGEST} 个字符，字母、数字、汉字、符号和空格都可以。"

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` outside 8 to 64 characters."""
        if len(password) < SHORTEST:
            raise ValidationError(
                f"密码只有 {len(password)} 个字符，太短了。请至少用 {SHORTEST} 个字符。",
                code="password_too_short",
            )
        if len(password) > LONGEST:
            raise ValidationError(
                f"密码有 {len(password)} 个字符，超过了 {LONGEST} 个。请缩短后再提交。",
                code="password_too_long",
            )


class ContextRule(_Rule):
    """Little more than the person's own name, mailbox or phone, or this site's words, is no password."""

    help_text = "不要用您的用户名、邮箱或本平台的名称。"

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` when fewer than six characters remain without those words."""
        rest = plain = _plain(password)
        for word in sorted(_personal_words(user) | _site_words(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != plain and len(rest) < 6:
            raise ValidationError(
                "密码里主要是您的用户名、邮箱、手机号或本平台的名称，很容易被猜到。请换一个与它们无关的密码。",
                code="password_of_context_words",
            )


class GuessedFirstRule(_Rule):
    """Not on the lists that guessers start from, and none of the patterns behind them."""

    help_text = "不要用常见密码、连续或重复的字符、生日或手机号。"

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a listed password, even with four marks after it, or a pattern."""
        plain = _plain(password)
        base = plain.rstrip("0123456789!@#$%^&*()_+-=.,?~ ")
        if plain in _listed() or (len(plain) - len(base) <= 4 and base in _listed()) or _is_pattern(plain):
            raise ValidationError(
                "这是最常被人猜到的密码之一。请换一个别人想不到的，例如几个不相干的词连在一起。",
                code="password_guessed_first",
            )


def _is_pattern(plain: str) -> bool:
    """Repetition, a keyboard run, a birthday or a mobile number, perhaps with a short tail."""
    if re.fullmatch(r"(.{1,4}?)\1+.{0,2}", plain) and len(set(plain)) <= 4:
        return True
    if re.fullmatch(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\D{0,3}", plain):
        return True
    if re.fullmatch(r"\D{0,3}1[3-9]\d{9}\D{0,3}", plain):
        return True
    return any(_covers(run, plain) or _covers(run[::-1], plain) for run in KEYBOARD_RUNS)


def _covers(run: str, plain: str) -> bool:
    """Whether `plain` is one piece of `run` but for at most two characters at its end."""
    return any(len(plain) - cut >= 6 and plain[: len(plain) - cut] in run for cut in range(3))


def _plain(text: str) -> str:
    """Text as a guesser sees it: one width, one case."""
    return unicodedata.normalize("NFKC", text).casefold()


def _personal_words(user: Any) -> set[str]:
    """The user name, the mailbox's name and the phone of somebody, in the form of `_plain`."""
    if user is None:
        return set()
    mailbox = str(getattr(user, "email", "") or "").partition("@")[0]
    phone = str(getattr(user, "phone", "") or "").removeprefix("+86").lstrip("+")
    words = {_plain(str(getattr(user, "username", "") or "")), _plain(mailbox), phone}
    return {word for word in words if len(word) >= 3}


@lru_cache(maxsize=1)
def _site_words() -> frozenset[str]:
    """The platform's own words and the names of the places and programmes it serves (their folder names)."""
    words = {
        "yincai",
        "rencai",
        "rencaika",
        "lvka",
        "greencard",
        "talent",
        "引才",
        "人才",
        "绿卡",
        "人才绿卡",
    }
    for path in [*settings.PLACES.glob("*"), *settings.PLACES.glob("*/programmes/*")]:
        words |= {part for part in path.name.casefold().split("_") if len(part) >= 4}
    return frozenset(words)


@lru_cache(maxsize=1)
def _listed() -> frozenset[str]:
    """Our own short list, and the 20,000 that come with Django."""
    lines = GUESSED_FIRST.read_text("utf8").splitlines()
    own = {_plain(line) for line in lines if line and not line.startswith("#")}
    return frozenset(own | set(CommonPasswordValidator().passwords))
