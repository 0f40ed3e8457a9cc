"""National code lists: `data/codes/<name>.json`, read once, never changed in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).resolve().parents[3] / "data" / "codes"
"""Where the shipped lists lie."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class CodeListMissing(LookupError):
    """No code list has that name, or its file cannot be read as one."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """One code list, in the order in which its standard prints it."""

    name: str
    title: str
    standard: str
    source: str
    codes: Mapping[str, str]

    def label(self, code: str) -> str:
        """The Chinese name of `code`; `KeyError` when the list does not have it."""
        return self.codes[code]

    def get(self, code: str, default: str | None = None) -> str | None:
        """The Chinese name of `code`, or `default`."""
        return self.codes.get(code, default)

    def __contains__(self, code: object) -> bool:
        return code in self.codes


def load(name: str, *, folder: Path | None = None) -> CodeList:
    """The code list `name`, cached for the life of the process.  `CodeListMissing` when there is none."""
    if not _NAME.fullmatch(name):
        raise CodeListMissing(f"{name!r} is no name of a code list: small letters, digits and _")
    return _read(name, folder or FOLDER)


def district_title(code: str) -> str:
    """The district of a code of GB/T 2260, 市本级 for a whole city, or nothing."""
    if not re.fullmatch("[0-9]{6}", code):
        return ""
    try:
        districts = load(f"districts_{code[:4]}").codes
    except CodeListMissing:
        return ""
    return "市本级" if code.endswith("00") else districts.get(code, "")


def names(*, folder: Path | None = None) -> tuple[str, ...]:
    """The names of all code lists, sorted."""
    return tuple(sorted(path.stem for path in (folder or FOLDER).glob("*.json")))


@lru_cache(maxsize=256)
def _read(name: str, folder: Path) -> CodeList:
    path = folder / f"{name}.json"
    if not path.is_file():
        raise CodeListMissing(f"there is no code list {name!r}: {path.name} is not in {folder}")
    try:
        data = json.loads(path.read_text("utf8"))
        codes = {str(code): str(label) for code, label in data["codes"].items()}
        return CodeList(name, data["title"], data["standard"], data["source"], MappingProxyType(codes))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CodeListMissing(
            f"{path.name} needs title, standard, source and codes (an object code → label): {error!r}"
        ) from error
