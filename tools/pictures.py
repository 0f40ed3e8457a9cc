"""Takes the README's pictures anew: starts the platform, walks the thin case and photographs it."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright
from prove.live.people import SLOTS, picture
from prove.live.platform import Platform, running_platform
from prove.live.visitor import APPROVER, ISSUER, WINDOW, code_on_phone
from prove.live.waiting import until
from tests.browsers import CHROMIUM, QUIET
from tests.journey import steps

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
PHONE = {"width": 375, "height": 760}
OFFICE = {"width": 1280, "height": 900}
CARD_WIDTH = 620


def main() -> int:
    """Write `form-375.png`, `desk-1280.png` and `card.png` below `docs/images`."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with running_platform() as platform, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        take_all(platform, browser)
        browser.close()
    return 0


def take_all(platform: Platform, browser: Browser) -> None:
    """One application from the phone to the card."""
    resident = open_window(platform, browser, PHONE)
    steps.register(resident, "pictures_1", phone="13700000001")
    case = steps.open_draft(resident)
    resident.get_by_label("姓名（中文）").fill("张晓雨")
    resident.screenshot(path=IMAGES / "form-375.png")
    steps.fill_form(resident, 1)
    with tempfile.TemporaryDirectory() as folder:
        scan = Path(folder) / "scan.jpg"
        scan.write_bytes(picture())
        for slot in SLOTS:
            steps.upload(resident, slot, scan)
    reference = steps.submit(resident)
    decide(platform, browser, reference)
    draw_card(resident, case)


def decide(platform: Platform, browser: Browser, reference: str) -> None:
    """The officers' part; the picture is of the first of them."""
    for username, ways in (
        (WINDOW, (("预审通过", {}), ("原件核验无误", {"confirmation": "on"}))),
        (APPROVER, (("核准认定", {"opinion": "符合第(4)类条件。"}),)),
        (ISSUER, (("制卡发卡", {}),)),
    ):
        person = platform.people()[username]
        page = open_window(platform, browser, OFFICE)
        page.goto("/desk/")
        steps.sign_in(page, person.username, person.password)
        page.locator('[name="code"]').fill(code_on_phone(platform, person))
        page.get_by_role("main").get_by_role("button", name="登录").click()
        for number, (title, words) in enumerate(ways):
            steps.claim(page, reference)
            if username == WINDOW and number == 0:
                page.screenshot(path=IMAGES / "desk-1280.png", full_page=False)
            steps.take(page, title, **words)


def draw_card(page: Page, case: str) -> None:
    """The first page of the sealed card as a picture."""
    link = page.get_by_role("link", name=re.compile("下载电子卡"))

    def is_there() -> bool:
        page.goto(f"/my/cases/{case}/")
        return link.count() == 1

    until(is_there, "the card is sealed")
    with page.expect_download() as waiting:
        link.click()
    document = pypdfium2.PdfDocument(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    document.init_forms()
    drawn = document[0].render(scale=CARD_WIDTH / document[0].get_width())
    drawn.to_pil().save(IMAGES / "card.png")


def open_window(platform: Platform, browser: Browser, size: dict[str, int]) -> Page:
    """A browser of one's own."""
    context = browser.new_context(
        base_url=platform.web, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=size
    )
    return context.new_page()


if __name__ == "__main__":
    sys.exit(main())
