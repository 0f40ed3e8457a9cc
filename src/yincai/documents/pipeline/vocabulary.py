"""The words of the pipeline: what goes in, what comes out, and every sentence of a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["image", "pdf", "word"]
PHOTO_WIDTH, PHOTO_HEIGHT = 295, 413  # 25 mm × 35 mm at 300 dpi
KINDS: tuple[Kind, ...] = ("image", "pdf", "word")

_FORMATS: dict[Kind, str] = {
    "image": "JPG、PNG、WebP 或 HEIC 图片",
    "pdf": "PDF",
    "word": "Word 文档（docx）",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Sizes in bytes, sides in pixels, lengths in characters."""

    bytes: int = 10 * 1024 * 1024
    pixels: int = 50_000_000
    shortest_side: int = 50
    pdf_pages: int = 50
    page_side: int = 2200
    zip_entries: int = 2000
    zip_bytes: int = 100 * 1024 * 1024
    zip_ratio: int = 200
    text: int = 200_000


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle on an upright page, in millionths of its width and height."""

    left: int
    top: int
    width: int
    height: int

    def __post_init__(self) -> None:
        inside = self.left >= 0 and self.top >= 0 and self.left + self.width <= 1_000_000
        if not (inside and self.top + self.height <= 1_000_000 and self.width > 0 and self.height > 0):
            raise ValueError("a crop lies inside its picture: 0 to 1,000,000 on each side")


@dataclass(frozen=True, slots=True)
class Drawing:
    """How the person wants the pages: quarter turns clockwise, and for a one-inch photo the crop."""

    turns: int = 0
    photo: bool = False
    crop: Crop | None = None


@dataclass(frozen=True, slots=True)
class SafePage:
    """One page drawn again from pixels. Number 0 is the whole picture behind a one-inch photo."""

    number: int
    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class SafeDocument:
    """What an officer may see: pages for a picture or PDF, text for Word. `sharpness` is a hint only."""

    kind: Kind
    pages: tuple[SafePage, ...] = ()
    text: str | None = None
    warnings: tuple[str, ...] = ()
    sharpness: float | None = None


class Refused(Exception):  # noqa: N818 - the word of the glossary
    """The file is not accepted: `reason` is a code of `SENTENCES`, `sentence` says what to do instead."""

    def __init__(self, reason: str, /, **facts: object) -> None:
        self.reason = reason
        self.sentence = SENTENCES[reason].format(**facts)
        super().__init__(reason)

    @classmethod
    def said(cls, reason: str, sentence: str) -> Refused:
        """The refusal that a child spoke, its figures already in the sentence."""
        refused = cls.__new__(cls)
        Exception.__init__(refused, reason)
        refused.reason, refused.sentence = reason, sentence
        return refused


def name_formats(accept: frozenset[Kind]) -> str:
    """The formats of these kinds in the words of a hint: "JPG、PNG、WebP 或 HEIC 图片、PDF"."""
    return "、".join(_FORMATS[kind] for kind in KINDS if kind in accept)


def name_size(size: int) -> str:
    """A size for people: "873 KB", "10 MB", "23.4 MB"."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0") + " MB"


SENTENCES: dict[str, str] = {
    "empty": "这个文件是空的（0 字节），里面没有内容。请重新拍照或扫描，再上传一次。",
    "too_large": "文件有 {size}，超过了 {limit} 的上限，没有保存。请用较低的清晰度重新拍照或扫描，"
    "或把图片压缩后再上传。",
    "unknown_type": "认不出这个文件的格式，所以不能接收。请上传 {formats}。",
    "not_accepted": "这里不接收{found}。请改用 {formats}，再上传一次。",
    "mislabelled": "文件名以 .{claimed} 结尾，里面的内容却是{found}，所以不能接收。请找到原来的照片或文件，"
    "另存为 JPG 或 PDF 后再上传。",
    "image_broken": "图片不完整或已经损坏，可能是没有传完。请重新拍照，或用看图软件打开后另存为 JPG 再上传。",
    "image_pixels": "图片有 {width}×{height} 像素，超过了 {limit} 万像素的上限。请缩小尺寸，"
    "或用普通模式重新拍照后再上传。",
    "image_small": "图片只有 {width}×{height} 像素，看不清内容。请上传原图，或重新拍一张。",
    "photo_blank": "这张图片几乎只有一种颜色，看不到人像，不能用作照片。"
    "请选择本人近期的证件照，或重新拍一张。",
    "polyglot": "文件里除了要看的内容，还夹带了{found}。为了安全不能接收。请重新拍照，"
    "或打开后另存为一个新文件再上传。",
    "pdf_broken": "PDF 打不开，可能没有传完或已经损坏。请重新导出 PDF，或把每一页拍成照片上传。",
    "pdf_password": "PDF 设有密码，工作人员无法打开。请去掉密码（用阅读软件打开后“打印为 PDF”）再上传。",
    "pdf_empty": "PDF 里一页也没有。请检查导出的文件，重新导出后再上传。",
    "pdf_pages": "PDF 有 {pages} 页，超过了 {limit} 页的上限。请只保留需要的页，或分成几个文件上传。",
    "pdf_attachment": "PDF 里夹带了附件，为了安全不能接收。请打开后“打印为 PDF”，上传打印出来的那一份；"
    "附件请单独上传。",
    "pdf_active": "PDF 里含有会自动运行的脚本或动作，为了安全不能接收。请打开后“打印为 PDF”，"
    "上传打印出来的那一份。",
    "word_old": "旧版 Word 文件（.doc）不能接收。请在 Word 或 WPS 中打开它，选“文件—另存为”，"
    "类型选 docx 或 PDF，再上传新文件。",
    "word_password": "Word 文件设有密码，工作人员无法打开。请在 Word 或 WPS 中取消密码，"
    "或另存为 PDF 后再上传。",
    "word_broken": "Word 文件打不开，可能没有传完或已经损坏。请在 Word 或 WPS 中打开，另存为 PDF 后再上传。",
    "word_macro": "Word 文件里带有宏（会自动运行的程序），为了安全不能接收。"
    "请另存为不带宏的 docx 或 PDF 后再上传。",
    "word_embedded": "Word 文件里嵌入了其他文件或控件，为了安全不能接收。请另存为 PDF 后上传，"
    "嵌入的文件请单独上传。",
    "word_linked": "Word 文件引用了外部的文件或网址，打开时会自动连接，为了安全不能接收。"
    "请另存为 PDF 后再上传。",
    "word_bomb": "Word 文件解压后大得不正常，不能接收。请在 Word 或 WPS 中打开，另存为 PDF 后再上传。",
    "word_empty": "Word 文件里没有文字。如果内容是图片，请另存为 PDF 后再上传。",
    "too_heavy": "这个文件需要的处理量太大，没能读完，所以不能接收。请重新拍照，"
    "或减少页数、降低清晰度后再上传。",
    "crashed": "这个文件没能安全地读完，可能已经损坏，所以不能接收。请重新拍照或重新导出后再上传。",
    "malware": "杀毒软件在这个文件里发现了有害内容，文件已删除。请检查您的设备，重新拍照或扫描后再上传。",
    "lost": "这个文件在保存时丢失了，很抱歉。请再上传一次。",
}
