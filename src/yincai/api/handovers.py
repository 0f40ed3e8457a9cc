"""Handing somebody over to the portal, with what is known already and nothing personal in the address."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router

from yincai.api import handover_shapes as shapes
from yincai.api.keys import Needs, key_of
from yincai.api.repeating import RepeatKey, answer_once
from yincai.partners import actions
from yincai.partners.vocabulary import Scope

router = Router(tags=["转送申请人"], auth=Needs(Scope.HANDOVER))


@router.post(
    "/handovers", response=shapes.HandoverShape, operation_id="create_handover", summary="转送一位申请人"
)
def create(
    request: HttpRequest, response: HttpResponse, asked: shapes.HandoverAsked, repeat: RepeatKey
) -> shapes.HandoverShape:
    """回答里的网址 30 分钟内有效、只能打开一次，请让申请人在自己的浏览器中打开。每次转送都有记录。"""
    partner = key_of(request).partner

    def act() -> shapes.HandoverShape:
        consent = (asked.consent.given_at, asked.consent.evidence) if asked.consent else None
        made = actions.make_handover(
            partner,
            programme=(asked.place or partner.place, asked.programme),
            variant=asked.variant,
            district=asked.district,
            values=asked.values,
            consent=consent,
        )
        path = reverse("place:handover", args=[made.place, made.token])
        address = f"{settings.BASE_URL}{path}"
        return shapes.HandoverShape(id=made.id, address=address, expires_at=made.expires_at)

    return answer_once(request, response, repeat, shapes.HandoverShape, act)
