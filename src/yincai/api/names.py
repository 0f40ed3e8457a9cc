"""How the names that are asked for are written."""

from __future__ import annotations

NAME = "^[a-z0-9_-]{1,60}$"
REPEAT_KEY = "^[A-Za-z0-9_-]{8,100}$"
