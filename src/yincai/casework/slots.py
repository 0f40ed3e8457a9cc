"""Which documents a case asks for: the programme's materials, those of each row, and photographs in the
form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yincai.documents.vocabulary import KINDS
from yincai.documents.vocabulary import Kind as FileKind
from yincai.engine import forms
from yincai.engine.kinds import Kind
from yincai.engine.spec import Accept, Material, MaterialForm, Programme
from yincai.foundation.errors import NotFound


@dataclass(frozen=True)
class Slot:
    """One place for documents: `name` is what an upload is filed under."""

    name: str
    material: Material
    needed: bool

    @property
    def title(self) -> str:
        """The material's name as the table shows it."""
        return self.material.title


def slot_of(programme: Programme, slot: str) -> Material:
    """The material behind a slot name; `NotFound` when the programme asks for no such thing."""
    for material in programme.materials:
        if material.name == slot:
            return material
    parts = slot.split(".")
    for section in programme.sections:
        for field in section.fields:
            if field.kind is Kind.PHOTO and field.name == slot:
                return _photo(field.name, field.label)
            if field.kind is Kind.ROWS and len(parts) == 3 and parts[0] == field.name:
                for material in field.documents:
                    if material.name == parts[2]:
                        return material
    raise NotFound("这个事项不需要这份材料。请返回材料列表重新选择。")


def kinds_of(declared: Material) -> list[FileKind]:
    """The kinds of file that a declared material accepts, in the words of `documents`."""
    return [kind for kind in KINDS if kind in {one.value for one in declared.accept}]


def is_photo(programme: Programme, slot: str) -> bool:
    """Whether the slot is a photograph of the form rather than a document."""
    return any(
        field.kind is Kind.PHOTO and field.name == slot
        for section in programme.sections
        for field in section.fields
    )


def slots_of(programme: Programme, facts: Mapping[str, Any]) -> list[Slot]:
    """Every slot that shows for these facts, in the programme's order: photographs, materials, those of
    rows."""
    fields = [
        one
        for section in forms.visible_sections(programme, facts)
        for one in forms.visible_fields(section, facts)
    ]
    photos = [
        Slot(one.name, _photo(one.name, one.label), forms.is_required(one, facts))
        for one in fields
        if one.kind is Kind.PHOTO
    ]
    materials = [
        Slot(need.material.name, need.material, need.required)
        for need in forms.needed_materials(programme, facts)
    ]
    rows = [
        Slot(need.slot, need.material, need.required)
        for one in fields
        for row in (facts.get(one.name) or [] if one.documents else [])
        for need in forms.needed_documents(one, row, facts)
    ]
    return photos + materials + rows


def _photo(name: str, label: str) -> Material:
    return Material(name=name, title=label, form=MaterialForm.ORIGINAL, accept=(Accept.IMAGE,), max_files=1)
