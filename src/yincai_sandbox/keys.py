"""The keys with which the sandbox signs what it says in JSON (RFC 7515), kept in its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from yincai_sandbox.authority.folder import alone, write_durably
from yincai_sandbox.store import Store

ES256, RS256 = "ES256", "RS256"


class SigningKeys:
    """One EC P-256 and one RSA key, made on first use; the public halves go out as a JWK set."""

    def __init__(self, store: Store) -> None:
        """Opens the keys of a folder; two processes that start together make them once."""
        with alone(store.folder):
            self._keys: dict[str, ECKey | RSAKey] = {
                ES256: _ec(store.folder / "tokens.es256.json"),
                RS256: _rsa(store.folder / "tokens.rs256.json"),
            }

    def public(self) -> dict[str, Any]:
        """The JWK set that others verify with (RFC 7517)."""
        keys = [{**key.as_dict(private=False), "use": "sig", "alg": alg} for alg, key in self._keys.items()]
        return {"keys": keys}

    def sign(self, claims: dict[str, Any], *, algorithm: str = ES256) -> str:
        """A compact JWS over `claims`."""
        key = self._keys[algorithm]
        return jwt.encode({"alg": algorithm, "kid": key.kid}, claims, KeySet([key]), algorithms=[algorithm])


def _ec(path: Path) -> ECKey:
    if not path.exists():
        _keep(path, ECKey.generate_key("P-256", auto_kid=True))
    return ECKey.import_key(json.loads(path.read_text("utf8")))


def _rsa(path: Path) -> RSAKey:
    if not path.exists():
        _keep(path, RSAKey.generate_key(2048, auto_kid=True))
    return RSAKey.import_key(json.loads(path.read_text("utf8")))


def _keep(path: Path, key: ECKey | RSAKey) -> None:
    write_durably(path, json.dumps(key.as_dict(private=True)).encode())
