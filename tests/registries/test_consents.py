from __future__ import annotations

from typing import Any

import pytest

from tests.registries.conftest import events
from yincai.people.queries import applicant_of
from yincai.registries import actions, queries
from yincai.registries.models import Consent
from yincai.registries.vocabulary import WORDING, Registry, Why

pytestmark = pytest.mark.django_db
ABOUT: dict[str, Any] = {"registry": Registry.REAL_NAME, "why": Why.REGISTRATION}


def test_consent_is_kept_with_its_wording_once(account: Any) -> None:
    for _ in range(2):
        actions.give_consent(account.pk, actor=applicant_of(account), **ABOUT)

    (kept,) = queries.consents_of(account.pk)
    assert (kept.registry, kept.why, kept.wording) == (Registry.REAL_NAME, Why.REGISTRATION, 1)
    assert queries.has_consent(account.pk, Registry.REAL_NAME, Why.REGISTRATION)
    assert events(account).count("consent.given") == 1


def test_consent_withdrawn_holds_no_more_and_stays_readable(account: Any) -> None:
    actions.give_consent(account.pk, actor=applicant_of(account), **ABOUT)

    assert actions.withdraw_consent(account.pk, actor=applicant_of(account), **ABOUT)
    assert not actions.withdraw_consent(account.pk, actor=applicant_of(account), **ABOUT)

    assert not queries.has_consent(account.pk, Registry.REAL_NAME, Why.REGISTRATION)
    (kept,) = queries.consents_of(account.pk)
    assert kept.withdrawn_at is not None
    assert events(account).count("consent.withdrawn") == 1


def test_consent_to_older_words_is_given_anew(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.give_consent(account.pk, actor=applicant_of(account), **ABOUT)
    monkeypatch.setitem(WORDING, (Registry.REAL_NAME, Why.REGISTRATION), 2)

    actions.give_consent(account.pk, actor=applicant_of(account), **ABOUT)

    rows = Consent.objects.filter(account=account).order_by("given_at")
    assert [(row.wording, row.withdrawn_at is None) for row in rows] == [(1, False), (2, True)]
