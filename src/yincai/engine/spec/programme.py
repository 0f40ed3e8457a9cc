"""A programme as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from yincai.engine.expressions import Expression, Truth
from yincai.engine.kinds import Kind
from yincai.engine.patterns import Pattern, Template
from yincai.engine.rules import Rule
from yincai.engine.spec.form import Field, Material, Section, by_name
from yincai.engine.spec.offices import OfficeRule
from yincai.engine.spec.outcome import Card, Contact, Message, Papers
from yincai.engine.workflow import Workflow


class ExclusivityKind(StrEnum):
    """Among which cases a person may have one live case only."""

    PROGRAMME = "programme"
    VARIANT = "variant"
    GROUP = "group"
    NONE = "none"


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
