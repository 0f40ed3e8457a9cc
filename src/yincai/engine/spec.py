"""The shape of a programme, as the loader hands it out: immutable, no behaviour of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar

from yincai.engine.expressions import Expression, Truth
from yincai.engine.kinds import Bound, Kind
from yincai.engine.patterns import Pattern, Template
from yincai.engine.rules import Rule
from yincai.engine.workflow import Workflow

ROUTES: Final = ("city", "elsewhere")
"""Where the people of an organisation go, other than to a district."""


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


class ExclusivityKind(StrEnum):
    """Among which cases a person may have one live case only."""

    PROGRAMME = "programme"
    VARIANT = "variant"
    GROUP = "group"
    NONE = "none"


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


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the things that can be applied for under a programme (a card type).

    ``offered`` False: nobody can begin one now. ``regions`` names the code field whose codes are the regions
    that offer it; empty when every region does.  Who holds a card in force of one of
    ``not_for_holders_of`` does not get one.
    """

    code: str
    title: str
    summary: str = ""
    conditions: tuple[str, ...] = ()
    offered: bool = True
    regions: str = ""
    not_for_holders_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusivity:
    """Among which cases one person has one live case; ``group`` is the name shared by several programmes."""

    kind: ExclusivityKind
    group: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which fields of the form say who the applicant is. Empty when the form does not ask."""

    document: str
    name: str
    phone: str = ""
    photo: str = ""


STANDARD: Final = "standard"
"""The layout of a paper that the platform brings along."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Which fields of the form say where news of a case goes; empty: to the account's own."""

    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of a case: layouts (a ``.typ`` file beside, or ``standard``); empty: there is none."""

    form: str = ""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the people of a named organisation go: `to` is ``city``, ``district`` (of this code),
    ``elsewhere``, ``unknown`` or, of several records that differ, ``several``."""

    to: str
    district: str = ""

    @property
    def key(self) -> str:
        """By what a programme names its office; empty where no record decides."""
        return self.district if self.to == "district" else self.to if self.to in ROUTES else ""


@dataclass(frozen=True, slots=True)
class Decided:
    """The office of a case, and the word for what decided it."""

    office: str
    rule: str


@dataclass(frozen=True, slots=True)
class OfficeRule:
    """Which office of the place handles a case: by the answer to the question ``by``, else ``otherwise``.

    ``by_route``: the question names an organisation, and the keys of ``by_answer`` are where its people go:
    ``city``, ``elsewhere`` or the code of a district.
    All empty: the case belongs to no office, and every holder of its roles sees it.
    """

    otherwise: str = ""
    by: str = ""
    by_answer: Mapping[str, str] = field(default_factory=dict)
    by_route: bool = False

    @property
    def is_declared(self) -> bool:
        """Whether cases belong to offices at all."""
        return bool(self.otherwise or self.by)

    def decide(self, answers: Mapping[str, Any], *, destination_of: Callable[[str], Destination]) -> Decided:
        """The office for these answers; ``destination_of`` an organisation, by its name.

        The rule is ``always``, ``answer`` or ``otherwise``, with ``:`` and `Destination.to` behind by an
        organisation.
        """
        if not self.by:
            return Decided(self.otherwise, "always")
        answer, word = str(answers.get(self.by) or ""), ""
        if self.by_route:
            found = destination_of(answer)
            answer, word = found.key, f":{found.to}"
        office = self.by_answer.get(answer, "")
        return Decided(office or self.otherwise, f"{'answer' if office else 'otherwise'}{word}")


@dataclass(frozen=True, slots=True)
class Question:
    """A frequent question with its answer."""

    question: str
    answer: str


COMPLETION: Final = Template("您的“{title}”申请已收到，受理编号为{reference}。办理结果会通知您。")
"""What a resident reads after handing in, where the programme has no words of its own."""


