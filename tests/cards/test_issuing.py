from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import override_settings
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import SignatureCoverageLevel

from tests.cards.conftest import Office
from tests.cards.orders import ISSUER, LAYOUT, order
from yincai.cards import actions, queries, sealing_job, storage, waiting
from yincai.cards.models import Card
from yincai.cards.rendering import Sheet
from yincai.cards.sealing import PyHankoSigner
from yincai.cards.vocabulary import CardFileDamaged, CardState, SealingWaits
from yincai.foundation import clock
from yincai.foundation.errors import SomeoneWasFirst
from yincai.ledger import queries as ledger

pytestmark = pytest.mark.django_db


def stored() -> list[str]:
    return list(storage.stored_keys(older_than=clock.now() + timedelta(days=1)))


def test_ordered_card_is_sealed_once_dated_stored_and_recorded(office: Office) -> None:
    chain = uuid4()
    card = order(chain=chain)
    signer = PyHankoSigner.from_settings()

    with clock.frozen(datetime(2026, 11, 22, 16, 30, tzinfo=UTC)):  # the 23rd in China
        first = sealing_job.seal_card(card.id, signer=signer)
        again = sealing_job.seal_card(card.id, signer=signer)

    sealed = queries.card(card.id)
    assert (first, again) == (True, False)
    assert (sealed.state, sealed.issued_on) == (CardState.SEALED, date(2026, 11, 23))
    assert sealed.valid_until == date(2029, 11, 22)
    assert [entry.event for entry in ledger.history(chain)] == ["card.ordered", "card.issued"]
    assert len(stored()) == 1


def test_sealed_file_is_encrypted_at_rest_and_opens_byte_for_byte(office: Office) -> None:
    card = order()
    sealing_job.seal_card(card.id, signer=PyHankoSigner.from_settings())

    with default_storage.open(stored()[0]) as file:
        at_rest = file.read()
    pdf = queries.open_pdf(card.id)

    assert b"%PDF" not in at_rest
    assert pdf.startswith(b"%PDF-")


def test_sealed_file_is_certified_against_change_and_time_stamped_to_its_last_byte(office: Office) -> None:
    card = order()
    sealing_job.seal_card(card.id, signer=PyHankoSigner.from_settings())

    reader = PdfFileReader(io.BytesIO(queries.open_pdf(card.id)))
    [seal], [stamp] = reader.embedded_regular_signatures, reader.embedded_timestamp_signatures
    stamp.compute_integrity_info()

    assert seal.docmdp_level is MDPPerm.NO_CHANGES
    assert seal.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    attributes = {one["type"].native for one in seal.signer_info["unsigned_attrs"]}
    assert "signature_time_stamp_token" in attributes
    assert {"/Certs", "/CRLs", "/OCSPs"} <= set(reader.root["/DSS"])
    assert stamp.coverage is SignatureCoverageLevel.ENTIRE_FILE
    left, bottom, right, top = (float(side) for side in seal.sig_field["/Rect"])
    assert (right - left, top - bottom) == (pytest.approx(119, abs=1), pytest.approx(119, abs=1))


def test_damaged_or_missing_file_is_never_handed_out(office: Office) -> None:
    card = order()
    sealing_job.seal_card(card.id, signer=PyHankoSigner.from_settings())
    path = Path(default_storage.path(stored()[0]))

    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(CardFileDamaged):
        queries.open_pdf(card.id)
    path.unlink()
    with pytest.raises(CardFileDamaged):
        queries.open_pdf(card.id)


class CancelsMeanwhile:
    """A signer during whose work somebody cancels the card."""

    def __init__(self, card_id: UUID) -> None:
        self.card_id = card_id

    def seal(self, sheet: Sheet, *, appearance: bytes, reason: str, place: str) -> bytes:
        actions.cancel_card(self.card_id, actor=ISSUER, reason="填错了")
        return sheet.pdf


def test_card_cancelled_while_it_is_sealed_stays_cancelled_and_leaves_no_file(office: Office) -> None:
    card = order()

    done = sealing_job.seal_card(card.id, signer=CancelsMeanwhile(card.id))

    assert not done
    assert queries.card(card.id).state is CardState.CANCELLED
    assert stored() == []


@pytest.mark.parametrize(
    ("service", "fault", "said"),
    [
        ("timestamp", "off", "时间戳"),
        ("timestamp", "wrong", "时间戳"),
        ("timestamp", "drop", "时间戳"),
        ("crl", "off", "吊销"),
        ("crl", "wrong", "吊销"),
        ("crl", "drop", "吊销"),
    ],
)
def test_card_waits_without_time_stamp_or_revocation_and_heals(
    own_office: Office, service: str, fault: str, said: str
) -> None:
    card = order()
    own_office.authority.fault(service, fault)

    with pytest.raises(SealingWaits) as waits:
        sealing_job.seal_card(card.id, signer=PyHankoSigner.from_settings())
    meanwhile = queries.card(card.id).state
    own_office.authority.fault(service, "working")
    healed = sealing_job.seal_card(card.id, signer=PyHankoSigner.from_settings())

    assert said in waits.value.sentence
    assert meanwhile is CardState.ORDERED
    assert healed
    assert len(stored()) == 1


def test_revoked_seal_never_seals(own_office: Office) -> None:
    card = order()
    own_office.revoke_seal()

    with pytest.raises(SealingWaits) as waits:
        sealing_job.seal_card(card.id, signer=PyHankoSigner.from_settings())

    assert "已被吊销" in waits.value.sentence
    assert stored() == []


