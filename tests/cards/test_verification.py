from __future__ import annotations

import io
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pikepdf
import pytest
from django.test import Client
from lxml import html
from pytest_django import Settings

from tests.cards.conftest import Office
from tests.cards.forgeries import FORGERIES, Forgery, half_cut_off
from tests.cards.orders import ISSUER, order
from tests.cards.scanning import addresses_on
from yincai.cards import actions, inspection, queries, sealing_job
from yincai.cards.holders import HolderData
from yincai.cards.models import Card
from yincai.cards.sealing import PyHankoSigner
from yincai.cards.vocabulary import CannotVerify, VerificationStatus
from yincai.foundation import clock

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Issued:
    id: UUID
    number: str
    code: str
    pdf: bytes


@pytest.fixture
def issued(office: Office) -> Issued:
    card = order()
    sealing_job.seal_card(card.id, signer=PyHankoSigner.from_settings())
    row = Card.objects.get(pk=card.id)
    code = HolderData.unsealed(row.holder, card_id=row.id).code
    return Issued(id=card.id, number=card.number, code=code, pdf=queries.open_pdf(card.id))


def test_good_card_is_valid_by_number_code_and_file_with_the_minimum_shown(issued: Issued) -> None:
    answers = [
        queries.verify(issued.number, issued.code),
        queries.verify(f" {issued.number.lower()} ", issued.code.lower().replace("-", " ")),
        queries.verify_code(issued.code.replace("-", "")),
        queries.verify_file(issued.pdf),
    ]

    assert {answer.status for answer in answers} == {VerificationStatus.VALID}
    facts = answers[0].facts
    assert facts is not None
    assert (facts.number, facts.masked_holder, facts.authority) == (issued.number, "欧***", "海港市图书馆")
    assert all(answer == answers[0] for answer in answers)


def test_qr_code_on_the_sealed_card_leads_to_the_page_that_calls_it_valid(
    issued: Issued, settings: Settings
) -> None:
    (address,) = addresses_on(issued.pdf)

    assert address == f"{settings.BASE_URL}/verify/{issued.code.replace('-', '')}"
    shown = Client().get(address.removeprefix(settings.BASE_URL), follow=True)
    page = html.document_fromstring(shown.content.decode())
    assert page.xpath("//section[contains(@class, 'verdict-valid')]/h2/text()") == ["有效"]
    assert issued.number in page.text_content()


def test_wrong_number_wrong_code_and_nonsense_get_the_same_answer(issued: Issued) -> None:
    other = order()

    answers = [
        queries.verify("LB-1999-00001", issued.code),
        queries.verify(issued.number, "AAAA-AAAA-AAAA-AAAA"),
        queries.verify(other.number, issued.code),
        queries.verify("", ""),
        queries.verify(issued.number, "x" * 100_000),
        queries.verify_code("'; drop table cards_card; --"),
    ]

    assert {answer.status for answer in answers} == {VerificationStatus.UNKNOWN}
    assert all(answer == answers[0] for answer in answers)


def test_card_not_sealed_yet_is_unknown_to_strangers() -> None:
    row = Card.objects.get(pk=order().id)
    code = HolderData.unsealed(row.holder, card_id=row.id).code

    assert queries.verify(row.number, code).status is VerificationStatus.UNKNOWN


def test_cancelled_replaced_and_expired_cards_say_so_by_code_and_by_file(issued: Issued) -> None:
    expires = datetime(2029, 12, 31, tzinfo=UTC)
    with clock.frozen(clock.now() + timedelta(days=4 * 366)):
        assert queries.verify_file(issued.pdf).status is VerificationStatus.EXPIRED
        assert queries.verify(issued.number, issued.code).status is VerificationStatus.EXPIRED

    Card.objects.filter(pk=issued.id).update(valid_until=expires.date())
    actions.replace_card(issued.id, actor=ISSUER, replacement=order().id)
    assert queries.verify_code(issued.code).status is VerificationStatus.REPLACED

    Card.objects.filter(pk=issued.id).update(state="sealed")
    actions.cancel_card(issued.id, actor=ISSUER, reason="信息有误")
    answer = queries.verify_file(issued.pdf)
    assert answer.status is VerificationStatus.CANCELLED
    assert "注销" in answer.sentence


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_forged_file_is_altered_and_shows_no_facts(issued: Issued, forgery: Forgery) -> None:
    forged = forgery(issued.pdf)

    answer = queries.verify_file(forged)

    assert forged != issued.pdf
    assert answer.status is VerificationStatus.ALTERED
    assert answer.facts is None


def test_half_a_file_is_never_valid(issued: Issued) -> None:
    with pytest.raises(CannotVerify):
        queries.verify_file(half_cut_off(issued.pdf))


def test_forged_copy_of_a_cancelled_card_stays_altered(issued: Issued) -> None:
    actions.cancel_card(issued.id, actor=ISSUER, reason="信息有误")

    assert queries.verify_file(issued.pdf + b"\n").status is VerificationStatus.ALTERED


def test_inspection_finds_the_good_seal_whole_and_every_forgery_not(issued: Issued) -> None:
    good = inspection.inspect(issued.pdf)

    assert (good.signed, good.sealed_by_us, good.seal_is_whole) == (True, True, True)
    assert issued.number in good.text
    assert issued.code in good.text


def test_seal_under_a_root_that_is_not_ours_is_not_ours(
    issued: Issued, settings: object, tmp_path: object
) -> None:
    from django.test import override_settings

    with override_settings(TRUST_ROOTS=tmp_path):
        found = inspection.inspect(issued.pdf)

    assert (found.signed, found.sealed_by_us, found.seal_is_whole) == (True, False, False)


def nested() -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"]" * 200_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def bomb() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        packed = zlib.compress(b"BT (x) Tj ET " * 30_000_000, 9)
        pdf.pages[0].Contents = pikepdf.Stream(pdf, packed, Filter=pikepdf.Name.FlateDecode)
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def locked() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user="user"))
        return out.getvalue()


def blank() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空的"),
        (b"x" * 20_000_001, "20 MB"),
        (b"PK\x03\x04" + b"\0" * 100, "不是 PDF"),
        (b"%PDF-1.7", "读不出来"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 400, "读不出来"),
        (nested(), "核验"),
        (locked(), "密码"),
    ],
    ids=["empty", "huge", "zip", "head only", "noise", "nested", "locked"],
)
def test_file_that_cannot_be_read_is_not_judged_and_says_what_to_do(
    office: Office, data: bytes, said: str
) -> None:
    with pytest.raises(CannotVerify) as refusal:
        queries.verify_file(data)

    assert said in refusal.value.sentence
    assert "卡号和验证码" in refusal.value.sentence


def test_bomb_is_given_up_or_unknown_and_never_good(office: Office) -> None:
    """Which of the two depends on how fast the machine reaches the child's limits."""
    with suppress(CannotVerify):
        assert queries.verify_file(bomb()).status is VerificationStatus.UNKNOWN


def test_foreign_file_is_unknown_with_a_sentence(office: Office) -> None:
    answer = queries.verify_file(blank())

    assert answer.status is VerificationStatus.UNKNOWN
    assert "不是本平台签发" in answer.sentence
