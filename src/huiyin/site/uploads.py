"""Takes uploads in memory, whatever their size: a file put aside on the disk would lie there readable.

Of a file that is too large only as much is kept as tells that it is; of one request no more than all that
can be taken together.
"""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from huiyin.registry.attachments import MOST_BYTES, MOST_FILES

TOGETHER = (MOST_BYTES + 1) * (MOST_FILES + 1)  # bytes of one request


class InMemory(FileUploadHandler):
    """The only upload handler there is (settings.FILE_UPLOAD_HANDLERS)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._left = TOGETHER

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin one file."""
        super().new_file(*args, **kwargs)
        self._kept = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's signature
        """Keep what has room; nothing is passed on to another handler."""
        room = max(0, min(MOST_BYTES + 1 - self._kept.tell(), self._left))
        self._left -= self._kept.write(raw_data[:room])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file as a form takes it. `file_size`: what was sent, which may be more than was kept."""
        size = self._kept.tell()
        self._kept.seek(0)
        return InMemoryUploadedFile(
            file=self._kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=min(size, file_size),
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
