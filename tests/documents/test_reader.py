"""The child: what it may do, and what its death means. Real processes, no pretending."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.documents import files
from tests.documents import test_pipeline_images as pictures
from tests.documents import test_pipeline_pdfs as pdfs
from tests.documents import test_pipeline_word as words
from yincai.documents import reader
from yincai.documents.pipeline import wire
from yincai.documents.pipeline.vocabulary import KINDS, Drawing, Limits, Refused

REQUEST = wire.Request(Limits(), frozenset(KINDS), "jpg", Drawing())
SOURCE = str(Path(reader.__file__).resolve().parents[2])
PROBE = """
import os, socket, sys
from yincai.documents.pipeline import confinement
import json
confinement.limit_resources()
confinement.lock_doors()
def attempt(act):
    try:
        act()
    except (OSError, MemoryError) as no:
        return type(no).__name__
    return "done"
attempts = {
    "read": lambda: open("/etc/passwd"),
    "write": lambda: open("/tmp/yincai-probe", "w"),
    "connect": lambda: socket.socket(),
    "pair": lambda: socket.socketpair(),
    "fork": lambda: os.fork() or os._exit(0),
    "run": lambda: os.execv("/bin/true", ["true"]),
    "kill": lambda: os.kill(os.getppid(), 0),
    "memory": lambda: bytearray(2 << 30),
}
found = {name: attempt(act) for name, act in attempts.items()}
print(json.dumps({"user": os.getuid(), "environment": sorted(os.environ)} | found))
"""
JUDGE = """
import json, pickle, sys
from yincai.documents.pipeline import confinement
from yincai.documents.pipeline.inspection import inspect, load_parser
from yincai.documents.pipeline.vocabulary import Refused
def judge(data):
    try:
        return inspect(data).kind
    except Refused as no:
        return no.reason
samples = pickle.load(sys.stdin.buffer)
confinement.load_codecs()
for data in samples:
    load_parser(data)
