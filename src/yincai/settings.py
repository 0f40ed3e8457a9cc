"""Every setting of the platform, typed, read once from the environment.

A secret is named by file (`YINCAI_SECRETS` is a folder, one file a secret), never by value, so that no
process listing or crash report shows one.  Names and meanings: `docs/settings.md`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parents[2]


def _text(name: str, default: str) -> str:
    return os.environ.get(name, default)


def _flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, str(default)).strip().lower()
    if value not in {"true", "false", "1", "0"}:
        raise ValueError(f"{name} is {value!r}; write true or false")
    return value in {"true", "1"}


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.lstrip("-").isdigit():
        raise ValueError(f"{name} is {value!r}; write a whole number")
    return int(value)


def _secret(name: str) -> str:
    """The content of one secret file; in tests without one, a fixed value that protects nothing."""
    path = SECRETS / name
    if path.is_file():
        return path.read_text("utf8").strip()
    if TESTING:
        return f"only-for-tests-{name}"
    raise FileNotFoundError(f"{path} is missing: run `make run` once, or write the secret there")


def database_from_url(url: str) -> dict[str, Any]:
    """Django's settings for a `postgresql://` address; its query holds libpq's options (`host=/socket`)."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": query.pop("user", unquote(parts.username or "")),
        "PASSWORD": query.pop("password", unquote(parts.password or "")),
        "HOST": query.pop("host", unquote(parts.hostname or "")),
        "PORT": query.pop("port", str(parts.port or "")),
        "OPTIONS": query,
        "ATOMIC_REQUESTS": False,
        # A connection that died with the database is noticed before a request uses it.
        "CONN_HEALTH_CHECKS": True,
    }


VAR = Path(_text("YINCAI_VAR", str(ROOT / "var")))
SECRETS = Path(_text("YINCAI_SECRETS", str(VAR / "secrets")))
# One key a person; never in a backup of the database (docs/adr/0009).
VAULT = Path(_text("YINCAI_VAULT", str(VAR / "vault")))
TESTING = _flag("YINCAI_TESTING", False)
DEBUG = _flag("YINCAI_DEBUG", False)
BASE_URL = _text("YINCAI_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = BASE_URL.startswith("https://")
SANDBOX_URL = _text("YINCAI_SANDBOX_URL", "http://127.0.0.1:8001").rstrip("/")
PLACES = Path(_text("YINCAI_PLACES", str(ROOT / "places")))
RETENTION = Path(_text("YINCAI_RETENTION", str(ROOT / "data" / "retention.yaml")))
CODES = ROOT / "data"
CHECKPOINTS = Path(_text("YINCAI_CHECKPOINTS", str(VAR / "checkpoints")))

# Outside authorities. In the demo all of them are the sandbox; each can be pointed elsewhere alone.
SMS_GATEWAY_URL = _text("YINCAI_SMS_GATEWAY_URL", f"{SANDBOX_URL}/sms")
TIMESTAMP_URL = _text("YINCAI_TIMESTAMP_URL", f"{SANDBOX_URL}/ca/timestamp")
TRUST_ROOTS = Path(_text("YINCAI_TRUST_ROOTS", str(VAR / "trust")))
REGISTRY_URL = _text("YINCAI_REGISTRY_URL", f"{SANDBOX_URL}/registry")
FACE_URL = _text("YINCAI_FACE_URL", f"{SANDBOX_URL}/face")
FACE_ISSUER = _text("YINCAI_FACE_ISSUER", FACE_URL)
FACE_CLIENT = _text("YINCAI_FACE_CLIENT", "yincai")
# The other portal whose users may sign in here (OpenID Connect); empty: none.
OIDC_URL = _text("YINCAI_OIDC_URL", "").rstrip("/")
OIDC_NAME = _text("YINCAI_OIDC_NAME", "省统一身份认证")
OIDC_CLIENT = _text("YINCAI_OIDC_CLIENT", "")
# Whose certificates may sign people in; apart from TRUST_ROOTS, since those may seal.
PEOPLE_ROOTS = Path(_text("YINCAI_PEOPLE_ROOTS", str(VAR / "trust-people")))
# Whether events may be pushed to this very machine, over http too: for development and the sandbox alone.
WEBHOOKS_TO_LOOPBACK = _flag("YINCAI_WEBHOOKS_TO_LOOPBACK", False)
# Only the signer's process is given these three.
SIGNER_KEY = _text("YINCAI_SIGNER_KEY", "")
# Engraves 样本 on every seal, so that nobody takes a card of the demo authority for a real one.
TEST_SEALS = _flag("YINCAI_TEST_SEALS", True)
SIGNER_PASSPHRASE_FILE = _text("YINCAI_SIGNER_PASSPHRASE_FILE", "")
CHECKPOINT_KEY = _text("YINCAI_CHECKPOINT_KEY", "")

# How many tries the human check takes a browser at most (people/human_check.py).
CHECK_DIFFICULTY = max(1, _number("YINCAI_CHECK_DIFFICULTY", 200))

# How many made-up cases the worker builds, in every state of every programme, where there are demo people.
DEMO_CASES = _number("YINCAI_DEMO_CASES", 80)

SECRET_KEY = _secret("secret_key")
ALLOWED_HOSTS = _text("YINCAI_HOSTS", f"{urlsplit(BASE_URL).hostname},127.0.0.1,localhost,[::1]").split(",")
if TESTING:
    ALLOWED_HOSTS.append("testserver")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_prose_editor",  # for its static files only (docs/adr/0005-rich-text.md)
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "yincai.foundation",
    "yincai.ledger",
    "yincai.people",
    "yincai.documents",
    "yincai.registries",
    "yincai.directory",
    "yincai.programmes",
    "yincai.casework",
    "yincai.cards",
    "yincai.partners",
    "yincai.messages.apps.MessagesRoom",
    "yincai.privacy",
    "yincai.look",
    "yincai.portal",
    "yincai.desk",
    "yincai.public",
    "yincai.api",
    "yincai.ops.apps.OpsRoom",
]

