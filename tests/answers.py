"""A whole application of the green card programme, as a browser posts it.  The person is made up."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

Posted = dict[str, list[str]]

NUMBER = "11010519491231002X"
OTHER_NUMBER = "110105194912310046"

SECTIONS: dict[str, Posted] = {
    "person": {
        "name_zh": ["张晓雨"],
        "name_en": ["Zhang Xiaoyu"],
        "identity.type": ["111"],
        "identity.number": [NUMBER],
        "sex": ["2"],
        "ethnic": ["01"],
        "birth_date": ["1949-12-31"],
        "origin": ["中国 河北石家庄"],
        "category": ["4"],
        "honour": ["省管优秀专家"],
    },
    "contact": {"telephone": ["0311-86012345"], "mobile": ["13800138000"], "email": ["zhang@example.org"]},
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
    "household": {
        "former_place": ["北京市朝阳区"],
        "family._ids": ["a1"],
        "family.a1.member_name": ["王小明"],
        "family.a1.member_identity.type": ["111"],
        "family.a1.member_identity.number": ["110101202011220010"],
        "family.a1.member_relation": ["20"],
    },
}
SLOTS = ("photo", "identity_copy", "degree_copy")


def picture(name: str = "scan.jpg", *, size: tuple[int, int] = (900, 1260)) -> SimpleUploadedFile:
    """A JPEG that looks a little like a scanned paper."""
    image = Image.new("RGB", size, "white")
    drawing = ImageDraw.Draw(image)
    for line in range(40, size[1] - 40, 36):
        drawing.line((40, line, size[0] - 40 - line % 97, line), fill="black", width=6)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")
