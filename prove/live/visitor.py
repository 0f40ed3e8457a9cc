"""Residents and officers who use the platform over HTTP, as a browser without scripts does, and never tire.

What they read of a page is what a form needs to be sent, and the receipt.
"""

from __future__ import annotations

import re
import time
from typing import Any
from uuid import uuid4

import altcha
import httpx

from prove.live.people import SLOTS, Posted, application, picture, reader
from prove.live.platform import DemoPerson, Platform

PATIENCE = 180.0
"""Seconds that a visitor keeps trying while the platform does not answer."""
TRY_AGAIN = 0.3
READING = "/desk/reading/"
LOGIN = "/account/login/"
AWAY = frozenset({502, 503, 504})
REFERENCE = re.compile(r"\b[A-Z]{2}\d{17}\b")
PHOTO = picture()
PASSWORD = "nobody-else-opens-this-9"  # noqa: S105 - of accounts that end with the proof


class Unanswered(AssertionError):
    """The platform answered something that no visitor may ever see."""


class Visitor:
    """One browser: its cookies and what it does."""

    def __init__(self, address: str, *, seat: int = 0) -> None:
        """`seat` tells visitors apart who share this machine's address (behind a trusted proxy)."""
        self.address, self.username = address, ""
        place = f"10.{seat >> 16 & 255}.{seat >> 8 & 255}.{seat & 255}"
        headers = {"X-Forwarded-For": place} if seat else {}
        # a connection a request: none is left behind by a process that was killed
        fresh = httpx.Limits(max_keepalive_connections=0)
        self.client = httpx.Client(base_url=address, timeout=60, headers=headers, limits=fresh)
        self.refused = 0
        """How often there was no answer, or one that asked to come again."""

    def close(self) -> None:
        """Close the browser."""
        self.client.close()

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request, repeated while the platform is away; a bare error page is `Unanswered`."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self.client.request(method, path, **more)
                if answer.status_code not in AWAY:
                    break
            except httpx.TransportError:
                pass
            self.refused += 1
            if time.monotonic() > end:
                raise Unanswered(f"{method} {path}: no answer for {PATIENCE:.0f} s")
            time.sleep(TRY_AGAIN)
        if answer.status_code >= 500:
            raise Unanswered(f"{method} {path}: {answer.status_code}\n{answer.text[:2000]}")
        return answer

    def get(self, path: str) -> httpx.Response:
        """A page, after its redirects."""
        answer = self.ask("GET", path)
        while answer.is_redirect:
            answer = self.ask("GET", answer.headers["location"])
        return answer

    def post(self, path: str, form: dict[str, Any], **more: Any) -> httpx.Response:
        """Send a form with its token; the answer itself, not where it leads."""
        if "csrf" not in self.client.cookies:
            self.get("/account/login/")
        return self.ask(
            "POST", path, data={**form, "csrfmiddlewaretoken": self.client.cookies["csrf"]}, **more
        )

    def register(self, username: str, *, phone: str) -> None:
        """Open an account and be signed in; whose account was made before the answer was lost signs in."""
        self.username = username
        form = {"username": username, "phone": phone, "email": f"{username}@example.org"}
        form |= {"password1": PASSWORD, "password2": PASSWORD}
        while True:
            refused = self.refused
            answer = self.post("/account/signup/", form | {"check_work": self.work("register")})
            if self.refused == refused or "刚才的确认已经用过" not in answer.text:
                break  # else the first try died after its work was counted: a person does it again
        if self.refused and "已有人使用" in answer.text:
            self.sign_in(username)
            return
        assert answer.is_redirect, answer.text

    def work(self, purpose: str) -> str:
        """The human check's work for a form, really done."""
        asked = self.get(f"/account/check/{purpose}/").json()
        challenge = altcha.Challenge.from_dict(asked)
        solution = altcha.solve_challenge(challenge)
        assert solution is not None
        return altcha.Payload(challenge, solution).to_base64()

    def sign_in(self, username: str, *, password: str = PASSWORD) -> None:
        """Show the name and the password."""
        answer = self.post("/account/login/", {"login": username, "password": password})
        assert answer.is_redirect, answer.text

    def open_draft(self, programme: str = "shijiazhuang/talent_green_card/A") -> str:
        """A new draft; its id."""
        answer = self.post("/my/apply/", {"_key": str(uuid4()), "programme": programme})
        found = re.search(r"/my/cases/([0-9a-f-]{36})/", answer.headers.get("location", ""))
        assert found, answer.text
        return found[1]

    def save(self, case: str, section: str, posted: Posted) -> None:
        """Save one section, whichever revision is stored."""
        page = self.get(f"/my/cases/{case}/form/{section}/").text
        revision = re.search(r'name="_revision" value="(\d+)"', page)
        assert revision, page
        form = {**posted, "_revision": revision[1], "_go": "stay"}
        answer = self.post(f"/my/cases/{case}/form/{section}/", form)
        assert answer.is_redirect, answer.text

    def upload(self, case: str, slot: str, content: bytes = PHOTO) -> None:
        """Put one file under a slot unless one is there already."""
        while not self._uploaded(case, slot):
            files = {f"file.{slot}": ("scan.jpg", content, "image/jpeg")}
            form = {"_key": str(uuid4())}
            self.post(f"/my/cases/{case}/materials/", form, files=files)

    def _uploaded(self, case: str, slot: str) -> bool:
        row = re.search(
            rf'<tr[^>]* id="slot-{slot}".*?</tr>', self.get(f"/my/cases/{case}/materials/").text, re.DOTALL
        )
        assert row, f"no row for {slot}"
        return "已上传" in row[0]

    def prepare(self, serial: int) -> str:
        """A green card draft with everything that the person of this serial needs to submit; its id."""
        case = self.open_draft()
        for section, posted in application(serial).items():
            self.save(case, section, posted)
        for slot in SLOTS:
            self.upload(case, slot)
        return case

    def prepare_reader(self, serial: int) -> str:
        """The same for a library card, which needs no documents and no officer."""
        case = self.open_draft("harbour_city/library_card/R")
        for section, posted in reader(serial).items():
            self.save(case, section, posted)
        return case

    def submit(self, case: str, *, key: str = "") -> str:
        """Submit, and read the number on the receipt."""
        form = {"_key": key or str(uuid4()), "declaration": "on"}
        end = time.monotonic() + PATIENCE
        while not (answer := self.post(f"/my/cases/{case}/check/", form)).is_redirect:
            if "还在检查" not in answer.text or time.monotonic() > end:
                raise Unanswered(answer.text)
            time.sleep(TRY_AGAIN)  # an upload is still being checked
        return self.receipt(case)

    def pages_of(self, case: str) -> int:
        """How many pages of documents the case shows; each of them opens."""
        links = set(
            re.findall(r'href="(/my/cases/[^"]+/documents/[^"]+)"', self.get(f"/my/cases/{case}/").text)
        )
        for link in links:
            assert self.get(link).headers["content-type"] == "image/jpeg", link
        return len(links)

    def card(self, case: str) -> bytes | None:
        """The sealed card as a file, or nothing while it is not there."""
        answer = self.get(f"/my/cases/{case}/card/")
        if answer.url.path == LOGIN:  # half an hour of doing nothing ends a session
            self.sign_in(self.username)
            answer = self.get(f"/my/cases/{case}/card/")
        return answer.content if answer.status_code == 200 else None

    def receipt(self, case: str) -> str:
        """The number that the receipt shows."""
        page = self.get(f"/my/cases/{case}/done/").text
        found = REFERENCE.search(page)
        assert found, page
        return found[0]


