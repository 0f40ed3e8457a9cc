"""Where a missing answer is mended: the address behind each line of a completeness check."""

from __future__ import annotations

from django.urls import reverse

from yincai.casework.vocabulary import CaseView
from yincai.engine.forms import MATERIALS, Missing
from yincai.engine.kinds import Kind
from yincai.engine.spec import Programme
from yincai.look.form_state import input_id


def place_of_missing(case: CaseView, missing: Missing) -> str:
    """The page and the input where this is put right: the form, or the table of materials."""
    if missing.section == MATERIALS or is_upload(case.spec, missing.path):
        return f"{reverse('portal:materials', args=[case.id])}#slot-{missing.path.replace('.', '-')}"
    return f"{reverse('portal:form', args=[case.id, missing.section])}#{input_id(missing.path)}"


def is_upload(programme: Programme, path: str) -> bool:
    """Whether a path names a place for documents rather than an input."""
    fields = {field.name: field for section in programme.sections for field in section.fields}
    name, _, rest = path.partition(".")
    field = fields.get(name)
    if field is None:
        return False
    return field.kind is Kind.PHOTO or rest.rpartition(".")[2] in {one.name for one in field.documents}
