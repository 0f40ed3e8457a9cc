"""Every link of the documentation leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PAGES = sorted(
    page
    for folder in ("docs", "src", "bench", "prove", "requirements", "data")
    for page in (ROOT / folder).rglob("*.md")
) + sorted(ROOT.glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_links_only_to_what_exists(page: Path) -> None:
    targets = [link for link in LINK.findall(page.read_text("utf8")) if "://" not in link]

    assert [link for link in targets if not (page.parent / link).exists()] == []
