from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.registries.conftest import HOLDER, OTHER
from tests.sandbox.running import RunningSandbox
from yincai.foundation import clock
from yincai.registries import actions, face
from yincai.registries.models import FaceCheck
from yincai.registries.vocabulary import AuthorityAway, FaceState, NotThisBrowser, Person

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "the secret of this browser", "the secret of another"


def on_phone(sandbox: RunningSandbox, scan: str, *acts: str, holder: Any = HOLDER) -> None:
    """What the holder does with the picture."""
    for act in acts:
        sandbox.client.post(f"{scan}/{holder[3]}", data={"act": act})


def begin(account: Any = None) -> Any:
    return actions.begin_face_check(browser=HERE, purpose="登录", account_id=account.pk if account else None)


def test_approved_check_says_who_it_was_once(sandbox: RunningSandbox) -> None:
    check = begin()
    assert actions.look_at_face_check(check.id, browser=HERE).state is FaceState.WAITING
    on_phone(sandbox, check.scan, "scan")
    assert actions.look_at_face_check(check.id, browser=HERE).state is FaceState.SCANNED
    on_phone(sandbox, check.scan, "approve")

    assert actions.look_at_face_check(check.id, browser=HERE).state is FaceState.APPROVED
    assert actions.use_face_check(check.id, browser=HERE) == Person(*HOLDER[:3])
    with pytest.raises(NotThisBrowser):
        actions.use_face_check(check.id, browser=HERE)
    assert FaceCheck.objects.get(pk=check.id).holder == ""


def test_check_for_its_owner_names_nobody(sandbox: RunningSandbox, account: Any) -> None:
    check = begin(account)
    on_phone(sandbox, check.scan, "scan", "approve")

    seen = actions.look_at_face_check(check.id, browser=HERE, account_id=account.pk)

    assert seen.state is FaceState.APPROVED
    assert actions.use_face_check(check.id, browser=HERE, account_id=account.pk) is None


def test_check_approved_by_another_person_is_foreign(sandbox: RunningSandbox, account: Any) -> None:
    check = begin(account)
    on_phone(sandbox, check.scan, "scan", "approve", holder=OTHER)

    seen = actions.look_at_face_check(check.id, browser=HERE, account_id=account.pk)

    assert seen.state is FaceState.FOREIGN
    with pytest.raises(NotThisBrowser):
        actions.use_face_check(check.id, browser=HERE, account_id=account.pk)


def test_check_refused_and_expired_are_ends(sandbox: RunningSandbox) -> None:
    refused, waiting = begin(), begin()
    on_phone(sandbox, refused.scan, "scan", "refuse")
    assert actions.look_at_face_check(refused.id, browser=HERE).state is FaceState.REFUSED

    with clock.frozen(clock.now() + timedelta(seconds=181)):
        assert actions.look_at_face_check(waiting.id, browser=HERE).state is FaceState.EXPIRED
        on_phone(sandbox, waiting.scan, "scan", "approve")
        assert actions.look_at_face_check(waiting.id, browser=HERE).state is FaceState.EXPIRED


def test_check_of_another_browser_or_account_is_nobodys(sandbox: RunningSandbox, account: Any) -> None:
    check, own = begin(), begin(account)
    on_phone(sandbox, check.scan, "scan", "approve")

    for attempt in (
        lambda: actions.look_at_face_check(check.id, browser=ELSEWHERE),
        lambda: actions.look_at_face_check(check.id, browser=""),
        lambda: actions.use_face_check(check.id, browser=ELSEWHERE),
        lambda: actions.look_at_face_check(own.id, browser=HERE),
        lambda: actions.look_at_face_check(check.id, browser=HERE, account_id=account.pk),
        lambda: actions.look_at_face_check(uuid4(), browser=HERE),
    ):
        with pytest.raises(NotThisBrowser):
            attempt()


def test_result_of_another_session_is_not_taken(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signed result of an approved check, shown again for a second one."""
    first, second = begin(), begin()
    on_phone(sandbox, first.scan, "scan", "approve")
    on_phone(sandbox, second.scan, "scan", "refuse")
    taken = sandbox.client.get(f"/face/sessions/{FaceCheck.objects.get(pk=first.id).session}").json()
    answer = face.ask
    monkeypatch.setattr(
        face,
        "ask",
        lambda method, url, **more: taken if "/sessions/" in url else answer(method, url, **more),
    )

    assert actions.look_at_face_check(second.id, browser=HERE).state is FaceState.UNTRUSTED


@pytest.mark.parametrize("change", ["signature", "payload", "issuer", "audience", "too old"])
def test_result_that_was_altered_is_not_taken(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch, settings: Any, change: str
) -> None:
    check = begin()
    on_phone(sandbox, check.scan, "scan", "approve")
    taken = sandbox.client.get(f"/face/sessions/{FaceCheck.objects.get(pk=check.id).session}").json()
    head, payload, signature = taken["result"].split(".")
    if change == "signature":
        taken["result"] = f"{head}.{payload}.{signature[::-1]}"
    if change == "payload":
        taken["result"] = f"{head}.{payload[:-4]}AAAA.{signature}"
    if change == "issuer":
        settings.FACE_ISSUER = "https://another.example/face"
    if change == "audience":
        settings.FACE_CLIENT = "another"
    answer = face.ask
    monkeypatch.setattr(
        face,
        "ask",
        lambda method, url, **more: taken if "/sessions/" in url else answer(method, url, **more),
    )

    later = timedelta(seconds=170) if change == "too old" else timedelta()
    with clock.frozen(clock.now() + later):
        assert actions.look_at_face_check(check.id, browser=HERE).state is FaceState.UNTRUSTED
    with pytest.raises(NotThisBrowser):
        actions.use_face_check(check.id, browser=HERE)


def test_authority_away_is_said_in_words(sandbox: RunningSandbox) -> None:
    sandbox.fault("face", "off")

    with pytest.raises(AuthorityAway, match="刷脸认证暂时没有回应"):
        begin()


def test_old_checks_are_swept(sandbox: RunningSandbox) -> None:
    begin()

    assert actions.forget_old_checks() == 0
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert actions.forget_old_checks() == 1
