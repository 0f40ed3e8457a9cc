"""What the tests of this door share: the outside world, a sandbox of their own."""

from __future__ import annotations

from tests.registries.conftest import running, sandbox

__all__ = ["running", "sandbox"]