MIDDLEWARE = [
    "yincai.ops.logging.RequestLog",
    "yincai.api.door.MachineDoor",  # before anything that could answer with a page
    "yincai.ops.nul.WithoutNul",  # before anybody reads the query, a cookie or the form
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "yincai.ops.kept_token.SentAgain",  # before the check that it answers for
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "yincai.people.sessions.SessionLimits",
    "yincai.ops.budget.RequestBudget",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "yincai.ops.signed_out.SignedOut",
    "yincai.people.permissions.StaffDoor",
    "yincai.ops.errors.Refusals",
    "yincai.ops.outage.Outage",
]

ROOT_URLCONF = "yincai.urls"
WSGI_APPLICATION = "yincai.ops.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,  # each room's `jinja2/` folder
        "OPTIONS": {
            "environment": "yincai.look.environment.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "yincai.look.environment.page_context",
            ],
        },
    },
    {  # for libraries that bring Django templates; our pages never use it
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

DATABASES = {"default": database_from_url(_text("DATABASE_URL", "postgresql:///yincai"))}
if _flag("YINCAI_DATABASE_POOL", False):
    # After three seconds in vain the pool forgets its back-off: it is back as soon as the database is.
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": _number("YINCAI_POOL_SIZE", 8),
        "timeout": 5,
        "reconnect_timeout": 3,
    }