@pytest.mark.parametrize("setting", ["SIGNER_KEY", "SIGNER_PASSPHRASE_FILE", "TRUST_ROOTS"])
def test_signer_without_key_passphrase_or_roots_waits_and_says_so(
    office: Office, tmp_path: Path, setting: str
) -> None:
    with override_settings(**{setting: tmp_path / "nowhere"}), pytest.raises(SealingWaits):
        PyHankoSigner.from_settings()


def test_wrong_passphrase_waits(office: Office, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong")

    with override_settings(SIGNER_PASSPHRASE_FILE=wrong), pytest.raises(SealingWaits):
        PyHankoSigner.from_settings()


def test_reason_for_waiting_is_recorded_once_and_cleared_by_the_seal(office: Office) -> None:
    chain = uuid4()
    card = order(chain=chain)

    for _ in range(3):
        waiting.note_waiting(card.id, "时间戳服务暂停。")
    meanwhile = queries.card(card.id).waiting_reason
    sealing_job.seal_card(card.id, signer=PyHankoSigner.from_settings())

    assert meanwhile == "时间戳服务暂停。"
    assert queries.card(card.id).waiting_reason == ""
    events = [entry.event for entry in ledger.history(chain)]
    assert events == ["card.ordered", "card.seal_waited", "card.issued"]


KILLED = """
import os, signal, sys
import django
django.setup()
from uuid import UUID
from django.db import connection
from yincai.cards import sealing_job
from yincai.cards.sealing import PyHankoSigner

class Dies:
    def seal(self, sheet, **more):
        sealed = PyHankoSigner.from_settings().seal(sheet, **more)
        if sys.argv[2] == "SEALED":
            os.kill(os.getpid(), signal.SIGKILL)
        return sealed

def watch(execute, sql, params, many, context):
    result = execute(sql, params, many, context)
    if sys.argv[2] in sql:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

with connection.execute_wrapper(watch):
    sealing_job.seal_card(UUID(sys.argv[1]), signer=Dies())
"""


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("moment", "leftovers"), [("SEALED", 0), ('UPDATE "cards_card"', 1), ("INSERT INTO ledger_entry", 1)]
)
def test_signer_killed_at_any_step_leaves_one_card_with_one_file(
    shared_office: Office, office: Office, moment: str, leftovers: int
) -> None:
    chain = uuid4()
    with connection.cursor():
        card = _committed_order(chain)
    files = Path(default_storage.path("cards"))

    died = subprocess.run(
        [sys.executable, "-c", KILLED, str(card), moment],
        env=_environment(shared_office, files.parent),
        check=False,
    )
    found = len(stored())
    resumed = sealing_job.seal_card(card, signer=PyHankoSigner.from_settings())
    with clock.frozen(clock.now() + timedelta(hours=2)):
        swept = waiting.sweep_leftovers()

    assert died.returncode == -9
    assert (found, resumed, swept) == (leftovers, True, leftovers)
    assert len(stored()) == 1
    assert queries.open_pdf(card).startswith(b"%PDF-")
    assert [entry.event for entry in ledger.history(chain)] == ["card.ordered", "card.issued"]


def _committed_order(chain: UUID) -> UUID:
    from django.db import transaction

    with transaction.atomic():
        return order(chain=chain).id


def _environment(office: Office, files: Path) -> dict[str, str]:
    url = os.environ["DATABASE_URL"]
    database = url.replace(urlsplit(url).path, f"/{connection.settings_dict['NAME']}", 1)
    return (
        os.environ
        | office.environment
        | {
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "yincai.settings",
            "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src"),
            "YINCAI_VAR": str(files.parent),
        }
    )


def test_card_in_force_can_be_replaced_and_the_old_one_says_so(office: Office) -> None:
    old, new = order(), order()
    sealing_job.seal_card(old.id, signer=PyHankoSigner.from_settings())

    replaced = actions.replace_card(old.id, actor=ISSUER, replacement=new.id)

    assert replaced.state is CardState.REPLACED
    with pytest.raises(SomeoneWasFirst):
        actions.cancel_card(old.id, actor=ISSUER, reason="晚了")


def test_card_expires_after_its_last_day_only(office: Office) -> None:
    with clock.frozen(datetime(2026, 1, 1, 4, tzinfo=UTC)) as hands:
        card = order(valid_years=1)
        sealing_job.seal_card(card.id, signer=PyHankoSigner.from_settings())
        hands.move_to(datetime(2026, 12, 31, 4, tzinfo=UTC))
        assert queries.due_to_expire(on=clock.today()) == []
        with pytest.raises(SomeoneWasFirst):
            actions.expire_card(card.id, actor=ISSUER)
        hands.move_to(datetime(2027, 1, 1, 4, tzinfo=UTC))
        assert queries.due_to_expire(on=clock.today()) == [card.id]
        expired = actions.expire_card(card.id, actor=ISSUER)

    assert expired.state is CardState.EXPIRED


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        (date(2026, 11, 22), 5, date(2031, 11, 21)),
        (date(2028, 2, 29), 1, date(2029, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 28)),
        (date(2026, 1, 1), 1, date(2026, 12, 31)),
    ],
)
def test_term_of_whole_years_ends_the_day_before_its_anniversary(first: date, years: int, last: date) -> None:
    assert sealing_job.last_day(first, years=years) == last


def test_card_without_end_says_so_and_never_falls_due(office: Office) -> None:
    card = order(valid_years=None, layout=LAYOUT)

    sealing_job.seal_card(card.id, signer=PyHankoSigner.from_settings())

    assert Card.objects.get(pk=card.id).valid_until is None
    assert queries.due_to_expire(on=date(2099, 1, 1)) == []
