"""Properties are judged by their result, never by how long an example took on a busy machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("engine", deadline=None)
settings.load_profile("engine")
