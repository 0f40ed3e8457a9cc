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
from yincai.directory.actions import publish_directory
from yincai.engine.loading import SpecErrors
from yincai.foundation.calendar_table import seed_calendar
from yincai.ledger.roles import grant_application_role
from yincai.ledger.vocabulary import SYSTEM
from yincai.ops import holidays
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
    return broken + take_up_reasons(say=say) + take_up_directories(say=say)


def take_up_reasons(*, say: Callable[[str], None]) -> int:
    """Take up the reasons that the folders of the places add; the number of files that have mistakes."""
    broken = 0
    for file in sorted(Path(settings.PLACES).glob("*/reasons.yaml")):
        try:
            seed_reasons(file.parent)
        except SpecErrors as errors:
            broken += 1
            say(f"{file.relative_to(settings.PLACES)} has mistakes; nothing of it was taken up:")
            for problem in errors.problems:
                say(f"  {problem}")
    return broken


def take_up_directories(*, say: Callable[[str], None]) -> int:
    """Take up the organisations, schools and majors of the places; the number of places with mistakes."""
    broken = 0
    for file in sorted(Path(settings.PLACES).glob("*/organisations.yaml")):
        place = file.parent.name
        try:
            if taken := publish_directory(file.parent):
                say(f"{place}: {taken} organisations, schools and majors are new or changed")
        except SpecErrors as errors:
            broken += 1
            say(f"the directory of {place} has mistakes; nothing of it was taken up:")
            for problem in errors.problems:
                say(f"  {problem}")
    return broken
