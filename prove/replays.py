"""One submission sent fifty times at once, and many people who submit in the same moment."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from uuid import uuid4

import httpx

from prove.live.fire import together
from prove.live.platform import Platform, running_platform
from prove.live.visitor import Visitor

TITLE = "Nothing happens twice: parallel replays of one submission, and submissions in the same moment"
TIMES = 50
ROUNDS = 20
CROWD = 40
REPLAYS, MOMENT = 600_000, 700_000
"""Where the serials of these people begin, so that nobody is somebody else's applicant."""


def prove() -> Mapping[str, str]:
    """20 submissions sent 50 times each, and 40 people at once."""
    with running_platform(YINCAI_TRUSTED_PROXIES="1") as platform:
        for number in range(ROUNDS):
            replay(platform, serial=REPLAYS + number, times=TIMES)
        submit_at_once(platform, people=CROWD)
        verified = platform.verify_ledger()
        assert verified.returncode == 0, verified.stdout + verified.stderr
        return {
            "submissions": f"{ROUNDS}, each sent {TIMES} times at once",
            "applications": f"{ROUNDS}",
            "receipts": f"{ROUNDS * TIMES}, equal for each submission",
            "people who submitted at once": f"{CROWD}",
            "different numbers": f"{CROWD}",
        }


def replay(platform: Platform, *, serial: int, times: int) -> None:
    """Open and submit one application `times` times at once: one case, one round, equal receipts."""
    visitor = Visitor(platform.web, seat=serial)
    visitor.register(f"replay_{serial}", phone=f"134{serial:08}")
    key = str(uuid4())
    form = {"_key": key, "programme": "harbour_city/library_card/R"}
    opened = at_once(visitor, "/my/apply/", form, times=times)
    assert len({answer.headers.get("location") for answer in opened}) == 1, "one key opened several drafts"
    case = visitor.prepare_reader(serial)
    answers = at_once(
        visitor, f"/my/cases/{case}/check/", {"_key": str(uuid4()), "declaration": "on"}, times=times
    )
    leads = {(answer.status_code, answer.headers.get("location")) for answer in answers}
    assert leads == {(302, f"/my/cases/{case}/done/")}, leads
    assert len({visitor.receipt(case) for _ in range(3)}) == 1
    counted = platform.rows(
        "SELECT (SELECT count(*) FROM casework_round WHERE case_id = %s),"
        " (SELECT count(*) FROM casework_step WHERE case_id = %s AND transition = 'apply')",
        case,
        case,
    )
    assert counted == [(1, 1)], counted
    visitor.close()


def at_once(visitor: Visitor, path: str, form: dict[str, str], *, times: int) -> list[httpx.Response]:
    """Send one form `times` times at the same moment, each over a connection of its own."""
    start = threading.Barrier(times)
    token = visitor.client.cookies["csrf"]

    def send(_: int) -> httpx.Response:
        with httpx.Client(
            base_url=visitor.address,
            cookies=visitor.client.cookies,
            headers=visitor.client.headers,
            timeout=120,
        ) as client:
            start.wait()
            return client.post(path, data={**form, "csrfmiddlewaretoken": token})

    return together(send, range(times), hands=times)


def submit_at_once(platform: Platform, *, people: int) -> None:
    """So many people submit in the same moment: everybody gets a number of their own."""
    start = threading.Barrier(people)

    def arrive(number: int) -> tuple[Visitor, str]:
        visitor = Visitor(platform.web, seat=MOMENT + number)
        visitor.register(f"moment_{number}", phone=f"133{number:08}")
        return visitor, visitor.prepare_reader(MOMENT + number)

    ready = together(arrive, range(people), hands=4)

    def submit(one: tuple[Visitor, str]) -> str:
        start.wait()
        return one[0].submit(one[1])

    numbers = together(submit, ready, hands=people)
    assert len(set(numbers)) == people, f"{people} people got {len(set(numbers))} numbers"