confinement.lock_doors()
print(json.dumps([judge(data) for data in samples]))
"""
PAGE = b"\xff\xd8\xff\xff\xd9"
ANSWER = b'{"kind": "%s", "text": %s, "warnings": [], "sharpness": null, "pages": [%s]}\n'


@pytest.mark.parametrize("data", [files.jpeg(), files.pdf(2), files.word()], ids=["jpeg", "pdf", "word"])
def test_child_makes_an_honest_file_safe(data: bytes) -> None:
    safe = reader.read_safely(data, request=REQUEST)

    assert bool(safe.pages) != bool(safe.text)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "MPO"])
def test_child_needs_no_library_that_it_has_not_loaded(kind: str) -> None:
    more = {"save_all": True, "append_images": [files.picture()]} if kind == "MPO" else {}

    assert reader.read_safely(files.saved(files.picture(), kind, **more), request=REQUEST).kind == "image"


def test_child_reads_the_pictures_of_phones() -> None:
    safe = reader.read_safely(files.heic(), request=REQUEST)

    assert files.CANARY in files.heic()
    assert (safe.pages[0].width, safe.pages[0].height) == (96, 64)
    assert files.CANARY not in safe.pages[0].jpeg


def test_child_says_no_in_the_words_of_the_pipeline() -> None:
    with pytest.raises(Refused) as refused:
        reader.read_safely(files.jpeg(40, 30), request=REQUEST)

    assert refused.value.sentence == "图片只有 40×30 像素，看不清内容。请上传原图，或重新拍一张。"


def test_locked_child_judges_every_hostile_file_as_an_open_process_does() -> None:
    cases = [*pictures.HOSTILE, *pdfs.HOSTILE, *words.HOSTILE]

    out = subprocess.run(
        [sys.executable, "-c", JUDGE],
        input=pickle.dumps([data for data, _ in cases]),
        env={"PYTHONPATH": SOURCE},
        capture_output=True,
        check=True,
    ).stdout

    assert json.loads(out) == [reason for _, reason in cases]


def test_child_can_neither_read_write_connect_nor_start_anything() -> None:
    out = subprocess.run(
        [sys.executable, "-c", PROBE], env={"PYTHONPATH": SOURCE}, capture_output=True, check=True
    ).stdout

    found = json.loads(out)
    assert found.pop("user") != 0
    assert set(found.pop("environment")) <= {"PYTHONPATH", "LC_CTYPE"}
    assert "done" not in found.values(), found


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import signal; signal.pause()", "too_heavy"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "too_heavy"),
        ("import os; os.abort()", "crashed"),
        ("import sys; sys.stdin.buffer.read(); sys.exit(3)", "crashed"),
        ("print('<html>')", "crashed"),
        ("print('{}')", "crashed"),
        ("import sys\nwhile True: sys.stdout.buffer.write(b'x' * 1000000)", "too_heavy"),
        (
            "import resource, signal\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
            "too_heavy",
        ),
    ],
    ids=["hangs", "is killed", "aborts", "ends early", "answers html", "answers nothing", "floods", "burns"],
)
def test_child_that_misbehaves_means_refused(program: str, reason: str) -> None:
    command = (sys.executable, "-c", program)

    with pytest.raises(Refused) as refused:
        reader.read_safely(files.jpeg(1500, 1500), request=REQUEST, wall_seconds=4, command=command)

    assert refused.value.reason == reason


def test_bomb_is_stopped_by_the_limit_on_work() -> None:
    with pytest.raises(Refused) as refused:
        reader.read_safely(files.pdf_that_never_ends(), request=REQUEST, command=_limited("CPU_SECONDS = 2"))

    assert refused.value.reason == "too_heavy"


def test_bomb_is_stopped_by_the_limit_on_memory() -> None:
    bomb = files.saved(Image.new("RGB", (7000, 7000)), "PNG")

    with pytest.raises(Refused) as refused:
        reader.read_safely(bomb, request=REQUEST, command=_limited("MEMORY = 300 << 20"))

    assert refused.value.reason == "too_heavy"


def test_pdf_that_unpacks_to_a_hundred_megabytes_does_no_harm() -> None:
    bomb = files.pdf(content=b" " * 100_000_000)

    assert len(bomb) < 100_000
    assert reader.read_safely(bomb, request=REQUEST).kind == "pdf"


@pytest.mark.parametrize(
    "answer",
    [
        b'{"reason": "no such reason", "sentence": "x"}\n',
        b'{"reason": "crashed", "sentence": "' + b"x" * 500 + b'"}\n',
        ANSWER % (b"exe", b"null", b""),
        ANSWER % (b"image", b"null", b""),
        ANSWER % (b"word", b'""', b""),
        ANSWER % (b"word", b'"text"', b"[1, 9, 9, 5]") + PAGE,
        ANSWER % (b"image", b"null", b"[1, 9, 9, 6]") + b"<html>",
        ANSWER % (b"image", b"null", b"[1, 9, 9, 60]") + PAGE,
        ANSWER % (b"image", b"null", b"[7, 9, 9, 5]") + PAGE,
        ANSWER % (b"image", b"null", b"[1, 9000, 9, 5]") + PAGE,
        ANSWER % (b"image", b"null", b'["1", 9, 9, 5]') + PAGE,
        ANSWER % (b"image", b"null", b"[1, 9, 9, 5]") + PAGE + b"and more",
        b"[" * 100_000,
        b"[]\n",
        b"",
    ],
    ids=files.short,
)
def test_answer_that_our_code_never_gives_is_garbled(answer: bytes) -> None:
    with pytest.raises(wire.Garbled):
        wire.unpack_answer(answer, limits=Limits())


def test_web_process_loads_no_parser() -> None:
    probe = (
        "import django, sys; django.setup()\n"
        "import yincai.documents.actions, yincai.documents.queries, yincai.documents.permissions\n"
        "import yincai.documents.serving, yincai.documents.tasks\n"
        "ours = {f'yincai.documents.pipeline.{name}' for name in ('images', 'photo', 'pdfs', 'word')}\n"
        "print(sorted((ours | {'pypdfium2', 'docx', 'pi_heif'}) & set(sys.modules)))"
    )

    out = subprocess.run(
        [sys.executable, "-c", probe],
        env=os.environ | {"PYTHONPATH": SOURCE, "DJANGO_SETTINGS_MODULE": "yincai.settings"},
        capture_output=True,
        check=True,
    ).stdout

    assert out.strip() == b"[]"


def _limited(line: str) -> tuple[str, ...]:
    """The child with one of its limits set lower."""
    program = (
        f"from yincai.documents.pipeline import confinement; confinement.{line}\n"
        "import runpy; runpy.run_module('yincai.documents.pipeline', run_name='__main__')"
    )
    return sys.executable, "-W", "ignore", "-c", program
