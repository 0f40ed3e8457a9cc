"""注销账号: what it would do, asking for it, and taking that back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from yincai.foundation.errors import Invalid, NotAllowed
from yincai.portal.account_views import beside_menu, confirmed
from yincai.portal.pages import account_of, actor_of, applicant_page, key_of, new_key
from yincai.privacy import actions, queries

NOT_TICKED = "请先勾选「我已看过上面的内容」，再申请注销。账号没有任何改动。"


@confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and until when, by what there is of this person; a POST asks for it."""
    account_id, problem = account_of(request), ""
    if request.method == "POST":
        try:
            key_of(request)
            if request.POST.get("understood") != "1":
                raise Invalid(NOT_TICKED)
            actions.ask_closing(account_id, actor=actor_of(request))
        except (Invalid, NotAllowed) as error:
            problem = error.sentence
        else:
            messages.success(request, "已收到注销申请。到期之前可以随时撤回。")
            return redirect("account_data")
    view = queries.closing_view(account_id)
    response = beside_menu(
        request, "account/data_closing.html", entry="close", closing=view, key=new_key(), problem=problem
    )
    response.status_code = 422 if problem else 200
    return response


@applicant_page
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """One press: the account stays as it is."""
    if actions.take_back_closing(account_of(request), actor=actor_of(request)):
        messages.success(request, "注销申请已撤回，账号和原来一样。")
    return redirect("account_data")
