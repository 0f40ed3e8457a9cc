"""The sandbox's fictional residents, read from its own data file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "data" / "residents.json"


@dataclass(frozen=True, kw_only=True)
class Resident:
    """One invented person who owns a phone; `phone` is E.164."""

    name: str
    phone: str
    about: str


def load_residents(file: Path = FILE) -> Mapping[str, Resident]:
    """Returns the residents by phone number."""
    rows = json.loads(file.read_text("utf8"))["residents"]
    residents = [Resident(name=row["name"], phone=row["phone"], about=row["about"]) for row in rows]
    return {resident.phone: resident for resident in residents}
