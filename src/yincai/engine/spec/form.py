"""What is asked of an applicant: sections, fields, materials."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from yincai.engine.expressions import Expression
from yincai.engine.kinds import Bound, Kind


class MaterialForm(StrEnum):
    """In which form the authority wants a material; the YAML word is what people read."""

    ORIGINAL = "原件"
    COPY = "复印件"
    EITHER = "原件或复印件"
    BOTH = "原件及复印件"


class Accept(StrEnum):
    """What kind of file may be uploaded for a material."""

    IMAGE = "image"
    PDF = "pdf"
    WORD = "word"


class Mask(StrEnum):
    """How a value is shortened where the whole of it must not be read."""

    NAME = "name"
    IDENTITY = "identity"
    PHONE = "phone"


APPLICANT: Final = "applicant"
"""In a field's ``prefill``: what is known of the account that applies."""


ARRIVAL: Final = "arrival"
"""In a field's ``prefill``: what was chosen in the channel by which the applicant came."""


@dataclass(frozen=True, slots=True)
class RadioOption:
    """One answer of a radio field."""

    code: str
    label: str
    hint: str = ""


class Concerns(StrEnum):
    """Whose document a material is."""

    APPLICANT = "applicant"
    SPOUSE = "spouse"


@dataclass(frozen=True, slots=True)
class Material:
    """A document that an applicant hands in. Its slot is its name; of a row ``<rows>.<row id>.<name>``.

    ``concerns``: whose document it is, where not the applicant's own; that person may be asked to upload it.
    """

    name: str
    title: str
    form: MaterialForm
    required: bool | Expression = False
    visible: Expression | None = None
    accept: tuple[Accept, ...] = (Accept.IMAGE, Accept.PDF)
    max_files: int = 1
    hint: str = ""
    types: tuple[str, ...] = ()
    """What of the code list `library_documents` it may be, the usual one first; empty: anything."""
    concerns: Concerns = Concerns.APPLICANT


@dataclass(frozen=True, slots=True)
class Field:
    """One question. Which attributes mean something depends on ``kind``.

    ``choice`` and ``branch`` are set on fields of an either/or block: the field shows when the radio field
    named ``choice`` holds ``branch`` (already part of ``visible``). The radio field has ``is_choice``.
    ``rows`` holds the columns of kind rows; ``documents`` the materials that each row asks for.
    """

    name: str
    kind: Kind
    label: str
    hint: str = ""
    required: bool | Expression = False
    visible: Expression | None = None
    personal: bool = True
    placeholder: str = ""
    autocomplete: str = ""
    options: tuple[RadioOption, ...] = ()
    code_list: str = ""
    codes: tuple[str, ...] = ()
    max_length: int = 0
    min: Bound | None = None
    max: Bound | None = None
    decimals: int = 0
    unit: str = ""
    mobile: bool = False
    document_types: tuple[str, ...] = ()
    birth_date_field: str = ""
    sex_field: str = ""
    rows: tuple[Field, ...] = ()
    documents: tuple[Material, ...] = ()
    min_rows: int = 0
    max_rows: int = 50
    is_choice: bool = False
    choice: str = ""
    branch: str = ""
    prefill: str = ""
    """What answers it before anybody is asked: a part of a document beside it, or of the applicant."""

    def column(self, name: str) -> Field:
        """Return the column of a rows field; ``KeyError`` when there is none."""
        return by_name(self.rows, name)


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form; ``fields`` is flat: an either/or block is a radio field, then its fields."""

    name: str
    title: str
    fields: tuple[Field, ...]
    hint: str = ""
    visible: Expression | None = None

    def field(self, name: str) -> Field:
        """Return the field of that name; ``KeyError`` when the section has none."""
        return by_name(self.fields, name)


class _Named(Protocol):
    @property
    def name(self) -> str: ...


NamedT = TypeVar("NamedT", bound=_Named)


def by_name(items: tuple[NamedT, ...], name: str) -> NamedT:
    """Return the first item of that name; ``KeyError`` when there is none."""
    for item in items:
        if item.name == name:
            return item
    raise KeyError(name)
