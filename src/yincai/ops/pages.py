"""Error pages: drawn without a session, a user or a database, because any of them may be what is broken."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html

from yincai.ops.logging import request_id

logger = logging.getLogger(__name__)

SENTENCES = {
    400: "浏览器发来的内容无法识别，没有办理任何事项。请返回上一页重新操作。",
    403: "您没有查看或办理这一项的权限，未作任何改动。如认为有误，请联系经办单位。",
    404: "没有找到您要的页面，它可能已移走，或不在您的名下。请核对网址，或从首页重新进入。",
    409: "这项内容刚刚被他人或另一设备改动，您的操作没有生效。请刷新页面，核对后再试。",
    413: "提交的内容太大，没有保存。请把文件压缩后再试，或分几次上传。",
    422: "填写的内容有误，尚未提交。请返回上一页修改后再试。",
    429: "这一步办得太频繁，这一次没有办成，已保存的内容不受影响。请稍后再试。",
    500: "系统出了故障，这一步没有办成，已保存的内容不受影响。请稍后再试；多次出现时请联系服务热线。",
    503: "系统暂时连接不上数据库，这一步还没有办成，已保存的内容不受影响。请稍等片刻再试。",
}
TITLES = {
    400: "无法识别的请求",
    403: "没有权限",
    404: "没有找到页面",
    409: "内容已被改动",
    413: "文件太大",
    422: "填写有误",
    429: "请稍后再试",
    500: "系统故障",
    503: "系统暂时无法办理",
}


def error_page(
    status: int,
    facts: Mapping[str, Any] | None = None,
    *,
    title: str = "",
    sentence: str = "",
    template: str = "",
) -> HttpResponse:
    """The page `errors/<status>.html` (or `template`) with its sentence; should that fail, the sentence."""
    sentence = sentence or SENTENCES[status]
    title = title or TITLES[status]
    context = {
        "number": request_id.get(),
        "status": status,
        "title": title,
        "sentence": sentence,
        **(facts or {}),
    }
    try:
        body = render_to_string(f"errors/{template or status}.html", context, using="jinja2")
    except Exception:  # the last page there is must come, whatever broke  # noqa: BLE001
        logger.exception("the page for %s cannot be drawn", status)
        body = format_html(_BARE, title, title, sentence)
    response = HttpResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response


_BARE = (
    '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>{}</title>'
    '<main><h1>{}</h1><p>{}</p><p><a href="/">返回首页</a></p></main></html>'
)
