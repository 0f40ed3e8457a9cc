"""`docs/acceptance.md` is complete and names only what exists."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "acceptance.md").read_text("utf8")
ROW = re.compile(r"^\| ([A-H]-\d\d) \| (.+?) \| (shown|partly|later) \| (.*?) ?\|$", re.MULTILINE)
ITEMS = {"A": 41, "B": 26, "C": 26, "D": 52, "E": 17, "F": 27, "G": 18}
ROWS = ROW.findall(TEXT)


def test_every_item_of_the_guides_has_one_row() -> None:
    codes = [code for code, *_ in ROWS if code[0] in ITEMS]

    assert [code for code, times in Counter(codes).items() if times > 1] == []
    assert Counter(code[0] for code in codes) == ITEMS


def test_what_is_shown_names_something_that_exists() -> None:
    missing = [
        (code, reference)
        for code, _, state, by in ROWS
        for reference in re.findall(r"`([^`]+)`", by)
        or ([""] if state != "later" and state == "shown" else [])
        if not exists(reference)
    ]

    assert missing == []


def test_what_is_later_claims_nothing() -> None:
    assert [code for code, _, state, by in ROWS if state == "later" and by.strip()] == []


def test_finished_system_has_no_item_that_is_not_shown() -> None:
    (finished,) = re.findall(r"^Finished systems: (.+)\.$", TEXT, re.MULTILINE)
    letters = set(re.findall(r"\b[A-G]\b", finished))

    assert [code for code, _, state, _ in ROWS if code[0] in letters and state != "shown"] == []


def exists(reference: str) -> bool:
    """Whether a file, or a test in a file (`file.py::test_name`), is there."""
    file, _, test = reference.partition("::")
    path = ROOT / file
    if not file or not path.exists():
        return False
    if not test:
        return True
    names = {
        node.name for node in ast.walk(ast.parse(path.read_text("utf8"))) if isinstance(node, ast.FunctionDef)
    }
    return test in names
