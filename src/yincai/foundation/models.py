"""The one table of the foundation: days that differ from Monday to Friday, or are named holidays."""

from __future__ import annotations

from django.db import models


class CalendarDay(models.Model):
    """Whether one day is worked, and who says so.  A year with any row counts as published."""

    date = models.DateField("日期", primary_key=True)
    is_working = models.BooleanField("上班")
    source = models.CharField("依据", max_length=200)
    note = models.CharField("说明", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "日历"
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.date} {'上班' if self.is_working else '休息'} {self.note}".rstrip()
