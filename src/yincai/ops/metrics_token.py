"""The name of the secret that opens `/metrics`, for who makes it and who asks for it."""

from __future__ import annotations

TOKEN_FILE = "metrics_token"  # noqa: S105 - the name of the file, not the token
