"""Made-up applicants: a whole application as a browser posts it, with a valid identity number of its own."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

Posted = dict[str, list[str]]

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


def birth_date(serial: int) -> date:
    """The birth date of the person with this serial: 500 people a day."""
    return date(1949, 12, 31) + timedelta(days=serial // 500)


def identity_number(serial: int) -> str:
    """The citizen number of a woman, another one for every serial (GB 11643-1999)."""
    body = f"110105{birth_date(serial):%Y%m%d}{serial % 500 * 2:03}"
    return body + CHECKS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def application(serial: int) -> dict[str, Posted]:
    """Every section of the green card form, in the form's order."""
    return {
        "person": {
            "name_zh": ["张晓雨"],
            "name_en": ["Zhang Xiaoyu"],
            "identity.type": ["111"],
            "identity.number": [identity_number(serial)],
            "sex": ["2"],
            "ethnic": ["01"],
            "birth_date": [birth_date(serial).isoformat()],
            "origin": ["中国 河北石家庄"],
            "category": ["4"],
            "honour": ["省管优秀专家"],
            "residence": ["石家庄市长安区示例街 2 号"],
        },
        "contact": {
            "telephone": ["0311-86012345"],
            "mobile": ["13800138000"],
            "email": ["zhang@example.org"],
        },
        "introduction": {
            "route": ["introduced"],
            "former_post": ["研究员"],
            "present_post": ["首席科学家"],
            "manner": ["flexible"],
            "term": ["year"],
        },
        "employer": {
            "employer_name": ["石家庄示例科技有限公司"],
            "employer_address": ["石家庄市裕华区示例路 1 号"],
            "employer_industry": ["M"],
            "employer_contact": ["李四"],
            "employer_phone": ["0311-86054321"],
        },
        "experience": {"history": ["1970 年毕业于示例大学。"], "achievements": ["省部级科技进步一等奖。"]},
        "household": {"former_place": ["北京市朝阳区"]},
    }


def reader(serial: int) -> dict[str, Posted]:
    """Every section of the library card form, whose submission is its approval."""
    return {
        "reader": {
            "full_name": ["张晓雨"],
            "paper.type": ["111"],
            "paper.number": [identity_number(serial)],
        }
    }


MEMBER = {"member_name": "王小明", "member_identity.number": "110101202011220010", "member_relation": "20"}
"""One line of the table of household members."""
SLOTS = ("photo", "identity_copy", "degree_copy")


def picture(*, size: tuple[int, int] = (900, 1260)) -> bytes:
    """A JPEG that looks a little like a scanned paper."""
    image = Image.new("RGB", size, "white")
    drawing = ImageDraw.Draw(image)
    for line in range(40, size[1] - 40, 36):
        drawing.line((40, line, size[0] - 40 - line % 97, line), fill="black", width=6)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
