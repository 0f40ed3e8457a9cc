from __future__ import annotations

import io

import pytest
from PIL import Image, ImageFilter

from tests.documents import files
from yincai.documents.pipeline.inspection import inspect
from yincai.documents.pipeline.vocabulary import Crop, Drawing, Limits, Refused, SafePage

RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_is_drawn_again_at_its_size(kind: str) -> None:
    safe = inspect(files.saved(files.picture(), kind))

    assert (safe.kind, safe.text, safe.warnings) == ("image", None, ())
    assert [(page.number, page.width, page.height) for page in safe.pages] == [(1, 640, 480)]
    assert _corner(safe.pages[0], "upper left") == RED
    assert _corner(safe.pages[0], "lower right") == BLUE


@pytest.mark.parametrize("data", [files.jpeg_with_metadata(), files.png_with_text()], ids=files.short)
def test_nothing_but_the_pixels_survives(data: bytes) -> None:
    assert files.CANARY in data

    page = inspect(data).pages[0].jpeg

    with Image.open(io.BytesIO(page)) as image:
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert dict(image.getexif()) == {}
    assert files.CANARY not in page
    assert b"Exif" not in page
    assert b"ICC_PROFILE" not in page
    assert b"http" not in page


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [
        (1, (640, 480), "upper left"),
        (3, (640, 480), "lower right"),
        (6, (480, 640), "upper right"),
        (8, (480, 640), "lower left"),
        (200, (640, 480), "upper left"),
    ],
)
def test_orientation_of_the_camera_is_applied(orientation: int, size: tuple[int, int], red: str) -> None:
    page = inspect(files.jpeg_with_metadata(orientation)).pages[0]

    assert (page.width, page.height) == size
    assert _corner(page, red) == RED


@pytest.mark.parametrize(
    "image",
    [
        files.picture().convert("CMYK"),
        files.picture().convert("L"),
    ],
)
def test_unusual_colours_become_plain_ones(image: Image.Image) -> None:
    page = inspect(files.saved(image, "JPEG")).pages[0]

    with Image.open(io.BytesIO(page.jpeg)) as drawn:
        assert drawn.mode == "RGB"


@pytest.mark.parametrize("mode", ["P", "LA", "RGBA", "1", "I;16"])
def test_every_kind_of_png_is_drawn(mode: str) -> None:
    image = Image.new("I;16", (200, 200), 40_000) if mode == "I;16" else files.picture(200, 200).convert(mode)

    assert inspect(files.saved(image, "PNG")).pages[0].width == 200


def test_transparent_picture_lies_on_white() -> None:
    page = inspect(files.saved(Image.new("RGBA", (100, 100), (0, 0, 0, 0)), "PNG")).pages[0]

    assert _corner(page, "upper left") == (255, 255, 255)


def test_giant_photo_is_made_smaller() -> None:
    page = inspect(files.saved(Image.new("RGB", (5000, 4000), "white"), "JPEG")).pages[0]

    assert (page.width, page.height) == (2200, 1760)


def test_wrong_colour_profile_is_no_reason_to_refuse() -> None:
    assert inspect(files.jpeg(icc_profile=b"nonsense" * 20)).kind == "image"


HOSTILE = [
    (files.jpeg()[:-4000], "image_broken"),
    (files.jpeg()[:300], "image_broken"),
    (files.saved(files.picture(), "PNG")[:900], "image_broken"),
    (files.saved(files.picture(), "WEBP")[:900], "image_broken"),
    (b"\xff\xd8\xff" + b"not a picture" * 40, "image_broken"),
    (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + bytes(400), "image_broken"),
    (files.png_bomb(), "image_pixels"),
    (files.png_bomb(200_000), "image_pixels"),
    (files.jpeg(40, 40), "image_small"),
    (files.jpeg() + files.archive({"x.exe": b"MZ"}), "polyglot"),
    (files.jpeg() + b"<?php system($_GET[0]); ?>", "polyglot"),
    (files.jpeg() + b"<html><script>alert(1)</script>", "polyglot"),
    (files.jpeg() + b"MZ\x90" + bytes(500), "polyglot"),
    (files.jpeg(comment=files.pdf()), "polyglot"),
    (files.saved(files.picture(), "PNG") + files.archive({"a": b"b"}), "polyglot"),
    (files.saved(files.picture(), "WEBP") + files.pdf(), "polyglot"),
    (b"", "empty"),
    (b"GIF89a" + bytes(100), "unknown_type"),
    (b"hello, this is text", "unknown_type"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "unknown_type"),
]


