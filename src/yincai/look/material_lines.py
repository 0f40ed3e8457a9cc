"""What the table of materials is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yincai.casework.vocabulary import MaterialView
from yincai.documents.vocabulary import DocumentView, LibraryEntryView
from yincai.engine.spec import Material


@dataclass(frozen=True)
class MaterialLine:
    """One row of the table of materials."""

    number: int
    slot: str
    material: Material
    needed: bool
    files: Sequence[tuple[MaterialView, DocumentView]]
    offers: Sequence[LibraryEntryView] = ()
    open: bool = True
    asked: str = ""
    left_out: Sequence[tuple[MaterialView, DocumentView]] = ()
    submitted: int = 0
    """Up to which round a document was handed in: in a correction a new one takes its place."""

    @property
    def full(self) -> bool:
        """Whether nothing more may be put here."""
        fresh = [file for file, _ in self.files if file.round_number > self.submitted]
        return len(self.files) >= self.material.max_files and len(fresh) == len(self.files)
