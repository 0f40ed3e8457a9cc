"""The web application as servers load it."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yincai.settings")

from django.core.wsgi import get_wsgi_application

from yincai.ops.running.parent import follow_parent

if os.environ.get("YINCAI_SUPERVISED"):
    follow_parent()

application = get_wsgi_application()
