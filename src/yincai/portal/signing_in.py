"""用户登录 with a password: as what somebody means to come in, and where that leads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account import views as account
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from yincai.directory import queries as directory
from yincai.portal.account_views import Answers

USER_TYPES = (("person", "个人"), ("organisation", "单位管理员"), ("staff", "工作人员"))


class SignIn(Answers, account.LoginView):
    """用户登录: 用户类型 says as what somebody means to come in; what they are decides where they go."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form and the user types, with the one that was chosen."""
        data: dict[str, Any] = super().get_context_data(**kwargs)
        chosen = self.request.POST.get("user_type", "person")
        outside = settings.OIDC_NAME if settings.OIDC_URL else ""
        return {**data, "user_types": USER_TYPES, "user_type": chosen, "outside_name": outside}

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on: who administers organisations comes to them; who is not what they came as is told so."""
        response: HttpResponse = super().form_valid(form)
        came_as, user = self.request.POST.get("user_type"), self.request.user
        if not user.is_authenticated:
            return response
        if came_as == "staff" and not user.is_staff_member:
            messages.info(self.request, "您没有工作人员岗位，已按个人用户登录。")
        if came_as == "organisation":
            return self._as_administrator(user.pk) or response
        return response

    def _as_administrator(self, account_id: UUID) -> HttpResponse | None:
        """Where the organisations of an administrator are; None for who has none, and they are told."""
        rights = directory.administers(account_id)
        if not rights:
            told = "您现在不是任何单位的系统管理员，已按个人用户登录。请先在单位页面申请单位系统管理员权限。"
            messages.info(self.request, told)
            return None
        if self.request.POST.get("next"):
            return None  # they were on their way somewhere
        return redirect("directory:rights", rights[0].place)
