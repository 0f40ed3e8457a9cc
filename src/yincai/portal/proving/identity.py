"""身份认证: how surely the owner of the account is known, since when, and how to be known more surely."""

from __future__ import annotations

from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from yincai.people import permissions, queries
from yincai.portal.account_views import beside_menu
from yincai.portal.pages import actor_of, applicant_page
from yincai.registries import actions
from yincai.registries import queries as registries
from yincai.registries.vocabulary import Registry, Why

ABOUT = (Registry.REAL_NAME, Why.REGISTRATION)


@applicant_page
@require_GET
def standing(request: HttpRequest) -> HttpResponse:
    """The level with its proofs, the consent, and what raises it; afterwards back to where one came from."""
    account = permissions.require_signed_in(request)
    there = get_next_redirect_url(request)
    return beside_menu(
        request,
        "account/identity.html",
        identity=queries.identity_of(account.pk),
        assurance=queries.assurance_of(account.pk),
        proofs=queries.proofs_of(account.pk),
        consented=registries.has_consent(account.pk, *ABOUT),
        answer=registries.real_name_of(account.pk),
        registry=Registry.REAL_NAME,
        why=Why.REGISTRATION,
        after=f"?{urlencode({'next': there})}" if there else "",
        outside_name=settings.OIDC_NAME if settings.OIDC_URL else "",
    )


@applicant_page
@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Allow the real-name registry to be asked, or withdraw that."""
    account, actor = permissions.require_signed_in(request), actor_of(request)
    registry, why = ABOUT
    if request.POST.get("act") == "withdraw":
        actions.withdraw_consent(account.pk, actor=actor, registry=registry, why=why)
        messages.info(request, "授权已撤回，以后不再查询。已经得到的结果仍会保留。")
    else:
        actions.give_consent(account.pk, actor=actor, registry=registry, why=why)
        messages.success(request, "已授权。核验通常在一分钟内完成，请稍后刷新本页查看结果。")
    return redirect("account_identity")
