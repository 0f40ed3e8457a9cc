"""Our side among many cases: the officers' list, the search and the page of a case, as `web` serves them.

What is generated.  Every case has its own data key and sealed name, as the list opens them, three search
words, a round, two sections and a step.  The bytes of rounds and sections are shared (nobody opens them) but
for the sampled cases, which are sealed whole: real answers, real search words.  One case in four waits at the
window, of those one in ten is overdue; the others are with others or ended.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.http import HttpRequest

from bench.browser import Browser
from bench.ours.answers import sections
from bench.ours.pages import PLACE, PROGRAMME, VARIANT
from bench.sample import Sample
from yincai.casework import actions, finding
from yincai.casework.dossier import Dossier
from yincai.casework.models import Case, Round
from yincai.casework.sealing import new_case_key, seal
from yincai.engine.samples import somebody
from yincai.foundation import clock
from yincai.ledger.vocabulary import SYSTEM
from yincai.ops.wsgi import application
from yincai.people import actions as people
from yincai.people import queries as accounts
from yincai.programmes import queries as programmes

SAMPLED = 40
NAMESPACE = UUID("5f5e9015-d3b1-4ecc-b20d-56bcdaf9a6bc")
STATES = ("pre_accepted", "in_approval", "issued", "refused")
BESIDE = (
    """INSERT INTO casework_casekey (case_id, kind, digest, subject, received_at)
       SELECT id, kind, sha256((kind || reference)::bytea),
              true, submitted_at
       FROM casework_case, unnest(ARRAY['name', 'document', 'phone']) kind WHERE reference LIKE 'RC1%%'""",
    """INSERT INTO casework_round (case_id, number, sealed, materials, commitment, submitted_at)
       SELECT id, 1, %(blob)s, '{}', repeat('0', 64), submitted_at FROM casework_case
       WHERE reference LIKE 'RC1%%'""",
    """INSERT INTO casework_sectionrevision (
           case_id, section, revision, sealed, page_save, saved_at, saved_by)
       SELECT id, section, 1, %(blob)s, 0, opened_at, account_id
       FROM casework_case, unnest(ARRAY['person', 'contact']) section WHERE reference LIKE 'RC1%%'""",
    """INSERT INTO casework_step (
           id, case_id, number, transition, source, target, actor_kind, actor_id, role, office,
           submission_key, at)
       SELECT gen_random_uuid(), id, 1, 'submit', 'draft', 'pre_accepted', 'applicant', account_id, '', '',
              gen_random_uuid(), submitted_at FROM casework_case WHERE reference LIKE 'RC1%%'""",
    "ANALYZE",
)


def fill(count: int) -> Sample:
    """Generate `count` cases, the first `SAMPLED` of them whole, and tell how long it took."""
    began = time.perf_counter()
    officer = people.register_account(username="officer", password=None)
    hall = {"place": PLACE, "office": "hall", "role": "window_officer"}
    people.appoint_staff(officer, actor=SYSTEM, name="宫子衿", **hall)
    own = {"kind": "111", "number": somebody(20_000).number}
    people.note_staff_document(officer, actor=SYSTEM, place=PLACE, **own)
    applicants = [people.register_account(username=f"a{number}", password=None).pk for number in range(100)]
    _version(), _now()  # asked now: nothing else may be asked on a connection that copies
    with connection.cursor() as cursor:
        fields = Case._meta.concrete_fields
        with cursor.copy(
            f"COPY casework_case ({', '.join(one.column for one in fields)}) FROM STDIN"
        ) as copy:
            for number in range(count):
                case = _case(number, count, applicants[number % len(applicants)])
                copy.write_row(
                    [one.get_db_prep_save(one.value_from_object(case), connection) for one in fields]
                )
        for statement in BESIDE:
            cursor.execute(statement, {"blob": bytes(200)})
    for number in range(SAMPLED):
        _seal_whole(number)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Sample(cpu=time.perf_counter() - began)


def staff_queue(count: int) -> Sample:
    """The first page of the list."""
    return _timed(lambda browser, turn: browser.get("/desk/"), count)


def staff_search(count: int) -> Sample:
    """A search by the whole name: the POST and its page."""
    return _timed(
        lambda browser, turn: browser.post(
            "/desk/search/", {"place": [PLACE], "text": [_name(turn % SAMPLED)]}, wanted=200
        ),
        count,
    )


def case_page(count: int) -> Sample:
    """The page of a case, reached from the list; every look is recorded."""
    return _timed(
        lambda browser, turn: browser.get(f"/desk/cases/{_id(turn % SAMPLED)}/?place={PLACE}"), count
    )


def _case(number: int, count: int, account: UUID) -> Case:
    """One submitted case, with its own data key and sealed name."""
    sampled = number < SAMPLED
    state = STATES[0] if sampled else STATES[number % 4]
    since = _now() - timedelta(seconds=(count - number) * 30)
    overdue = sampled or number % 40 == 0
    case = Case(
        id=_id(number),
        publication_id=_version().id,
        place=PLACE,
        programme=PROGRAMME,
        variant=VARIANT,
        account_id=account,
        opening_key=uuid4(),
        state=state,
        state_since=since,
        due_at=_now() + timedelta(days=-1 if overdue else 1),
        changes=1,
        reference=f"RC1{number:016}",
        round_number=1,
        opened_at=since,
        submitted_at=since,
        ended_at=since if state in ("issued", "refused") else None,
        office="hall",
    )
    case.data_key = new_case_key(case)
    case.subject_name = seal(case, _name(number), context="subject_name")
    return case


def _seal_whole(number: int) -> None:
    """Real answers and search words instead of shared bytes."""
    case = Case.objects.get(id=_id(number))
    values = dict(_values()) | {"name_zh": _name(number)}
    Round.objects.filter(case=case).update(
        sealed=seal(case, {"values": values, "salt": ""}, context="round:1")
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM casework_sectionrevision WHERE case_id = %s", [case.id])
    with transaction.atomic():
        finding.index_case(case, _version().programme, values)


@lru_cache(maxsize=1)
def _values() -> dict[str, Any]:
    """The effective answers of a whole application, as the form would freeze them."""
    resident = accounts.applicant_of(people.register_account(username="resident", password=None))
    draft = actions.open_draft(actor=resident, place=PLACE, programme=PROGRAMME, variant=VARIANT, key=uuid4())
    for name, posted in sections(draft.spec).items():
        actions.save_section(draft.id, actor=resident, section=name, posted=posted, seen_revision=0)
    return Dossier(Case.objects.get(id=draft.id)).effective


def _timed(ask: Callable[[Browser, int], object], count: int) -> Sample:
    """Seconds on the wall, PostgreSQL's among them, of one request."""
    browser = _officer()
    began = time.perf_counter()
    for _ in range(count):
        _turns.append(0)
        ask(browser, len(_turns))
    return Sample(cpu=(time.perf_counter() - began) / count)


_turns: list[int] = []


@lru_cache(maxsize=1)
def _officer() -> Browser:
    account = accounts.account_named("officer")
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    request.session = SessionStore()
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0.0}]
    request.session["account_authentication_methods_user"] = str(account.pk) if account else ""
    request.session.save()
    browser = Browser(application, csrf_cookie=settings.CSRF_COOKIE_NAME)
    browser.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return browser


@lru_cache(maxsize=1)
def _version() -> Any:
    return programmes.current(PLACE, PROGRAMME)


@lru_cache(maxsize=1)
def _now() -> Any:
    return clock.now()


def _id(number: int) -> UUID:
    return uuid5(NAMESPACE, str(number))


def _name(number: int) -> str:
    """A name that twenty sampled cases bear, among any number of others."""
    surname, given = "王李张刘陈杨赵黄周吴", "一二三四五六七八九十"
    digits = f"{number // 20:07}"
    return surname[int(digits[-1])] + "".join(given[int(one)] for one in digits[:-1])


def main() -> None:
    """Set Django up and answer."""
    from bench.sides import serve

    serve({"fill": fill, "staff_queue": staff_queue, "staff_search": staff_search, "case_page": case_page})
