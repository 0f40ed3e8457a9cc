"""Our side: one whole application without scripts, every request that a browser sends, with a real reader."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from bench import resident
from bench.browser import Browser
from bench.ours.answers import sections
from bench.ours.pages import PLACE, PROGRAMME, VARIANT
from bench.ours.people import sign_in
from bench.sample import Sample, folder_bytes, total
from bench.web import meter, take
from yincai.programmes import queries as programmes

SLOTS = ("photo", "identity_copy", "degree_copy")
TICKS = os.sysconf("SC_CLK_TCK")


def application(count: int) -> Sample:
    """From the list of programmes to the number: apply, every section, three uploads, check, submit."""
    reader = _reader()
    files = Path(settings.STORAGES["documents"]["OPTIONS"]["location"])
    reader_before, files_before = reader.cpu(), folder_bytes(files)
    samples = []
    for _ in range(count):
        browser, _ = sign_in()
        with meter() as database:
            _apply(browser)
        samples.append(take(browser, database))
    beside = Sample(
        cpu=0.0, files=folder_bytes(files) - files_before, reader_cpu=reader.cpu() - reader_before
    )
    return total([*samples, beside]).each(count)


def _apply(browser: Browser) -> None:
    browser.get("/my/apply/")
    chosen = f"{PLACE}/{PROGRAMME}/{VARIANT}"
    opened = browser.post("/my/apply/", {"programme": [chosen], "_key": [str(uuid4())]})
    case = opened.location.split("/form/")[0]
    browser.follow(opened)
    for name, posted in sections(programmes.current(PLACE, PROGRAMME).programme).items():
        browser.follow(browser.post(f"{case}/form/{name}/", posted))
    pictures = {
        f"file.{slot}": resident.portrait() if slot == "photo" else resident.scan(f"{slot}.jpg")
        for slot in SLOTS
    }
    table = browser.follow(browser.upload(f"{case}/materials/", {"_key": str(uuid4())}, pictures))
    while "data-checking" in table.body.decode():
        time.sleep(1)
        table = browser.get(f"{case}/materials/")
    browser.get(f"{case}/check/")
    sent = {"_key": [str(uuid4())], "declaration": ["on"]}
    browser.follow(browser.post(f"{case}/check/", sent))


class _Reader:
    """The platform's own reader in its own process."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "yincai", "reader"], stdout=subprocess.DEVNULL)
        atexit.register(self.close)

    def cpu(self) -> float:
        """Seconds of CPU of the reader and of its children that ended."""
        text = Path(f"/proc/{self.process.pid}/stat").read_text("ascii")
        return sum(int(part) for part in text.rpartition(")")[2].split()[11:15]) / TICKS

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


@lru_cache(maxsize=1)
def _reader() -> _Reader:
    return _Reader()
