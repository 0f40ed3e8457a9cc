from __future__ import annotations

import copy
import errno
import socket
import struct
import threading
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.base import File
from django.test import override_settings

from tests.documents import files
from tests.documents.conftest import Upload
from tests.documents.jobs import run_erasures
from yincai.documents import inspection, queries, tasks
from yincai.documents.inspection import inspect_document
from yincai.documents.malware import ScannerAway
from yincai.documents.models import Page
from yincai.documents.storage import DurableFiles
from yincai.documents.vocabulary import NotYetSafe, State
from yincai.foundation.encryption import CannotDecrypt
from yincai.foundation.errors import NotFound
from yincai.ledger import queries as ledger


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"MZ" + bytes(100), "a.jpg", "mislabelled"),
        (files.pdf_with_attachment(), "a.pdf", "pdf_attachment"),
        (files.old_word(), "a.doc", "word_old"),
        (files.jpeg()[:3000], "a.jpg", "image_broken"),
    ],
    ids=files.short,
)
def test_hostile_upload_is_refused_erased_and_never_shown(
    inspected: Upload, vault_folder: Path, data: bytes, name: str, reason: str
) -> None:
    refused = inspected(data, name)
    run_erasures()

    assert (refused.state, refused.reason_code, refused.pages) == (State.REFUSED, reason, ())
    assert refused.reason.endswith("。")
    assert [path for path in vault_folder.rglob("*") if path.is_file()] == []
    for ask in (lambda: queries.open_page(refused.id, 1), lambda: queries.open_original(refused.id)):
        with pytest.raises(NotYetSafe) as shut:
            ask()
        assert shut.value.sentence == refused.reason
    assert [entry.event for entry in ledger.history(refused.id)] == ["document.received", "document.refused"]


def test_word_file_shows_its_text_and_can_be_downloaded_as_it_was(inspected: Upload) -> None:
    data = files.word(["姓名：李明"])

    safe = inspected(data, "申请表.docx")

    assert (safe.kind, safe.page_count) == ("word", 0)
    assert queries.open_text(safe.id).startswith("姓名：李明")
    assert queries.open_original(safe.id) == (data, queries.DOCX)
    with pytest.raises(NotFound):
        queries.open_page(safe.id, 1)


@pytest.mark.parametrize("data", [files.jpeg(), files.pdf()], ids=["jpeg", "pdf"])
def test_original_of_a_picture_or_pdf_never_leaves(inspected: Upload, data: bytes) -> None:
    with pytest.raises(NotFound):
        queries.open_original(inspected(data, "a").id)


def test_inspecting_again_changes_nothing(inspected: Upload, vault_folder: Path) -> None:
    safe = inspected(files.jpeg())
    before = sorted(vault_folder.rglob("*"))

    tasks.inspect(document=str(safe.id))

    assert queries.document(safe.id) == safe
    assert sorted(vault_folder.rglob("*")) == before
    assert len(ledger.history(safe.id)) == 2


def test_inspecting_what_is_gone_does_nothing(applicant: object) -> None:
    tasks.inspect(document="6f1c2f0e-0000-4000-8000-000000000000")


def test_disk_that_fills_up_between_two_pages_leaves_it_held_and_the_next_attempt_finishes(
    upload: Upload, vault_folder: Path
) -> None:
    held = upload(files.pdf(2))
    full = copy.deepcopy(settings.STORAGES)
    full["documents"]["BACKEND"] = f"{__name__}.DiskWithRoomForOne"

    with override_settings(STORAGES=full), pytest.raises(OSError, match="No space"):
        inspect_document(held.id)
    assert queries.document(held.id).state is State.HELD

    inspect_document(held.id)

    assert queries.document(held.id).page_count == 2


class DiskWithRoomForOne(DurableFiles):
    """A disk that takes one file and then is full."""

    left = 1

    def _save(self, name: str, content: File[bytes]) -> str:
        if not self.left:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.left -= 1
        return super()._save(name, content)


