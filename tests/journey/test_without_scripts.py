"""The same journeys with JavaScript off: everything that scripts make nicer works without them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from prove.live.people import SLOTS, picture
from prove.live.platform import Platform
from prove.live.visitor import APPROVER, ISSUER, WINDOW, Officer

from tests.cards.scanning import addresses_on
from tests.journey import steps
from tests.journey.browsing import press
from tests.journey.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_resident_and_officers_need_no_scripts(
    platform: Platform,
    window: Open,
    officers: Callable[[str], Officer],
    serial: int,
    tmp_path: Path,
) -> None:
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(picture())
    resident = window(scripts=False).new_page()
    steps.register(resident, f"plain_{serial}", phone=f"136{serial:08}")
    case = steps.open_draft(resident)
    reference = steps.hand_in(resident, serial, scan, scripts=False)

    desk = steps.lend_session(officers(WINDOW), window(scripts=False))
    steps.claim(desk, reference)
    expect(desk.get_by_role("region", name="材料").get_by_role("img")).to_have_count(len(SLOTS))
    steps.take(desk, "预审通过")
    steps.claim(desk, reference)
    steps.take(desk, "原件核验无误", confirmation="on")
    resident.goto("/my/")
    expect(resident.get_by_role("main")).to_contain_text("组织部核准认定中")

    people = platform.people()
    approver = steps.sign_in_at_desk(window(scripts=False).new_page(), platform, people[APPROVER])
    steps.claim(approver, reference)
    expect(approver.get_by_role("region", name="申请内容")).to_contain_text("石家庄示例科技有限公司")
    press(approver, "核准认定")
    expect(approver.get_by_role("alert")).to_contain_text("意见")
    steps.take(approver, "核准认定", opinion="符合第(4)类条件。")
    issuer = steps.sign_in_at_desk(window(scripts=False).new_page(), platform, people[ISSUER])
    steps.claim(issuer, reference)
    steps.take(issuer, "制卡发卡")

    card = steps.download_card(resident, case)
    assert len(addresses_on(card)) == 1
    steps.open_case(issuer, reference)
    with issuer.expect_download() as printed:
        issuer.get_by_role("link", name="打印电子卡").click()
    assert Path(printed.value.path()).read_bytes() == card