@pytest.mark.parametrize(("data", "reason"), HOSTILE, ids=files.short)
def test_hostile_and_broken_pictures_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        inspect(data)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("data", "claimed", "sentence"),
    [
        (
            b"<!DOCTYPE html><script>alert(1)</script>",
            "jpg",
            "文件名以 .jpg 结尾，里面的内容却是网页，所以不能接收。"
            "请找到原来的照片或文件，另存为 JPG 或 PDF 后再上传。",
        ),
        (
            b"MZ" + bytes(200),
            "pdf",
            "文件名以 .pdf 结尾，里面的内容却是程序，所以不能接收。"
            "请找到原来的照片或文件，另存为 JPG 或 PDF 后再上传。",
        ),
        (
            files.archive({"a.txt": b"a"}),
            "docx",
            "文件名以 .docx 结尾，里面的内容却是压缩包或其他办公文件，所以不能接收。"
            "请找到原来的照片或文件，另存为 JPG 或 PDF 后再上传。",
        ),
        (
            b"plain words",
            "jpg",
            "认不出这个文件的格式，所以不能接收。"
            "请上传 JPG、PNG、WebP 或 HEIC 图片、PDF、Word 文档（docx）。",
        ),
    ],
    ids=files.short,
)
def test_mislabelled_file_is_told_what_it_is(data: bytes, claimed: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        inspect(data, claimed=claimed)

    assert refused.value.sentence == sentence


def test_png_called_jpg_is_taken_for_what_it_is() -> None:
    assert inspect(files.saved(files.picture(), "PNG"), claimed="jpg").kind == "image"


def test_second_picture_that_a_phone_appends_is_dropped_not_refused() -> None:
    safe = inspect(files.jpeg() + files.jpeg(comment=files.CANARY))

    assert files.CANARY not in safe.pages[0].jpeg


def test_file_over_its_limit_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        inspect(files.jpeg(), limits=Limits(bytes=2048))

    assert refused.value.reason == "too_large"


@pytest.mark.parametrize(
    ("turns", "red"), [(0, "upper left"), (1, "upper right"), (2, "lower right"), (7, "lower left")]
)
def test_quarter_turns_go_clockwise(turns: int, red: str) -> None:
    page = inspect(files.jpeg(), drawing=Drawing(turns=turns)).pages[0]

    assert _corner(page, red) == RED


def test_one_inch_photo_is_cut_and_the_whole_kept_beside_it() -> None:
    safe = inspect(files.jpeg(1200, 1600), drawing=Drawing(photo=True))

    assert [(page.number, page.width, page.height) for page in safe.pages] == [(0, 1200, 1600), (1, 295, 413)]
    assert safe.warnings == ()


def test_one_inch_photo_shows_the_chosen_part() -> None:
    lower_right = Crop(600_000, 600_000, 400_000, 400_000)

    photo = inspect(files.jpeg(2000, 2000), drawing=Drawing(photo=True, crop=lower_right)).pages[1]

    assert _corner(photo, "lower right") == BLUE


def test_one_inch_photo_of_few_pixels_warns_and_of_fewer_is_refused() -> None:
    warned = inspect(files.saved(files.portrait(200, 280), "JPEG"), drawing=Drawing(photo=True))
    with pytest.raises(Refused) as refused:
        inspect(files.jpeg(100, 140), drawing=Drawing(photo=True))

    assert warned.warnings == (
        "裁剪后只有 200×280 像素，印在卡上会模糊。建议上传更清晰的照片（至少 295×413 像素）。",
    )
    assert refused.value.reason == "image_small"


@pytest.mark.parametrize(
    "sheet",
    [Image.new("RGB", (900, 1260), colour) for colour in ("white", "grey", "black", (20, 120, 200))]
    + [Image.effect_noise((900, 1260), 12).convert("RGB")],
    ids=["white", "grey", "black", "blue", "grain of a covered lens"],
)
def test_picture_of_one_colour_is_no_photo(sheet: Image.Image) -> None:
    with pytest.raises(Refused) as refused:
        inspect(files.saved(sheet, "JPEG"), drawing=Drawing(photo=True))

    assert refused.value.reason == "photo_blank"


def test_good_portrait_gets_no_advice() -> None:
    assert _advice(files.portrait()) == ()
    assert _advice(files.portrait(background="white")) == ()


def printed_page() -> Image.Image:
    page = Image.new("RGB", (900, 1260), "white")
    for top in range(40, 1220, 36):
        page.paste("black", (40, top, 860 - top % 97, top + 6))
    return page


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        (files.portrait().point(lambda level: level // 6), "太暗"),
        (files.portrait().point(lambda level: min(255, 225 + level // 6)), "太亮"),
        (files.portrait().point(lambda level: 110 + level // 7), "没有差别"),
        (files.portrait().filter(ImageFilter.GaussianBlur(25)), "模糊"),
        (files.portrait().resize((1600, 1260)), "横的"),
        (printed_page(), "像文件或截图"),
    ],
    ids=["dark", "bright", "flat", "blurred", "landscape", "paper"],
)
def test_photo_that_may_be_wrong_is_kept_with_advice(spoiled: Image.Image, said: str) -> None:
    advice = _advice(spoiled)

    assert len(advice) == 1
    assert said in advice[0]


def _advice(image: Image.Image) -> tuple[str, ...]:
    return inspect(files.saved(image, "JPEG", quality=90), drawing=Drawing(photo=True)).warnings


@pytest.mark.parametrize(
    "crop", [(-1, 0, 5, 5), (0, 0, 0, 5), (600_000, 0, 500_000, 5), (0, 1, 5, 1_000_000)]
)
def test_crop_outside_its_picture_is_impossible(crop: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="inside its picture"):
        Crop(*crop)


def test_blurred_photo_gets_a_hint() -> None:
    sharp = files.picture(1000, 1000)
    blurred = sharp.filter(ImageFilter.GaussianBlur(12))

    assert inspect(files.saved(sharp, "JPEG")).warnings == ()
    assert inspect(files.saved(blurred, "JPEG")).warnings == (
        "照片模糊，文字可能看不清。请把手机拿稳、对准焦后重拍一张。",
    )
    assert inspect(files.saved(Image.new("RGB", (500, 500), "white"), "JPEG")).sharpness is None


def _corner(page: SafePage, where: str) -> tuple[int, int, int]:
    """The colour near a corner, rounded to what a JPEG keeps."""
    with Image.open(io.BytesIO(page.jpeg)) as image:
        x = 6 if "left" in where else image.width - 6
        y = 6 if "upper" in where else image.height - 6
        red, green, blue = image.convert("RGB").getpixel((x, y))
    return round(red / 255) * 255, round(green / 255) * 255, round(blue / 255) * 255
