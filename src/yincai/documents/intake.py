"""The way of an upload through the web process: memory only, so that no plain bytes ever touch a disk."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from yincai.documents.vocabulary import UPLOAD_LIMIT

KEPT = UPLOAD_LIMIT + 1  # enough to see that a file is too large; how large a request is, `ops.budget` bounds


class MemoryOnlyUploads(FileUploadHandler):
    """Keeps a file in memory up to `KEPT` bytes; of a larger one it only counts the size.

    The larger one arrives as a file that says its true size and holds its beginning, so that the person is
    told the size and the limit instead of seeing a broken connection.
    """

    chunk_size = 256 * 1024

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin the next file of the request."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # Django's own positional list, passed on
        self._kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the next bytes, or let them go once there are too many."""
        if self._kept.tell() < KEPT:
            self._kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The finished file."""
        self._kept.seek(0)
        return InMemoryUploadedFile(
            self._kept,
            self.field_name,
            self.file_name,
            self.content_type or "",
            file_size,
            self.charset,
            self.content_type_extra,
        )
