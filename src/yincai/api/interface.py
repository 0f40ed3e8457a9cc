"""The interface: every operation under `/api/v1/`, and the document that describes them."""

from __future__ import annotations

from ninja import NinjaAPI

from yincai.api import cards, catalogue, events, handovers, organisations, problems, status

VERSION = "1.0.0"

api = NinjaAPI(title="引才 接口", version=VERSION, urls_namespace="api-v1", openapi_url=None, docs_url=None)
problems.set_up(api)
ROUTERS = (
    catalogue.router,
    cards.router,
    status.router,
    organisations.router,
    events.router,
    events.webhooks,
    handovers.router,
)
for router in ROUTERS:
    api.add_router("", router)