def test_document_that_stops_the_reader_every_time_is_given_up_with_a_sentence(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(data: bytes, **_: object) -> None:
        raise MemoryError

    document = upload(files.jpeg(), "a.jpg")
    monkeypatch.setattr(inspection, "read_safely", dies)

    for _ in range(inspection.MOST_TRIES):
        with pytest.raises(MemoryError):
            inspect_document(document.id)
        assert queries.document(document.id).state == State.HELD
    inspect_document(document.id)

    given_up = queries.document(document.id)
    assert (given_up.state, given_up.reason_code) == (State.REFUSED, "crashed")
    assert given_up.reason.endswith("。")


def test_file_lost_before_inspection_is_refused_with_an_excuse(upload: Upload, vault_folder: Path) -> None:
    held = upload(files.jpeg())
    for path in vault_folder.rglob("*"):
        if path.is_file():
            path.unlink()

    inspect_document(held.id)

    assert queries.document(held.id).reason == "这个文件在保存时丢失了，很抱歉。请再上传一次。"


def test_plain_bytes_lie_nowhere_in_the_storage(inspected: Upload, vault_folder: Path) -> None:
    picture = files.jpeg_with_metadata()
    safe = inspected(picture, "李明的证件.jpg")
    inspected(files.word(["姓名李明"]), "b.docx")
    page, _ = queries.open_page(safe.id, 1)

    stored = [path for path in vault_folder.rglob("*") if path.is_file()]
    kept = b"".join(path.read_bytes() for path in stored)

    assert len(stored) == 3
    # Eight bytes and more: three occur by chance in one of thirty stores.
    heads = (picture[:12], page[:12], b"PK\x03\x04\x14\x00\x00\x00")
    for secret in (files.CANARY, *heads, picture[200:216], page[200:216]):
        assert secret not in kept
    assert all("李明" not in str(path) for path in stored)
    assert all(path.stat().st_mode & 0o077 == 0 for path in stored)


def test_file_altered_or_swapped_on_the_disk_does_not_open(inspected: Upload, vault_folder: Path) -> None:
    first, second = inspected(files.jpeg()), inspected(files.jpeg(800, 600))
    one, two = [_page_file(vault_folder, document.id) for document in (first, second)]
    held = one.read_bytes()

    one.write_bytes(two.read_bytes())
    with pytest.raises(CannotDecrypt):
        queries.open_page(first.id, 1)
    one.write_bytes(held[:-1] + bytes([held[-1] ^ 1]))
    with pytest.raises(CannotDecrypt):
        queries.open_page(first.id, 1)


def test_waiting_ends_when_the_reader_is_done_or_the_time_is_up(upload: Upload) -> None:
    held = upload(files.jpeg())
    assert queries.wait_until_inspected([held.id], timeout=0) == {held.id: (State.HELD, "")}

    inspect_document(held.id)

    assert queries.wait_until_inspected([held.id], timeout=60) == {held.id: (State.SAFE, "")}


@pytest.mark.parametrize(
    ("answer", "state"),
    [(b"stream: OK\0", State.SAFE), (b"stream: Eicar-Test-Signature FOUND\0", State.REFUSED)],
)
def test_scanner_with_a_verdict_decides(upload: Upload, answer: bytes, state: State) -> None:
    held = upload(files.jpeg())

    with _clamd(answer) as (address, heard), override_settings(CLAMAV=address):
        inspect_document(held.id)

    assert queries.document(held.id).state is state
    assert bytes(heard) == files.jpeg()


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK, perhaps\0"])
def test_scanner_without_a_verdict_keeps_the_file_held(upload: Upload, answer: bytes) -> None:
    held = upload(files.jpeg())

    with _clamd(answer) as (address, _), override_settings(CLAMAV=address), pytest.raises(ScannerAway):
        inspect_document(held.id)

    assert queries.document(held.id).state is State.HELD


def test_scanner_that_is_not_there_keeps_the_file_held(upload: Upload, tmp_path: Path) -> None:
    held = upload(files.jpeg())

    for address in (str(tmp_path / "no.sock"), "127.0.0.1:9"):
        with override_settings(CLAMAV=address), pytest.raises(ScannerAway):
            inspect_document(held.id)

    assert queries.document(held.id).state is State.HELD


class _clamd:  # noqa: N801 - used as a function
    """A scanner of our own on a real port: hears one stream, answers as told."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.heard = answer, bytearray()

    def __enter__(self) -> tuple[str, bytearray]:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()
        return f"127.0.0.1:{self.listener.getsockname()[1]}", self.heard

    def __exit__(self, *_: object) -> None:
        self.thread.join()
        self.listener.close()

    def _serve(self) -> None:
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := struct.unpack(">I", stream.read(4))[0]:
                self.heard += stream.read(size)
            connection.sendall(self.answer)


def _page_file(folder: Path, document: UUID) -> Path:
    return folder / Page.objects.get(document=document, number=1).storage_key
