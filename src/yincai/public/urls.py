"""The addresses that anyone may open."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from yincai.public import style, views

app_name = "public"

urlpatterns = [
    path("", views.home, name="home"),
    path("programmes/<slug:place>/<slug:name>/", views.programme, name="programme"),
    path("programmes/<slug:place>/<slug:name>/flow.svg", views.flow, name="flow"),
    path("programmes/<slug:place>/<slug:name>/operation.svg", views.operation, name="operation"),
    path("verify/", views.verify, name="verify"),
    path("verify/file/", views.verify_file, name="verify_file"),
    path("verify/<str:code>/", views.verify_code, name="verify_code"),
    path("look/elder/", views.elder, name="elder"),
    path("help/", views.help_page, name="help"),
]

if settings.DEBUG or settings.TESTING:
    urlpatterns.append(path("style/", style.style, name="style"))
