"""Brings a database up to date, with its owner's rights: tables, rights, calendar, published programmes."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from yincai.casework.actions import seed_reasons
from yincai.directory.actions import publish_directory, publish_library
from yincai.engine.loading import SpecErrors, load_place_folder, load_retention_folder
from yincai.foundation.calendar_table import seed_calendar
from yincai.ledger.roles import grant_application_role
from yincai.ledger.vocabulary import SYSTEM
from yincai.ops import holidays
from yincai.people.actions import publish_agreement
from yincai.people.queries import agreement_of
from yincai.programmes.actions import publish_folder

logger = logging.getLogger(__name__)

LOCK = 7_250_001
"""Advisory lock of PostgreSQL: two machines that start together migrate one after the other."""


def bring_up_to_date(*, say: Callable[[str], None]) -> None:
    """Everything that is behind; nothing when nothing is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        call_command("migrate", interactive=False, verbosity=0)
        grant(os.environ.get("YINCAI_APPLICATION_ROLE", ""))
        seed_calendar()
        for sentence in holidays.warnings():
            logger.warning(sentence)
        publish(say=say)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def grant(role: str) -> None:
    """Give the application's role its rights; nothing to do where owner and application are one role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (me,) = cursor.fetchone()
    if role and role != me:
        grant_application_role(connection, role)


def publish(*, say: Callable[[str], None]) -> int:
    """Publish every programme folder that changed; the number of folders that have mistakes.

    Every mistake is told with folder, file and line.  A folder with mistakes keeps its last published
    version, and stops no other.
    """
    broken = 0
    for file in sorted(Path(settings.PLACES).glob("*/programmes/*/programme.yaml")):
        folder = file.parent
        try:
            version = publish_folder(folder, actor=SYSTEM)
            say(f"{version.place}/{version.name} version {version.number}")
        except SpecErrors as errors:
            broken += 1
            say(f"{folder.relative_to(settings.PLACES)} has mistakes; its last published version stays:")
            for problem in errors.problems:
                say(f"  {problem}")
    return broken + take_up_places(say=say)


def take_up_places(*, say: Callable[[str], None]) -> int:
    """Take up what the folders of the places bring beside programmes; the number of parts with mistakes.

    A part with mistakes is left as it was taken up before, and stops no other.
    """
    broken = 0
    for folder in sorted(file.parent for file in Path(settings.PLACES).glob("*/place.yaml")):
        for what, take_up in PLACE_CONTENT.items():
            try:
                if taken := take_up(folder):
                    say(f"{folder.name}: {taken} {what} are new or changed")
            except SpecErrors as errors:
                broken += 1
                say(f"the {what} of {folder.name} have mistakes; nothing of them was taken up:")
                for problem in errors.problems:
                    say(f"  {problem}")
    return broken


def publish_agreement_of(folder: Path) -> int:
    """Keep the wording that people agree to when they register in the place; 1 when it is new."""
    registration = load_place_folder(folder).portal.registration
    if registration is None:
        return 0
    before = agreement_of(folder.name)
    wording = publish_agreement(folder.name, registration.agreement)
    return int(before != wording)


def check_retention_of(folder: Path) -> int:
    """Read how long the place keeps what; there is nothing to take up, each process reads it itself."""
    load_retention_folder(folder)
    return 0


PLACE_CONTENT: dict[str, Callable[[Path], object]] = {
    "reasons": seed_reasons,
    "organisations, schools and majors": publish_directory,
    "notices, policies and guides": publish_library,
    "wordings of the agreement": publish_agreement_of,
    "periods of retention": check_retention_of,
}
"""What a place's folder brings beside its programmes, and what takes it up."""
