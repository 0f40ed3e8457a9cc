"""The two guides of the portal's home page that are about organisations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yincai.portal.directory.pages import page


@require_safe
def not_found(request: HttpRequest, place: str) -> HttpResponse:
    """搜索不到单位名称操作指引."""
    return page(request, place, "guide_not_found.html")


@require_safe
def administrators(request: HttpRequest, place: str) -> HttpResponse:
    """申请和取消法人单位管理员权限操作指引."""
    return page(request, place, "guide_administrators.html")
