"""The sandbox's fictional residents, read from its own data file."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "data" / "residents.json"


@dataclass(frozen=True, kw_only=True)
class Resident:
    """One invented person who owns a phone and an identity document; `phone` is E.164, `kind` GA/T 517."""

    name: str
    phone: str
    about: str
    kind: str
    number: str

    @property
    def subject(self) -> str:
        """The name by which other systems know this person: says nothing, is always the same."""
        return hashlib.sha256(f"yincai sandbox {self.kind} {self.number}".encode()).hexdigest()[:32]


def load_residents(file: Path = FILE) -> Mapping[str, Resident]:
    """Returns the residents by phone number."""
    rows = json.loads(file.read_text("utf8"))["residents"]
    residents = [Resident(**row) for row in rows]
    return {resident.phone: resident for resident in residents}


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: width, spaces, the dots of long names and letter case aside."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if c.isalnum())
