"""The same journeys with JavaScript off: everything that scripts make nicer works without them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from prove.live.people import SLOTS, picture
from prove.live.visitor import WINDOW, Officer

from tests.journey import steps
from tests.journey.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_resident_and_officer_need_no_scripts(
    window: Open, officers: Callable[[str], Officer], serial: int, tmp_path: Path
) -> None:
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(picture())
    resident = window(scripts=False).new_page()
    steps.register(resident, f"plain_{serial}", phone=f"136{serial:08}")
    steps.open_draft(resident)
    steps.fill_form(resident, serial, scripts=False)
    for slot in SLOTS:
        steps.upload(resident, slot, scan, scripts=False)
    reference = steps.submit(resident)

    desk = steps.lend_session(officers(WINDOW), window(scripts=False))
    steps.claim(desk, reference)
    expect(desk.get_by_role("region", name="材料").get_by_role("img")).to_have_count(len(SLOTS))
    steps.take(desk, "预审通过")
    steps.claim(desk, reference)
    steps.take(desk, "原件核验无误", confirmation="on")
    resident.goto("/my/")
    expect(resident.get_by_role("main")).to_contain_text("组织部核准认定中")
