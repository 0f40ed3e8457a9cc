"""One application from registration to a card that a stranger verifies, in a real browser."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect
from prove.live.people import SLOTS, picture
from prove.live.platform import Platform
from prove.live.visitor import APPROVER, ISSUER, WINDOW
from prove.live.waiting import until

from tests.cards.forgeries import byte_flipped_in_the_signed_range, words_painted_over
from tests.cards.scanning import addresses_on
from tests.journey import steps
from tests.journey.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.jpg"
    path.write_bytes(picture())
    return path


def test_resident_applies_officers_decide_and_a_stranger_verifies_the_card(
    platform: Platform, window: Open, serial: int, scan: Path
) -> None:
    resident = window().new_page()
    phone = f"137{serial:08}"
    steps.register(resident, f"thin_{serial}", phone=phone)
    case = steps.open_draft(resident)
    reference = steps.hand_in(resident, serial, scan)

    people = platform.people()
    officer = steps.sign_in_at_desk(window().new_page(), platform, people[WINDOW])
    steps.claim(officer, reference)
    expect(officer.get_by_role("region", name="材料").get_by_role("img")).to_have_count(len(SLOTS))
    expect(officer.get_by_role("region", name="申请内容")).to_contain_text("石家庄示例科技有限公司")
    steps.take(officer, "预审通过")
    steps.claim(officer, reference)
    steps.take(officer, "原件核验无误", confirmation="on")
    approver = steps.sign_in_at_desk(window().new_page(), platform, people[APPROVER])
    steps.claim(approver, reference)
    steps.take(approver, "核准认定", opinion="符合第(4)类条件。")
    issuer = steps.sign_in_at_desk(window().new_page(), platform, people[ISSUER])
    steps.claim(issuer, reference)
    steps.take(issuer, "制卡发卡")

    pdf = steps.download_card(resident, case)
    assert "绿卡已签发" in inbox_of(resident)
    # the phone of the form, not that of the account (`contact:` in programme.yaml)
    read_on_phone(
        window, platform, "13800138000", f"您的人才绿卡已签发，请登录平台下载电子卡。受理编号 {reference}"
    )
    verify_as_stranger(window().new_page(), platform, pdf)


def inbox_of(page: Page) -> str:
    def is_there() -> bool:
        page.goto("/my/inbox/")
        return "绿卡已签发" in page.get_by_role("main").inner_text()

    until(is_there, "the message is in the inbox")
    return page.get_by_role("main").inner_text()


def read_on_phone(window: Open, platform: Platform, phone: str, words: str) -> None:
    """The SMS on the sandbox's page of the phone."""
    page = window(address=platform.sandbox, ours=False).new_page()

    def is_there() -> bool:
        page.goto(f"{platform.sandbox}/phone/+86{phone}")
        return words in page.get_by_role("main").inner_text()

    until(is_there, f"the SMS arrived: {words}")


def verify_as_stranger(page: Page, platform: Platform, pdf: bytes) -> None:
    """By what is printed, by the address in the QR code, and by the file."""
    printed = text_of(pdf)
    number = re.search(r"SJZA\d{9}", printed)
    code = re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", printed)
    assert number, printed
    assert code, printed

    page.goto("/verify/")
    page.get_by_label("卡号").fill(number[0])
    page.get_by_label("验证码").fill(code[0])
    page.get_by_role("main").get_by_role("button", name="核验", exact=True).click()
    expect_verdict(page, "有效")
    (scanned,) = addresses_on(pdf)
    assert scanned.startswith(f"{platform.web}/verify/")
    page.goto(scanned)
    expect_verdict(page, "有效")
    page.goto(f"/verify/?number={number[0]}&code={'A' * 4}-AAAA-AAAA-AAAA")
    expect_verdict(page, "查无此卡")
    for content, verdict in (
        (pdf, "有效"),
        (words_painted_over(pdf), "改动"),
        (byte_flipped_in_the_signed_range(pdf), "改动"),
        (unrelated_pdf(), "查无此卡"),
    ):
        page.goto("/verify/")
        page.get_by_label("电子卡 PDF 文件").set_input_files(
            {"name": "card.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        page.get_by_role("button", name="上传核验").click()
        expect_verdict(page, verdict)


def expect_verdict(page: Page, words: str) -> None:
    expect(page.locator(".verdict").get_by_role("heading").first).to_contain_text(words)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def unrelated_pdf() -> bytes:
    """A blank page that nobody issued."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
