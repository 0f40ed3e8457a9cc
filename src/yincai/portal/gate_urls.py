"""The addresses of a place's portal; each begins with the place's name."""

from __future__ import annotations

from django.urls import path

from yincai.portal.gate import applications, arriving, handing, home, registration, writings

app_name = "place"

urlpatterns = [
    path("", home.home, name="home"),
    path("register/", registration.agreement, name="register"),
    path("register/account/", registration.account, name="register_account"),
    path("register/applications/", registration.applications, name="register_applications"),
    path("register/done/", registration.done, name="registered"),
    path("library/", writings.library, name="library"),
    path("library/<slug:name>/", writings.writing, name="writing"),
    path("library/<slug:name>/file.pdf", writings.writing_file, name="writing_file"),
    path("shelves/<slug:shelf>/", writings.shelf, name="shelf"),
    path("contacts/", writings.contacts, name="contacts"),
    path("channels/", arriving.channels, name="channels"),
    path("channels/handover/<str:token>/", handing.handover, name="handover"),
    path("channels/<slug:name>/", arriving.arrive, name="arrive"),
    path("applications/", applications.catalogue, name="applications"),
    path("applications/add/", applications.add, name="add_application"),
    path("applications/<slug:owner>/<slug:name>/", applications.enter_system, name="application"),
]
