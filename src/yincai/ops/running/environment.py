"""What each process is told: only what it needs, so that what one leaks the others do not."""

from __future__ import annotations

from collections.abc import Mapping

ORDINARY = (
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE",
)  # fmt: skip
RESERVED = {
    "DATABASE_URL": frozenset({"migrate", "demo", "web", "worker", "reader", "signer"}),
    "YINCAI_SECRETS": frozenset({"migrate", "demo", "web", "worker", "reader", "signer"}),
    "YINCAI_VAULT": frozenset({"migrate", "demo", "web", "worker", "reader", "signer"}),
    "YINCAI_OWNER_DATABASE_URL": frozenset[str](),
    "YINCAI_SIGNER_KEY": frozenset({"signer"}),
    "YINCAI_SIGNER_PASSPHRASE_FILE": frozenset({"signer"}),
    "YINCAI_CHECKPOINT_KEY": frozenset({"signer"}),
    "YINCAI_OIDC_URL": frozenset({"web"}),
    "YINCAI_OIDC_CLIENT": frozenset({"web"}),
    "YINCAI_DATABASE_POOL": frozenset({"web"}),
    "PROMETHEUS_MULTIPROC_DIR": frozenset({"web"}),
}
"""Variable → the processes that are given it; every other `YINCAI_…` is for all."""


def environment_for(process: str, *, given: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """The environment of one process from what was `given` to us and what we add."""
    found = {name: given[name] for name in ORDINARY if name in given}
    found |= {
        name: value
        for name, value in {**given, **more}.items()
        if (name.startswith("YINCAI_") or name in RESERVED) and process in RESERVED.get(name, {process})
    }
    plain = {
        name: value for name, value in more.items() if not name.startswith("YINCAI_") and name not in RESERVED
    }
    return {**found, **plain, "PYTHONUNBUFFERED": "1"}
