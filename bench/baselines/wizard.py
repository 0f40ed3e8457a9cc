"""The bare whole application: a django-formtools session wizard that stores one JSON column.

Same questions as the Shijiazhuang-style talent card form (about forty fields in five sections, a photograph
and two uploads), checked by Django's own form fields, kept in the session between steps, written once at the
end.  Nothing is encrypted, versioned or recorded: the floor that a whole application is measured against.
"""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpResponse
from formtools.wizard.views import SessionWizardView

TABLE = "bench_wizard_application"
SEXES = [("1", "男"), ("2", "女")]
GROUPS = [(f"{n:02}", f"民族{n:02}") for n in range(1, 57)]
CATEGORIES = [(str(n), f"第({n})类") for n in range(1, 7)]
INDUSTRIES = [(letter, f"行业{letter}") for letter in "ABCDEFGHIJKLMNOPQRST"]


class Person(forms.Form):
    name_zh = forms.CharField(max_length=50)
    name_en = forms.CharField(max_length=100, required=False)
    sex = forms.ChoiceField(choices=SEXES)
    ethnic = forms.ChoiceField(choices=GROUPS)
    birth_date = forms.DateField()
    nationality = forms.CharField(max_length=50)
    residence = forms.CharField(max_length=200)
    education = forms.CharField(max_length=50)
    school_full_time = forms.CharField(max_length=100)
    school_part_time = forms.CharField(max_length=100, required=False)
    category = forms.ChoiceField(choices=CATEGORIES)
    honour = forms.CharField(max_length=100, required=False)
    document_type = forms.ChoiceField(choices=[("111", "居民身份证"), ("414", "普通护照")])
    document_number = forms.RegexField(r"^[0-9]{17}[0-9X]$")
    telephone = forms.CharField(max_length=20, required=False)
    mobile = forms.RegexField(r"^1[3-9]\d{9}$")
    email = forms.EmailField()
    photo = forms.ImageField()


class Introduction(forms.Form):
    kind = forms.ChoiceField(choices=[("rigid", "刚性引进"), ("flexible", "柔性引进"), ("own", "自主培养")])
    term = forms.ChoiceField(choices=[("3", "三至六个月"), ("12", "一年")], required=False)
    former_post = forms.CharField(max_length=100, required=False)
    present_post = forms.CharField(max_length=100, required=False)


class Employer(forms.Form):
    name = forms.CharField(max_length=100)
    address = forms.CharField(max_length=200)
    industry = forms.ChoiceField(choices=INDUSTRIES)
    legal_person = forms.CharField(max_length=50)
    contact = forms.CharField(max_length=50)
    contact_phone = forms.CharField(max_length=20)


class Experience(forms.Form):
    experience = forms.CharField(widget=forms.Textarea, max_length=4000)
    achievements = forms.CharField(widget=forms.Textarea, max_length=4000)


class Household(forms.Form):
    former_place = forms.CharField(max_length=100)
    former_address = forms.CharField(max_length=200)
    new_place = forms.CharField(max_length=100, required=False)
    new_address = forms.CharField(max_length=200, required=False)
    member_name = forms.CharField(max_length=50)
    member_number = forms.RegexField(r"^[0-9]{17}[0-9X]$")
    member_relation = forms.CharField(max_length=20)
    identity_file = forms.ImageField()
    degree_file = forms.ImageField()


class Wizard(SessionWizardView):
    """Five steps; the answers wait in the session, the files in a folder."""

    form_list = [
        ("person", Person),
        ("introduction", Introduction),
        ("employer", Employer),
        ("experience", Experience),
        ("household", Household),
    ]
    template_name = "wizard.html"
    file_storage = FileSystemStorage()

    def done(self, form_list: list[forms.Form], **kwargs: Any) -> HttpResponse:
        data: dict[str, Any] = {}
        for form in form_list:
            for name, value in form.cleaned_data.items():
                data[name] = _kept(value) if isinstance(value, UploadedFile) else str(value)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {TABLE} (data) VALUES (%s) RETURNING id", [json.dumps(data)])  # noqa: S608
            reference = cursor.fetchone()[0]
        return HttpResponse(f"<p>受理编号 {reference}</p>")


def _kept(upload: UploadedFile) -> str:
    """The name under which the file stays: the wizard removes its own copy when it is done."""
    return default_storage.save(f"applications/{upload.name}", upload)


TEMPLATE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>申请表</title>
<form method="post" enctype="multipart/form-data">{% csrf_token %}{{ wizard.management_form }}
{{ wizard.form.as_div }}<button>下一步</button></form></html>"""
