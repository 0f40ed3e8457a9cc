"""Forms: what shows, what must be answered, what a posted section holds, and what is still missing."""

from __future__ import annotations

from yincai.engine.forms.cleaning import ROW_ID, Cleaned, as_posted, clean_section
from yincai.engine.forms.completeness import MATERIALS, Missing, missing
from yincai.engine.forms.prefill import applicant_asked, arrival_asked, fill_in, is_told
from yincai.engine.forms.rich_text import (
    TooIntricate,
    as_lines,
    clean_rich_text,
    count_characters,
    is_markup,
    one_block_a_line,
)
from yincai.engine.forms.visibility import (
    Need,
    effective_values,
    is_required,
    needed_documents,
    needed_materials,
    row_slot,
    shows_path,
    visible_columns,
    visible_fields,
    visible_sections,
    with_context,
)
from yincai.foundation.errors import Problem

__all__ = [
    "MATERIALS",
    "ROW_ID",
    "Cleaned",
    "Missing",
    "Need",
    "Problem",
    "TooIntricate",
    "applicant_asked",
    "arrival_asked",
    "as_lines",
    "as_posted",
    "clean_rich_text",
    "clean_section",
    "count_characters",
    "effective_values",
    "fill_in",
    "is_markup",
    "is_required",
    "is_told",
    "missing",
    "needed_documents",
    "needed_materials",
    "one_block_a_line",
    "row_slot",
    "shows_path",
    "visible_columns",
    "visible_fields",
    "visible_sections",
    "with_context",
]
