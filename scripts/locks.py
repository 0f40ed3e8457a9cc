"""Reads a lock file: names, versions and hashes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements"
PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


@dataclass(frozen=True)
class Locked:
    """One package of a lock, with the SHA-256 of every file that may be installed as it."""

    name: str
    version: str
    hashes: tuple[str, ...]


def locked(level: str) -> list[Locked]:
    """The packages of `requirements/<level>.txt`; `ValueError` names a line that pins nothing."""
    text = (REQUIREMENTS / f"{level}.txt").read_text("utf8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [_locked(line) for line in lines]


def _locked(line: str) -> Locked:
    pin = PIN.match(line)
    if pin is None:
        raise ValueError(f"pins no version: {line[:80]}")
    return Locked(pin[1], pin[2], tuple(HASH.findall(line)))
