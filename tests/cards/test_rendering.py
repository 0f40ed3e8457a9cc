from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from tests.cards.orders import LAYOUT, SEAL
from yincai.cards import fonts, photos, rendering, seal_image
from yincai.cards.rendering import Face
from yincai.cards.vocabulary import CannotTypeset, LayoutBroken, SealSpec

PLACES = Path(__file__).parents[2] / "places"
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
FACE = Face(
    title="海港市读者证",
    kind="普通读者",
    place="harbour_city",
    number="LB-2026-00001",
    code="K7QD-M2PX-4TZB-V6NC",
    authority="海港市图书馆",
    issued_on=date(2026, 11, 22),
    valid_until=date(2029, 11, 21),
    printed={"name": "欧阳慧敏", "reader": "成人"},
    verify_url="http://127.0.0.1:8000/verify/K7QDM2PX4TZBV6NC",
    verify_site="127.0.0.1:8000/verify",
    test=True,
)


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_card_prints_number_code_fields_and_term() -> None:
    text = text_of(rendering.render(FACE, layout=LAYOUT, created=AT).pdf)

    for expected in (
        FACE.number,
        FACE.code,
        "欧阳慧敏",
        "2026年11月22日",
        "2029年11月21日",
        FACE.verify_site,
    ):
        assert expected in text


def test_card_is_tagged_pdf_a_and_its_layout_meets_pdf_ua() -> None:
    sheet = rendering.render(FACE, layout=LAYOUT, created=AT)
    rendering.render(FACE, layout=LAYOUT, created=AT, standards=["a-2b", "ua-1"])

    with pikepdf.open(io.BytesIO(sheet.pdf)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes()
        assert re.search(rb"pdfaid:part>2<.*pdfaid:conformance>B<", metadata, re.S)
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "zh-CN"


def test_same_order_renders_the_same_bytes() -> None:
    first, second = (rendering.render(FACE, layout=LAYOUT, created=AT).pdf for _ in range(2))

    assert first == second


def test_what_a_resident_types_is_text_and_never_markup() -> None:
    hostile = '#panic("x") *bold* _it_ $x$ <b> \\ " = 标题 @preview #import "a"'
    face = replace(FACE, printed={"name": hostile, "reader": "成人"})

    text = text_of(rendering.render(face, layout=LAYOUT, created=AT).pdf)

    assert re.sub(r"\s", "", hostile) in re.sub(r"\s", "", text)


def test_very_long_names_wrap_inside_the_page() -> None:
    face = replace(FACE, printed={"name": "长" * 80, "reader": "Wolfeschlegelsteinhausenbergerdorff " * 4})

    with pypdfium2.PdfDocument(rendering.render(face, layout=LAYOUT, created=AT).pdf) as document:
        page = document[0].get_textpage()
        edges = [page.get_charbox(index)[2] for index in range(page.count_chars())]

    assert max(edges) < 595 - 60


LONG = {
    "holder_name": "阿卜杜热合曼·阿卜杜外力·买买提依明",
    "sex": "男",
    "identity_number": "1301**********1234",
    "employer": "石家庄高新技术产业开发区国际生物医药与人工智能联合研究院示范股份有限公司第一分公",
    "category": "Chief Scientist of Advanced Materials and Artificial Intelligence",
}


@pytest.mark.parametrize("authority", ["港城图书馆", "中共石家庄市委人才工作领导小组", "很" * 32])
def test_long_names_keep_to_one_page_and_the_seal_lies_over_the_issuer_alone(authority: str) -> None:
    layout = (PLACES / "shijiazhuang/programmes/talent_green_card/card.typ").read_text("utf8")
    face = replace(FACE, printed=LONG, authority=authority)

    sheet = rendering.render(face, layout=layout, created=AT)
    with pypdfium2.PdfDocument(sheet.pdf) as document:
        pages, page, height = len(document), document[0].get_textpage(), document[0].get_height()
        seal = sheet.seal
        covered = page.get_text_bounded(
            seal.left, height - seal.top - seal.size, seal.left + seal.size, height - seal.top
        )

    assert pages == 1
    assert set(re.sub(r"\s", "", covered)) <= set(authority)
    assert covered.strip()


def test_photo_is_printed_from_its_pixels() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (295, 413), (20, 120, 200)).save(picture, "JPEG")

    sheet = rendering.render(replace(FACE, photo=picture.getvalue()), layout=LAYOUT, created=AT)

    with pikepdf.open(io.BytesIO(sheet.pdf)) as pdf:
        assert len(pdf.pages[0].get_images()) == 1


