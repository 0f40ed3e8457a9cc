"""Whether a form is sent by somebody who takes the trouble: their browser did some work, or they answered.

Both ways are equal and neither is a picture.  With scripts the browser computes for a moment and asks nobody
anything (proof of work, `altcha`); without scripts, or instead, a plain question in words is answered.  Every
proof is signed or sealed by us, made for one form, good for a while, and counts once, in whichever process it
arrives: what is spent is a row of `throttle`.  Nothing about the person is computed, kept or sent anywhere.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import altcha
from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from yincai.foundation import clock
from yincai.foundation.encryption import CannotDecrypt, seal_json, unseal_json
from yincai.people.questions import is_answer, new_question
from yincai.people.throttle import count_attempt
from yincai.people.vocabulary import Limit, NotChecked, Purpose, TooManyAttempts

LIFETIME = timedelta(minutes=30)
"""From the page to its form: filling it in takes its time."""
ONCE = Limit("human-check/once", 1, 2 * LIFETIME)
ALGORITHM, COST = "PBKDF2/SHA-256", 5_000
"""Of one try of the browser; how many tries there may be is `settings.CHECK_DIFFICULTY`."""
LONGEST_PROOF = 4_000
SALT = "people.human_check"
WORK, ANSWER, QUESTION, PASS = "check_work", "check_answer", "check_question", "check_pass"  # noqa: S105 - names of inputs
"""The inputs of a form that is checked."""


MISSING = "请回答这个问题再提交，写出数字即可，例如 57。"
WRONG = "这个答案不对。换了一个问题，请再回答一次。"
EXPIRED = "页面停留超过 30 分钟，刚才的确认已经失效。请重新确认一次，您填写的内容还在。"
USED = "刚才的确认已经用过，每次提交都要重新确认。请再确认一次，您填写的内容还在。"
UNREADABLE = "没有收到完整的确认结果，可能是页面被改动或传送中断。请再确认一次，您填写的内容还在。"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a page shows it; `token` is the sealed answer."""

    text: str
    token: str


def new_work(purpose: Purpose) -> dict[str, Any]:
    """Work for a browser, signed: `static/look/human.js` does it, `check_work` carries the result.

    `tries` is how many it may take at most, so that a script which is misled stops.
    """
    challenge = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=secrets.randbelow(settings.CHECK_DIFFICULTY),
        data={"purpose": str(purpose), "until": _end()},
        hmac_secret=_key("work"),
        hmac_key_secret=_key("solution"),
    )
    return {**challenge.to_dict(), "tries": settings.CHECK_DIFFICULTY}


def ask(purpose: Purpose) -> Asked:
    """A question, with its answer sealed so that the page itself does not tell it."""
    question = new_question()
    content = {**_new_proof(purpose), "answer": question.answer}
    return Asked(question.text, urlsafe_b64encode(seal_json(content, context=SALT)).decode())


def check(purpose: Purpose, posted: Mapping[str, str]) -> str:
    """Spend the proof that a form carries and return a pass for the same form, in case it must come again.

    The pass is good as long as what it was given for, and once.  Raises `NotChecked` with a sentence; a proof
    that was looked at is spent even then, so that nobody tries a second answer to the same question.
    """
    if token := posted.get(PASS, ""):
        until = _spend(purpose, _signed(token))
    elif work := posted.get(WORK, ""):
        until = _spend(purpose, _worked(work))
    elif (token := posted.get(QUESTION, "")) and posted.get(ANSWER, "").strip():
        sealed = _sealed(token)
        until = _spend(purpose, sealed)
        if not is_answer(posted[ANSWER], sealed["answer"]):
            raise NotChecked(WRONG)
    else:
        raise NotChecked(MISSING)
    return signing.dumps({**_new_proof(purpose), "until": until}, salt=SALT)


def _signed(token: str) -> dict[str, Any]:
    try:
        return dict(signing.loads(token[:LONGEST_PROOF], salt=SALT))
    except signing.BadSignature as error:
        raise NotChecked(UNREADABLE) from error


def _sealed(token: str) -> dict[str, Any]:
    try:
        return dict(unseal_json(urlsafe_b64decode(token[:LONGEST_PROOF].encode()), context=SALT))
    except (ValueError, CannotDecrypt) as error:
        raise NotChecked(UNREADABLE) from error


def _worked(payload: str) -> dict[str, Any]:
    """What the signed work says about itself, once it is really done."""
    payload = payload[:LONGEST_PROOF]
    result = altcha.verify_solution(payload, _key("work"), hmac_key_secret=_key("solution"))
    if not result.verified:
        raise NotChecked(UNREADABLE)
    parameters = altcha.Payload.from_base64(payload).challenge.parameters
    return {**(parameters.data or {}), "once": parameters.nonce}


def _spend(purpose: Purpose, proof: Mapping[str, Any]) -> float:
    """Count the proof as used; until when it was good.  Raises for another form's, an old and a used one."""
    if proof["purpose"] != purpose:
        raise NotChecked(UNREADABLE)
    until = float(proof["until"])
    if until < clock.now().timestamp():
        raise NotChecked(EXPIRED)
    try:
        count_attempt(ONCE, subject=str(proof["once"]))
    except TooManyAttempts as error:
        raise NotChecked(USED) from error
    return until


def _new_proof(purpose: Purpose) -> dict[str, Any]:
    return {"purpose": str(purpose), "until": _end(), "once": secrets.token_hex(16)}


def _end() -> int:
    return int((clock.now() + LIFETIME).timestamp())


def _key(name: str) -> bytes:
    return salted_hmac(f"{SALT}.{name}", "", algorithm="sha256").digest()
