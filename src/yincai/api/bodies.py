"""What a body may be, judged before any operation reads it: small, shallow, plain JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import HttpRequest

from yincai.api.problems import Refused

MOST_BYTES = 64 * 1024
MOST_FILE_BYTES = 5_000_000
MULTIPART_EXTRA = 16 * 1024
DEEPEST = 12
JSON_TYPE = "application/json"
FORM_TYPE = "multipart/form-data"
READ = frozenset({"POST", "PUT", "PATCH"})
_UNFIT = re.compile("[\x00\ud800-\udfff]")


def check_body(request: HttpRequest) -> None:
    """Raise `Refused` for a body that is too large, of another type, too deep, or not JSON that we can keep.

    Bodies of GET and DELETE are not read.  NUL and halves of surrogate pairs are refused: no text of ours
    can hold them.
    """
    if request.method not in READ:
        return
    size = _announced(request)
    kind = (request.content_type or "").lower()
    if kind == FORM_TYPE:
        if size > MOST_FILE_BYTES + MULTIPART_EXTRA:
            raise Refused("too-large", "文件超过 5 MB，不会是本平台签发的电子卡，没有核验。")
        return
    if size > MOST_BYTES:
        raise Refused("too-large", f"正文超过 {MOST_BYTES // 1024} KB，没有办理。请减少内容或分几次提交。")
    body = request.body
    if not body:
        return
    if kind != JSON_TYPE:
        raise Refused("media-type", "正文须是 JSON，请设置 Content-Type: application/json。")
    _check_json(body)


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _check_json(body: bytes) -> None:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("malformed", "正文不是 UTF-8 编码的文字，没有办理。") from error
    if _depth(text) > DEEPEST:
        raise Refused("malformed", f"正文的层次超过 {DEEPEST} 层，没有办理。")
    try:
        value = json.loads(text, parse_constant=_refuse, object_pairs_hook=_without_twice)
    except ValueError as error:
        raise Refused("malformed", "正文不是正确的 JSON，没有办理。") from error
    if _UNFIT.search(json.dumps(value, ensure_ascii=False)) or "\\u0000" in text:
        raise Refused("malformed", "正文中有不能保存的字符（例如 \\u0000），没有办理。请删去后再试。")


def _depth(text: str) -> int:
    """How deep brackets outside texts go; the parser would meet its own limit as an error of ours."""
    depth = deepest = 0
    inside = escaped = False
    for letter in text:
        if inside:
            inside = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            inside = True
        elif letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _without_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name occurs twice")
    return dict(pairs)