def test_photo_is_made_of_pixels_alone_upright_and_small() -> None:
    picture, exif = io.BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "secret remark"  # turned by 90°; a description
    Image.new("RGB", (3000, 2000), (20, 120, 200)).save(picture, "JPEG", exif=exif, comment=b"secret remark")

    made = photos.for_print(picture.getvalue())

    assert Image.open(io.BytesIO(made)).size == photos.SIZE
    assert b"secret" not in made
    assert len(made) < 100_000


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"%PDF-1.7", b"GIF89a"])
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(CannotTypeset) as refusal:
        photos.for_print(data)

    assert refusal.value.problems[0].path == "photo"


@pytest.mark.parametrize("character", ["\U0002b4e9", "\U0001f600", "\U00010330", "\x00"])
def test_character_without_a_glyph_is_refused_with_field_and_place(character: str) -> None:
    with pytest.raises(CannotTypeset) as refusal:
        fonts.check_glyphs({"name": f"欧{character}", "reader": "成人"})

    assert [problem.path for problem in refusal.value.problems] == ["printed.name"]
    assert character not in refusal.value.problems[0].message


def test_rare_character_is_printed_in_the_font_that_has_it() -> None:
    face = replace(FACE, printed={"name": "\U00020bb7野㛃", "reader": "成人"})

    pdf = rendering.render(face, layout=LAYOUT, created=AT).pdf

    assert "\U00020bb7野㛃" in text_of(pdf)
    assert "NotoSansCJKjp-Regular" in font_names(pdf)
    assert "NotoSansCJKjp-Regular" not in font_names(rendering.render(FACE, layout=LAYOUT, created=AT).pdf)


def font_names(pdf: bytes) -> set[str]:
    """The fonts that a PDF embeds, without the letters that mark a subset."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts_of_page = document.pages[0].Resources.Font
        return {
            str(one.BaseFont).partition("+")[2].removesuffix("-Identity-H")
            for _, one in fonts_of_page.items()
        }


def test_all_of_a_generous_sample_of_common_characters_can_be_printed() -> None:
    gbk = "".join(
        bytes([high, low]).decode("gb2312", "ignore")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
    )

    fonts.check_glyphs({"name": gbk})

    assert len(gbk) == 6763


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        ("#nonsense(", "无法排印"),
        ("只有文字", "0 处"),
        ('#import "base.typ": *\n#show: certificate\n#issue()\n#issue()', "2 处"),
        ('#import "@preview/tablex:0.0.8": *', "外部排版包"),
        ('#read("/etc/passwd")', "无法排印"),
        ('#import "../models.py": *', "无法排印"),
    ],
)
def test_broken_layout_is_refused_with_a_sentence(layout: str, said: str) -> None:
    with pytest.raises(LayoutBroken) as refusal:
        rendering.check_layout(layout)

    assert said in refusal.value.sentence


def test_seal_stands_where_the_layout_says() -> None:
    seal = rendering.render(FACE, layout=LAYOUT, created=AT).seal

    assert seal.page == 0
    assert seal.size == pytest.approx(42 / 25.4 * 72, abs=0.1)
    assert 300 < seal.left < 595 - seal.size
    assert 0 < seal.top < 842 - seal.size


def test_test_seal_says_sample_and_a_real_one_does_not() -> None:
    sample, real = seal_image.draw_seal(SEAL), seal_image.draw_seal(replace(SEAL, test=False))

    assert "样本" in sample
    assert "样本" not in real
    assert len(sample) > len(real)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"authority": "局"}, "seal.authority"),
        ({"authority": "很" * 33}, "seal.authority"),
        ({"authority": "海港\U0002b4e9局"}, "seal.authority"),
        ({"centre": "专" * 15}, "seal.centre"),
        ({"code": "340100001234"}, "seal.code"),
        ({"code": "34010000123４5"}, "seal.code"),
    ],
)
def test_seal_that_cannot_be_drawn_names_the_setting(changes: dict[str, str], path: str) -> None:
    with pytest.raises(CannotTypeset) as refusal:
        seal_image.draw_seal(replace(SEAL, **changes))

    assert [problem.path for problem in refusal.value.problems] == [path]


@pytest.mark.parametrize("length", [2, 6, 13, 20, 32])
def test_seal_keeps_every_stroke_inside_its_ring(length: int) -> None:
    spec = SealSpec(authority="国" * length, centre="人才绿卡专用章", code="3401000012345", test=True)

    pdf = rendering.seal_pdf(seal_image.draw_seal(spec), seal_image.DIAMETER_MM)
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=4).to_pil().convert("L")
    size = picture.width
    dark = [(x, y) for x in range(size) for y in range(size) if picture.getpixel((x, y)) < 160]

    assert max(((x - size / 2) ** 2 + (y - size / 2) ** 2) ** 0.5 for x, y in dark) < size / 2
