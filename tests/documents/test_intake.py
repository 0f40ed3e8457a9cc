from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory, override_settings

from tests.documents import files
from yincai.documents import actions
from yincai.documents.intake import KEPT
from yincai.documents.storage import DurableFiles
from yincai.documents.vocabulary import UploadRefused
from yincai.ledger.vocabulary import Actor


@pytest.mark.parametrize("size", [10, 3_000_000, KEPT + 3_000_000])
def test_upload_of_any_size_stays_in_memory_and_knows_its_size(size: int, tmp_path: Path) -> None:
    with override_settings(FILE_UPLOAD_TEMP_DIR=str(tmp_path)):
        arrived = _post(bytes(size))

    assert isinstance(arrived, InMemoryUploadedFile)
    assert arrived.size == size
    assert len(arrived.read()) <= KEPT + arrived.DEFAULT_CHUNK_SIZE * 4
    assert list(tmp_path.iterdir()) == []


def test_file_beyond_what_is_kept_is_refused_with_its_true_size(applicant: Actor) -> None:
    arrived = _post(bytes(KEPT + 3_000_000))

    with pytest.raises(UploadRefused, match="文件有 12.9 MB，超过了 10 MB 的上限"):
        actions.store_upload(arrived, actor=applicant, owner=applicant.id)


def test_posted_file_arrives_whole() -> None:
    assert _post(files.jpeg()).read() == files.jpeg()


def test_storage_leaves_nothing_half_written_under_a_final_name(tmp_path: Path) -> None:
    class Torn(ContentFile):
        """A file whose end cannot be read."""

        def chunks(self, chunk_size: int | None = None):  # type: ignore[no-untyped-def]
            yield b"the beginning"
            raise OSError("torn")

    storage = DurableFiles(location=tmp_path)

    with pytest.raises(OSError, match="torn"):
        storage.save("20260101/a", Torn(b"x"))

    assert [path.name for path in (tmp_path / "20260101").iterdir()] == ["a.part"]
    assert not storage.exists("20260101/a")


def _post(data: bytes) -> InMemoryUploadedFile:
    """What a view finds in `request.FILES` after a browser's form."""
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("证件.jpg", data, "image/jpeg")})
    return request.FILES["file"]