class Officer(Visitor):
    """A member of staff of the demo, signed in with both factors."""

    def __init__(self, platform: Platform, person: DemoPerson) -> None:
        super().__init__(platform.web)
        self.platform, self.person = platform, person
        self.sign_in(person.username, password=person.password)
        answer = self.post("/account/second-factor/show/", {"code": code_on_phone(platform, person)})
        assert answer.is_redirect, answer.text

    def take(self, case: str, step: str, **words: str) -> bool:
        """Claim the case and take one step; whether the step was still there to be taken."""
        self.post(f"/desk/cases/{case}/claim/", {})
        page = self.look(case)
        form = re.search(rf'<form[^>]*/steps/{step}/".*?</form>', page, re.DOTALL)
        if form is None:
            return False
        hidden = dict(re.findall(r'name="(_key|_changes)" value="([^"]+)"', form[0]))
        return self.post(f"/desk/cases/{case}/steps/{step}/", {**hidden, **words}).is_redirect

    def look(self, case: str) -> str:
        """The page of a case; who has read what a day allows shows the second factor again and says why."""
        answer = self.get(f"/desk/cases/{case}/")
        if answer.url.path == READING:
            self.read_on()
            answer = self.get(f"/desk/cases/{case}/")
        return answer.text

    def read_on(self) -> None:
        """Take the further allowance of a day; a code that was used already is followed by the next one."""
        end = time.monotonic() + PATIENCE
        form = {"place": "shijiazhuang", "reason": "今天集中办理，件数超出。"}
        while not self.post(READING, {**form, "code": code_on_phone(self.platform, self.person)}).is_redirect:
            if time.monotonic() > end:
                raise Unanswered(f"{self.person.username} was not let read on")
            time.sleep(10)


def code_on_phone(platform: Platform, person: DemoPerson) -> str:
    """What the authenticator on the person's phone shows now."""
    shown = httpx.get(f"{platform.sandbox}/phone/{person.phone}.json", timeout=30).json()
    return str(shown["codes"][0]["code"])


WINDOW, APPROVER, ISSUER = "chuangkou_li", "shenhe_wang", "zhika_zhao"
"""The demo's officers of the green card, in the order in which a case passes them."""
COLLEAGUE = "chuangkou_zhou"
"""Another officer at the same window."""