@dataclass(frozen=True, slots=True)
class About:
    """The page that a resident reads before applying."""

    who: str
    minutes: int
    cost: str
    duration: str
    legal_basis: tuple[str, ...]
    next_steps: str = ""
    completion: Template = COMPLETION
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class CardField:
    """One line of the card: ``name`` is the key in the layout's data, ``value`` what is shown."""

    name: str
    label: str
    value: Expression
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """Whose seal the card carries: organisation on the arc, 13-digit code, line under the star."""

    authority: str
    code: str
    line: str


@dataclass(frozen=True, slots=True)
class Card:
    """What is issued at the end. ``validity_years`` None means without end."""

    kind: str
    title: str
    number: Pattern
    fields: tuple[CardField, ...]
    validity_years: int | None
    layout: str
    seal: Seal


@dataclass(frozen=True, slots=True)
class Message:
    """What a person is told when ``event`` happens. A way without a text is not used."""

    event: str
    inbox_title: Template | None = None
    inbox_body: Template | None = None
    sms: Template | None = None
    email_subject: Template | None = None
    email_body: Template | None = None


@dataclass(frozen=True, slots=True)
class LegalCase:
    """A case of ``tests.yaml``: facts on a day and what must follow. Readable by a lawyer."""

    title: str
    line: int
    on: str
    answers: Mapping[str, Any]
    documents: Mapping[str, int]
    variant: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] | None = None
    visible: Mapping[str, bool] = field(default_factory=dict)


ASSURANCES: Final = ("registered", "sms_verified", "real_name", "face")
"""How surely the owner of an account may be known, weakest first."""


@dataclass(frozen=True, slots=True)
class AssuranceNeeds:
    """How surely an applicant must be known to open a draft, to submit, and to take their card."""

    open: str = "registered"
    submit: str = "registered"
    card: str = "registered"


@dataclass(frozen=True, slots=True)
class Programme:
    """One immutable programme. ``files`` is its source text, ``content_hash`` the SHA-256 of that."""

    place: str
    name: str
    title: str
    summary: str
    variants: tuple[Variant, ...]
    reference: Pattern
    exclusivity: Exclusivity
    identity: Identity
    about: About
    declaration: str
    sections: tuple[Section, ...]
    materials: tuple[Material, ...]
    rules: tuple[Rule, ...]
    workflow: Workflow
    card: Card
    messages: tuple[Message, ...]
    tests: tuple[LegalCase, ...]
    files: Mapping[str, str] = field(repr=False)
    content_hash: str
    office: OfficeRule = OfficeRule()
    contact: Contact = Contact()
    papers: Papers = Papers()
    assurance: AssuranceNeeds = AssuranceNeeds()
    _fields: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        fields = {item.name: item for section in self.sections for item in section.fields}
        object.__setattr__(self, "_fields", MappingProxyType(fields))

    def section(self, name: str) -> Section:
        """Return the section of that name; ``KeyError`` when there is none."""
        return by_name(self.sections, name)

    def field(self, name: str) -> Field:
        """Return the field of that name, whichever section holds it; ``KeyError`` when there is none."""
        return self._fields[name]

    def regions_of(self, variant: Variant) -> tuple[str, ...]:
        """Return the codes of the regions that offer a variant; empty when every region does."""
        return self.field(variant.regions).codes if variant.regions else ()

    def documents_asked(self, variant: str) -> int:
        """Return how many rows of documents a case of this variant may have: materials and photographs."""
        shown = [one.visible for one in self.materials]
        shown += [one.visible for one in self._fields.values() if one.kind is Kind.PHOTO]
        return sum(_may_show(condition, variant) for condition in shown)

    def variant(self, code: str) -> Variant:
        """Return the variant with that code; ``KeyError`` when there is none."""
        for variant in self.variants:
            if variant.code == code:
                return variant
        raise KeyError(code)

    def message(self, event: str) -> Message | None:
        """Return what is told on an event, or None when nobody is told."""
        return next((message for message in self.messages if message.event == event), None)


def _may_show(visible: Expression | None, variant: str) -> bool:
    """Whether something may come to show for this variant, whatever is answered."""
    return visible is None or visible.truth({"variant": variant}) is not Truth.FALSE


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
