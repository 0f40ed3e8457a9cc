"""The bare page of a form and its save: one Django view, one form, one template, one row written.

It does what our page does for its reader: the person signed in, their application, the newest state of every
section (已完成 or 待填写), the photograph, the counts of the menu, the unread messages.  Plain JSON.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from bench.baselines import choices
from bench.baselines.models import Application, Message, SectionState, Upload

SECTIONS = {
    "person": "个人基本信息",
    "contact": "联系方式",
    "introduction": "引进人才或自主培养",
    "employer": "用人单位情况",
    "experience": "学习工作经历和成果",
    "household": "户口登记地址和家庭成员",
}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class PersonForm(forms.Form):
    """The questions of the first section; a draft may leave any of them empty."""

    use_required_attribute = False

    name_zh = forms.CharField(max_length=50, required=False)
    name_en = forms.CharField(max_length=100, required=False)
    document_type = forms.ChoiceField(choices=choices.DOCUMENT_TYPES, required=False)
    document_number = forms.CharField(max_length=40, required=False)
    sex = forms.ChoiceField(choices=choices.SEXES, required=False)
    ethnic = forms.ChoiceField(choices=choices.ETHNIC, required=False)
    birth_date = forms.DateField(required=False)
    origin = forms.CharField(max_length=100, required=False)
    residence = forms.CharField(max_length=200, required=False)
    education = forms.CharField(max_length=50, required=False)
    school_full_time = forms.CharField(max_length=150, required=False)
    school_part_time = forms.CharField(max_length=150, required=False)
    category = forms.ChoiceField(choices=[one[:2] for one in choices.CATEGORIES], required=False)
    honour = forms.CharField(max_length=100, required=False)

    def clean_document_number(self) -> str:
        """A number with its check digit (GB 11643-1999)."""
        number: str = self.cleaned_data["document_number"]
        if self.cleaned_data.get("document_type") == "111" and number:
            if len(number) != 18 or not number[:17].isdigit():
                raise forms.ValidationError("身份证号码应为 18 位。")
            total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
            if "10X98765432"[total % 11] != number[17]:
                raise forms.ValidationError("身份证号码的校验位不对。")
        return number

    def clean_birth_date(self) -> str:
        """A day that is past."""
        born = self.cleaned_data["birth_date"]
        if born and born > timezone.localdate():
            raise forms.ValidationError("出生日期不能晚于今天。")
        return born.isoformat() if born else ""


@login_required
def section(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Show or save the section."""
    if request.method == "POST":
        return _save(request, pk, name)
    application = get_object_or_404(Application, pk=pk, owner=request.user)
    stored = _newest(application)
    return _draw(request, application, name, stored, stored[name].data if name in stored else {}, {})


def materials(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where the last section leads; never drawn here."""
    return HttpResponse()


def _save(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    form = PersonForm(request.POST)
    with transaction.atomic():
        application = get_object_or_404(Application.objects.select_for_update(), pk=pk, owner=request.user)
        stored = _newest(application)
        revision = stored[name].revision if name in stored else 0
        if str(revision) != request.POST["_revision"]:
            return _draw(request, application, name, stored, request.POST.dict(), {}, status=409)
        if not form.is_valid():
            return _draw(request, application, name, stored, request.POST.dict(), form.errors, status=422)
        SectionState.objects.create(
            application=application, section=name, revision=revision + 1, data=form.cleaned_data
        )
    names = list(SECTIONS)
    following = names[names.index(name) + 1]
    return HttpResponseRedirect(f"/applications/{pk}/form/{following}/")


def _newest(application: Application) -> dict[str, SectionState]:
    rows = SectionState.objects.filter(application=application)
    return {row.section: row for row in rows.order_by("section", "-revision").distinct("section")}


def _draw(
    request: HttpRequest,
    application: Application,
    name: str,
    stored: dict[str, SectionState],
    values: Any,
    problems: Any,
    *,
    status: int = 200,
) -> HttpResponse:
    counts = Application.objects.filter(owner=request.user).values_list("state").annotate(Count("id"))
    return render(
        request,
        "section.html",
        {
            "application": application,
            "name": name,
            "title": SECTIONS[name],
            "sections": [(one, title, one in stored) for one, title in SECTIONS.items()],
            "values": values,
            "problems": problems,
            "revision": stored[name].revision if name in stored else 0,
            "saved_at": stored[name].saved_at if name in stored else None,
            "counts": dict(counts),
            "photo": Upload.objects.filter(application=application, slot="photo").last(),
            "unread": Message.objects.filter(owner=request.user, read_at__isnull=True).count(),
            "today": timezone.localdate(),
            "choices": choices,
        },
        status=status,
    )
