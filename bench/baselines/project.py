"""The plain Django project of the baselines: what `startproject` gives, on the same PostgreSQL.

Sessions in the database, files in a folder, one connection kept open, templates cached, DEBUG off.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

HERE = Path(__file__).resolve().parent


def set_up() -> None:
    """Configure, make every table (the wizard's too), and load the application."""
    texts: dict[str, str] = {}
    in_memory = ("django.template.loaders.locmem.Loader", texts)
    settings.configure(
        SECRET_KEY="only-for-the-bench",  # noqa: S106 - protects nothing
        DEBUG=False,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="bench.baselines.urls",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "formtools",
            "bench.baselines",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.jinja2.Jinja2",
                "DIRS": [HERE / "templates"],
                "OPTIONS": {"auto_reload": False, "trim_blocks": True, "lstrip_blocks": True},
            },
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [("django.template.loaders.cached.Loader", [in_memory])],
                    "context_processors": ["django.template.context_processors.request"],
                },
            },
        ],
        DATABASES={"default": _database(os.environ["DATABASE_URL"])},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        MEDIA_ROOT=os.environ["BENCH_FILES"],
        LANGUAGE_CODE="zh-hans",
        TIME_ZONE="Asia/Shanghai",
        USE_TZ=True,
        LOGIN_URL="/login/",
    )
    django.setup()
    from bench.baselines import wizard

    texts["wizard.html"] = wizard.TEMPLATE
    call_command("migrate", interactive=False, verbosity=0)
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {wizard.TABLE} (id bigserial PRIMARY KEY, data jsonb NOT NULL)")


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": options.pop("user", unquote(parts.username or "")),
        "PASSWORD": options.pop("password", unquote(parts.password or "")),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
    }
