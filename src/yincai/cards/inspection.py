"""Hands an unknown file to a child process that may fail, and says what it found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

SOURCE = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 30
PATIENCE_SECONDS = 15
_BROKEN = "这份文件读不出来（可能没有下载完整）。请重新下载 PDF 原件再上传，或改用卡面上的卡号和验证码核验。"
_TOO_MUCH = "这份文件过于复杂，没有核验完。请改用卡面上的卡号和验证码核验。"
_BUSY = "现在核验文件的人较多，这份文件还没有核验。请过一会儿再上传，或改用卡面上的卡号和验证码核验。"
_LOCKED = "这份文件加了密码，看不到内容。请上传没有另加密码的 PDF 原件，或改用卡面上的卡号和验证码核验。"
_TWO_AT_ONCE = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Inspection:
    """What a file carries: a signature, one of ours, a whole one; its text; a sentence when unreadable."""

    signed: bool = False
    sealed_by_us: bool = False
    seal_is_whole: bool = False
    text: str = ""
    sentence: str = ""


def inspect(data: bytes) -> Inspection:
    """Look into a PDF in a child process with bounded memory, time and output; never raises for a bad file.

    The child gets the bytes and the trust roots' folder, and none of our settings, secrets or connections.
    """
    command = [sys.executable, "-s", "-m", "yincai.cards.inspecting", str(settings.TRUST_ROOTS)]
    environment = {"PYTHONPATH": str(SOURCE), "PATH": os.defpath, "LANG": "C.UTF-8"}
    if not _TWO_AT_ONCE.acquire(timeout=PATIENCE_SECONDS):
        return Inspection(sentence=_BUSY)
    try:
        return _inspected(data, command, environment)
    finally:
        _TWO_AT_ONCE.release()


def _inspected(data: bytes, command: list[str], environment: dict[str, str]) -> Inspection:
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and module
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Inspection(sentence=_TOO_MUCH)
    if child.returncode != 0:
        return Inspection(signed=b"/ByteRange" in data, sentence=_TOO_MUCH)
    found = json.loads(child.stdout)
    return Inspection(
        signed=found["signed"],
        sealed_by_us=found["sealed_by_us"],
        seal_is_whole=found["seal_is_whole"],
        text=found["text"],
        sentence=_LOCKED if found["locked"] else "" if found["readable"] else _BROKEN,
    )
