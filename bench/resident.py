"""The made-up resident whom both sides serve: the same answers, the same three pictures."""

from __future__ import annotations

import io
import itertools
import random
from functools import lru_cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

Posted = dict[str, list[str]]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
MEMBER_NUMBER = "110101202011220010"
HISTORY = "1970 年毕业于示例大学物理系，同年留校任教；1985 年起任示例研究所研究员。" * 12
ACHIEVEMENTS = "省部级科技进步一等奖（第一名），示例学报论文十二篇。" * 12

PERSON = {
    "name_zh": "张晓雨",
    "name_en": "Zhang Xiaoyu",
    "sex": "2",
    "ethnic": "01",
    "birth_date": "1949-12-31",
    "residence": "示例市裕华区示例路 1 号 2 单元 301",
    "education": "11",
    "degree": "2",
    "school_full_time": "示例大学 物理学",
    "school_part_time": "",
    "category": "4",
    "honour": "省管优秀专家",
}
CONTACT = {"telephone": "0311-86012345", "mobile": "13800138000", "email": "zhang@example.org"}
EMPLOYER = {
    "name": "示例科技有限公司",
    "address": "示例市裕华区示例路 1 号",
    "industry": "M",
    "legal_person": "李四",
    "contact": "王五",
    "phone": "0311-86054321",
}
_serial = itertools.count(random.SystemRandom().randrange(50) * 10)


def identity_numbers() -> str:
    """The next valid number (GB 11643-1999) of a woman born on 31 December 1949; 499 of them for a region."""
    serial = next(_serial)
    region, order = 110101 + serial // 499 % 16, serial % 499 * 2 + 2
    body = f"{region:06}19491231{order:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def scan(name: str) -> SimpleUploadedFile:
    """A fresh upload of a scanned page (A4 at 150 dpi)."""
    return SimpleUploadedFile(name, _jpeg(1240, 1754), content_type="image/jpeg")


def portrait() -> SimpleUploadedFile:
    """A fresh upload of a photograph."""
    return SimpleUploadedFile("photo.jpg", _jpeg(900, 1260), content_type="image/jpeg")


@lru_cache(maxsize=4)
def _jpeg(width: int, height: int) -> bytes:
    """Lines and specks, about as large as a phone's scan of a certificate."""
    chance = random.Random(7)  # noqa: S311 - a picture
    image = Image.new("RGB", (width, height), "white")
    drawing = ImageDraw.Draw(image)
    for top in range(40, height - 40, 30):
        drawing.line((40, top, width - 40 - top % 97, top), fill="black", width=4)
    for _ in range(6000):
        left, top = chance.randrange(width), chance.randrange(height)
        drawing.point((left, top), fill=(chance.randrange(256),) * 3)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
