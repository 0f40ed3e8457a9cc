from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.documents import files
from yincai.documents.pipeline.inspection import inspect
from yincai.documents.pipeline.vocabulary import Drawing, Limits, Refused

SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def test_pdf_becomes_pictures_of_its_pages() -> None:
    safe = inspect(files.pdf(3))

    assert safe.kind == "pdf"
    assert [(page.number, page.width, page.height) for page in safe.pages] == [
        (1, 1555, 2200),
        (2, 1555, 2200),
        (3, 1555, 2200),
    ]
    with Image.open(io.BytesIO(safe.pages[0].jpeg)) as image:
        assert image.getpixel((30, image.height - 30)) == (254, 0, 0)


def test_pdf_is_turned_on_wish() -> None:
    page = inspect(files.pdf(), drawing=Drawing(turns=1)).pages[0]

    assert (page.width, page.height) == (2200, 1555)


def test_pdf_of_huge_or_tiny_pages_stays_in_bounds() -> None:
    assert inspect(files.pdf(size=(14_000, 14_000))).pages[0].width <= 2200
    assert inspect(files.pdf(size=(3, 3))).pages[0].width >= 1


def test_pdf_that_opens_without_a_password_is_taken() -> None:
    assert inspect(files.pdf_locked(user="")).kind == "pdf"


HOSTILE = [
    (files.pdf_locked(user="secret"), "pdf_password"),
    (files.pdf_with_attachment(), "pdf_attachment"),
    (files.pdf_with("OpenAction", SCRIPT), "pdf_active"),
    (files.pdf_with("AA", b"<< /WC %s >>" % SCRIPT), "pdf_active"),
    (files.pdf_with("OpenAction", b"<< /S /Launch /F (cmd.exe) >>"), "pdf_active"),
    (files.pdf_with("OpenAction", b"<< /S /URI /URI (x) /Next [ %s ] >>" % SCRIPT), "pdf_active"),
    (files.pdf_with("Names", b"<< /JavaScript << /Names [ (a) %s ] >> >>" % SCRIPT), "pdf_active"),
    (files.pdf_with("AcroForm", b"<< /Fields [ ] /XFA (x) >>"), "pdf_active"),
    (files.pdf_with("Extra", b"<< /Type /Annot /Subtype /RichMedia >>"), "pdf_attachment"),
    (files.pdf_with("Extra", b"<< /Type /Filespec /EF << >> >>"), "pdf_attachment"),
    (files.pdf_with("Extra", b"[" * 60 + b"]" * 60), "pdf_broken"),
    (files.pdf(0), "pdf_empty"),
    (files.pdf(51), "pdf_pages"),
    (b"%PDF-1.7\nnothing behind it", "pdf_broken"),
    (files.pdf()[:200], "pdf_broken"),
    (files.pdf() + files.archive({"x": b"MZ"}), "polyglot"),
    (b"<html>" + files.pdf(), "unknown_type"),
]


@pytest.mark.parametrize(("data", "reason"), HOSTILE, ids=files.short)
def test_hostile_and_broken_pdfs_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        inspect(data)

    assert refused.value.reason == reason


def test_pdf_of_ten_thousand_pages_says_how_many_are_too_many() -> None:
    with pytest.raises(Refused) as refused:
        inspect(files.pdf(10_000), limits=Limits(bytes=50_000_000))

    assert refused.value.sentence == (
        "PDF 有 10000 页，超过了 50 页的上限。请只保留需要的页，或分成几个文件上传。"
    )


def test_pdf_where_only_pictures_are_wanted_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        inspect(files.pdf(), accept=["image"], claimed="jpg")

    assert refused.value.reason == "not_accepted"
