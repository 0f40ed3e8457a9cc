"""What comes of a case: papers, card, seal, news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from yincai.engine.expressions import Expression
from yincai.engine.patterns import Pattern, Template
from yincai.engine.spec.form import Mask

STANDARD: Final = "standard"
"""The layout of a paper that the platform brings along."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Which fields of the form say where news of a case goes; empty: to the account's own."""

    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of a case: layouts (a ``.typ`` file beside, or ``standard``); empty: there is none."""

    form: str = ""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class CardField:
    """One line of the card: ``name`` is the key in the layout's data, ``value`` what is shown."""

    name: str
    label: str
    value: Expression
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """Whose seal the card carries: organisation on the arc, 13-digit code, line under the star."""

    authority: str
    code: str
    line: str


@dataclass(frozen=True, slots=True)
class Card:
    """What is issued at the end. ``validity_years`` None means without end."""

    kind: str
    title: str
    number: Pattern
    fields: tuple[CardField, ...]
    validity_years: int | None
    layout: str
    seal: Seal


@dataclass(frozen=True, slots=True)
class Message:
    """What a person is told when ``event`` happens. A way without a text is not used."""

    event: str
    inbox_title: Template | None = None
    inbox_body: Template | None = None
    sms: Template | None = None
    email_subject: Template | None = None
    email_body: Template | None = None
