"""What changes the directory."""

from __future__ import annotations

from yincai.directory.seeding import publish_directory as publish_directory