# A worker that is silent for fifteen seconds counts as dead; its jobs are taken up again (ops.jobs).
PROCRASTINATE_WORKER_DEFAULTS: dict[str, Any] = {
    "update_heartbeat_interval": 3,
    "stalled_worker_timeout": 15,
    "fetch_job_polling_interval": 2,
    "delete_jobs": "successful",
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["yincai.people.backend.SignInBackend"]
PASSWORD_HASHERS = ["yincai.people.passwords.CappedArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "yincai.people.passwords.LengthRule"},
    {"NAME": "yincai.people.passwords.ContextRule"},
    {"NAME": "yincai.people.passwords.GuessedFirstRule"},
]
STAFF_PREFIX = "/desk/"  # nothing under it answers without an appointment and a second factor
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/my/"
PASSWORD_RESET_TIMEOUT = 3600
LOGOUT_REDIRECT_URL = "/account/login/"

# allauth: our adapters decide. Its own limits, kept in a cache, are off: ours are exact (people/throttle.py).
ACCOUNT_ADAPTER = "yincai.people.adapter.AccountAdapter"
ACCOUNT_RATE_LIMITS = False
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*", "email*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_FORMS = {
    "login": "yincai.portal.account_forms.SignInForm",
    "signup": "yincai.portal.account_forms.RegisterForm",
    "change_password": "yincai.portal.account_forms.ChangePasswordForm",
    "reset_password": "yincai.portal.account_forms.ForgottenPasswordForm",
    "reset_password_from_key": "yincai.portal.account_forms.NewPasswordForm",
    "reauthenticate": "yincai.portal.account_forms.ConfirmPasswordForm",
    "change_email": "yincai.portal.account_forms.ChangeEmailForm",
    "add_email": "yincai.portal.account_forms.ChangeEmailForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = _number("YINCAI_TRUSTED_PROXIES", 0)
# Another portal's users: only the protocol is allauth's; the document that it names decides (portal/proving).
SOCIALACCOUNT_ADAPTER = "yincai.portal.proving.outside.OutsideAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "outside": {
        "APPS": [
            {
                "provider_id": "outside",
                "name": OIDC_NAME,
                "client_id": OIDC_CLIENT,
                "secret": _secret("oidc_secret") if OIDC_CLIENT else "",
                "settings": {"server_url": OIDC_URL, "fetch_userinfo": False},
            }
        ]
    }
}
MFA_ADAPTER = "yincai.people.adapter.SecondFactorAdapter"
MFA_TOTP_ISSUER = "引才"
MFA_TOTP_TOLERANCE = 1  # one step of 30 seconds either way; each code counts once (people/second_factor.py)
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Browsers allow passkeys without TLS on localhost alone, where the origin is ours whatever it says.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = urlsplit(BASE_URL).hostname in ("localhost", "127.0.0.1")
MFA_FORMS = {
    "login_webauthn": "yincai.portal.proving.passkeys.LoginForm",
    "add_webauthn": "yincai.portal.proving.passkeys.AddForm",
    "authenticate": "yincai.portal.account_forms.CodeForm",
    "reauthenticate": "yincai.portal.account_forms.ConfirmCodeForm",
    "activate_totp": "yincai.portal.account_forms.EnrolForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # staff must enrol before they have opened any letter

# Letters about accounts. Without a mail server they are written to a folder, one file a letter.
SMTP_HOST = _text("YINCAI_SMTP_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SMTP_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = SMTP_HOST
EMAIL_PORT = _number("YINCAI_SMTP_PORT", 587)
EMAIL_USE_TLS = _flag("YINCAI_SMTP_TLS", True)
EMAIL_HOST_USER = _text("YINCAI_SMTP_USER", "")
EMAIL_HOST_PASSWORD = _secret("smtp_password") if EMAIL_HOST_USER else ""
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = _text("YINCAI_MAIL_FROM", "no-reply@localhost")

SESSION_ENGINE = "yincai.people.session_store"
SESSION_COOKIE_AGE = 12 * 3600  # nobody stays longer (people/sessions.py)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "yincai.look.finders.StylesheetFinder",
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "files"},
    },
    # uploads, sealed: a file is on the disk before its row is written
    "documents": {
        "BACKEND": "yincai.documents.storage.DurableFiles",
        "OPTIONS": {"location": VAR / "files" / "documents"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# In development and tests files come straight from the rooms; otherwise from what `static` collected.
# What is compressed already, and the source maps of libraries, which nobody's visitor asks for.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "jpeg", "png", "webp", "gz", "br", "woff", "woff2", "map")
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING
# How long an upload's answer waits for the reader's verdict, so that most people are told at once.
UPLOAD_WAIT_SECONDS = 4.0
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# Uploads are held in memory: how many files one request may bring, and how many bytes in all (ops/budget.py).
# Somebody who is not signed in can only hand in one card to be verified.
# Browsers send a part for each file input of a page, chosen or not; so many of them may hold a file.
DATA_UPLOAD_MAX_NUMBER_FILES = 200
UPLOADS_AT_ONCE = 12
REQUEST_BYTES = 32 * 1024 * 1024
REQUEST_BYTES_SIGNED_OUT = 6 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["yincai.documents.intake.MemoryOnlyUploads"]
# The virus scanner's clamd: "host:port" or the path of its socket; empty: no scan.
CLAMAV = _text("YINCAI_CLAMAV", "")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

CSRF_FAILURE_VIEW = "yincai.ops.errors.token_missing"
LOGGING_CONFIG = "yincai.ops.logging.configure"
LOGGING = {"level": _text("YINCAI_LOG_LEVEL", "INFO").upper()}

SILENCED_SYSTEM_CHECKS = ["csp.E001"]
