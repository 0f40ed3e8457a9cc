"""The address table: which door answers which path."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from yincai.portal.support.asking import arrive
from yincai.portal.views.invited import invited

handler400 = "yincai.ops.errors.bad_request"
handler403 = "yincai.ops.errors.forbidden"
handler404 = "yincai.ops.errors.not_found"
handler500 = "yincai.ops.errors.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("yincai.portal.account_urls")),
    path("my/", include("yincai.portal.urls")),
    path("place/<slug:place>/", include("yincai.portal.gate_urls")),
    path("desk/", include("yincai.desk.urls")),
    path("api/", include("yincai.api.urls")),
    path("place/<slug:place>/", include("yincai.portal.directory.urls")),
    path("place/<slug:place>/", include("yincai.portal.support.urls")),
    path("support/", arrive, name="support"),
    path("invited/<str:token>/", invited, name="invited"),
    path("", include("yincai.ops.urls")),
    path("", include("yincai.public.urls")),
]
