"""What tickets and complaints share: who answers in a place, the clock, numbers, codes, words and files."""

from __future__ import annotations

import unicodedata
from base64 import b32encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare

from yincai.directory.ticket_words import FILES_EACH, LONGEST_TEXT, SUPPORT
from yincai.documents import queries as documents
from yincai.documents.vocabulary import State
from yincai.engine.loading import load_place_folder
from yincai.engine.place import Place, Sees
from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar
from yincai.foundation.encryption import blind_index
from yincai.foundation.errors import NotFound, Problem
from yincai.foundation.statements import hold, value
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people

CODE_PURPOSE = "directory.progress_code"
CODE_LENGTH = 12
CONFUSED = str.maketrans("0189OI", "OIBGOI")
"""Signs that are read for letters of the code; its alphabet is that of RFC 4648."""


def offers_support(place: str) -> bool:
    """Whether somebody answers tickets in this place."""
    return has_role(place, SUPPORT)


def has_role(place: str, role: str) -> bool:
    """Whether the place names this role."""
    found = _place(place)
    return found is not None and any(one.name == role for one in found.roles)


def offices_of(place: str) -> tuple[tuple[str, str], ...]:
    """The offices of a place, name and title, in its own order."""
    found = _place(place)
    return tuple((one.name, one.title) for one in found.offices) if found else ()


def offices_reached(actor: Actor, place: str, role: str) -> frozenset[str]:
    """The offices whose tickets this member of staff sees as holder of `role` now; none for others."""
    found = _place(place)
    if actor.kind != "staff" or actor.id is None or found is None or not has_role(place, role):
        return frozenset()
    held = [one for one in people.appointments(actor.id, place=place) if one.role == role]
    if held and found.role(role).sees is Sees.PLACE:
        return frozenset(one.name for one in found.offices)
    return frozenset(one.office for one in held)


def due_after(moment: datetime, working_days: int) -> datetime:
    """The midnight that ends the last of so many working days."""
    day = load_calendar().add_working_days(clock.day_of(moment), working_days)
    return clock.start_of(day + timedelta(days=1))


def next_number(prefix: str, table: str) -> str:
    """The next number of the day, counted by one after the other.  Needs a transaction."""
    start = f"{prefix}{clock.today():%Y%m%d}"
    hold(f"directory-number:{start}")
    count = f'SELECT count(*) FROM "{table}" WHERE number LIKE %(like)s'  # noqa: S608 - a table of ours
    return f"{start}{value(count, like=f'{start}%') + 1:04}"


def progress_code(subject: UUID) -> str:
    """The code that opens a ticket or complaint together with its number: `ABCD-EFGH-IJKL`, 60 bits.

    It is made anew from the secret key whenever it is asked for and stored nowhere.
    """
    letters = b32encode(blind_index(str(subject), purpose=CODE_PURPOSE)).decode()[:CODE_LENGTH]
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def is_progress_code(subject: UUID, typed: str) -> bool:
    """Whether this is the code, however its letters, spaces and strokes were typed."""
    plain = unicodedata.normalize("NFKC", typed).upper().translate(CONFUSED)
    letters = "".join(sign for sign in plain if sign.isalnum())
    return constant_time_compare(letters.encode(), progress_code(subject).replace("-", "").encode())


def words_of(text: str, *, path: str, needed: str) -> tuple[str, list[Problem]]:
    """What somebody wrote, with its lines, and what is wrong with it."""
    kept = "".join(
        sign if sign.isprintable() or sign == "\n" else " "
        for sign in unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    ).strip()
    if not kept:
        return "", [Problem(path, needed)]
    if len(kept) > LONGEST_TEXT:
        sentence = f"最多 {LONGEST_TEXT} 个字，现在是 {len(kept)} 个。请缩短，或分两次写。"
        return kept, [Problem(path, sentence)]
    return kept, []


def line_of(text: str, *, longest: int) -> str:
    """One line without what cannot be seen, at most so long."""
    kept = "".join(sign if sign.isprintable() else " " for sign in unicodedata.normalize("NFC", text))
    return " ".join(kept.split())[:longest]


def check_files(uploads: Sequence[UUID], actor: Actor) -> list[Problem]:
    """What is wrong with the files of somebody signed in; `NotFound` for files that are not theirs."""
    if len(uploads) > FILES_EACH:
        return [Problem("file", f"一次最多 {FILES_EACH} 个文件。请删去多余的。")]
    problems = []
    for upload in uploads:
        file = documents.document(upload)
        if actor.kind != "applicant" or file.owner != actor.id or file.case is not None:
            raise NotFound
        if file.state is State.REFUSED:
            problems.append(Problem("file", file.reason))
    return problems


@lru_cache(maxsize=64)
def _place(name: str) -> Place | None:
    folder = settings.PLACES / name
    if not name.replace("_", "").isalnum() or not (folder / "place.yaml").is_file():
        return None
    return load_place_folder(folder)
