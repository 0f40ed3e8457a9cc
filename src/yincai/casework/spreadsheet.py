"""Cases as lines of a spreadsheet: every cell a text, so that nothing in it is ever worked out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from yincai.casework.models import Case, Round
from yincai.casework.sealing import answers_of
from yincai.engine.retention import Kept
from yincai.foundation import clock
from yincai.foundation.masking import mask_identity, mask_name, mask_phone
from yincai.programmes import queries as programmes

COLUMNS = (
    ("受理编号", 24),
    ("事项", 24),
    ("类别", 16),
    ("环节", 24),
    ("申请人", 16),
    ("证件号码", 24),
    ("手机号", 18),
    ("提交时间", 18),
    ("办理时限", 18),
    ("办结时间", 18),
    ("第几次提交", 12),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def exports_kept_since() -> datetime:
    """What was made before this moment is kept no longer."""
    return programmes.retention().rules[Kept.EXPORT].period.before(clock.now())


class Sheet:
    """A spreadsheet that grows by batches of cases; kept in memory, so that nothing lies open on a disk."""

    def __init__(self, *, whole_numbers: bool) -> None:
        self.rows = 0
        self._whole = whole_numbers
        self._file = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self._book = xlsxwriter.Workbook(self._file, options)
        self._sheet = self._book.add_worksheet("申请")
        self._text = self._book.add_format({"num_format": "@"})
        self._quoted = self._book.add_format({"num_format": "@", "quote_prefix": True})
        bold = self._book.add_format({"bold": True, "num_format": "@"})
        for column, (title, width) in enumerate(COLUMNS):
            self._sheet.set_column(column, column, width, self._text)
            self._sheet.write_string(0, column, title, bold)
        self._sheet.freeze_panes(1, 1)

    def add(self, cases: Sequence[Case]) -> None:
        """A line for each case, from its newest frozen round; one query for all of them."""
        rounds = Round.objects.filter(case__in=cases).order_by("case_id", "-number").distinct("case_id")
        newest = {one.case_id: one for one in rounds}
        for case in cases:
            self.rows += 1
            for column, text in enumerate(self._line(case, newest.get(case.id))):
                self._cell(self.rows, column, text)

    def finished(self) -> bytes:
        """The file.  Nothing can be added afterwards."""
        self._sheet.autofilter(0, 0, max(self.rows, 1), len(COLUMNS) - 1)
        self._book.close()
        return self._file.getvalue()

    def _line(self, case: Case, frozen: Round | None) -> list[str]:
        spec = programmes.version(case.publication_id).programme
        values: dict[str, Any] = answers_of(case, frozen) if frozen else {}
        who = spec.identity
        document = values.get(who.document) or {}
        name, number = str(values.get(who.name) or ""), str(document.get("number") or "")
        phone = str(values.get(who.phone) or "")
        if not self._whole:
            name, number, phone = mask_name(name), mask_identity(number), mask_phone(phone)
        return [
            case.reference or "",
            spec.title,
            spec.variant(case.variant).title if case.variant else "",
            spec.workflow.state(case.state).title,
            name,
            number,
            phone,
            _moment(case.submitted_at),
            _moment(case.due_at),
            _moment(case.ended_at),
            str(case.round_number),
        ]

    def _cell(self, row: int, column: int, text: str) -> None:
        """Always a string; what looks like a formula is also marked as text, so that editing keeps it one."""
        style = self._quoted if text.startswith(FORMULA) else self._text
        self._sheet.write_string(row, column, text, style)


def _moment(at: datetime | None) -> str:
    return clock.local(at).strftime("%Y-%m-%d %H:%M") if at else ""
