"""The bare side: one whole application through the wizard, every request that a browser sends."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.wsgi import get_wsgi_application

from bench import resident
from bench.browser import Browser, UnexpectedAnswer
from bench.resident import ACHIEVEMENTS, CONTACT, EMPLOYER, HISTORY, MEMBER_NUMBER, PERSON
from bench.sample import Sample, folder_bytes, total
from bench.web import meter, take

ADDRESS = "/apply/"


def application(count: int) -> Sample:
    """First page, five steps with a photograph and two uploads, the number."""
    wsgi, files = get_wsgi_application(), Path(settings.MEDIA_ROOT)
    before = folder_bytes(files)
    samples = []
    for _ in range(count):
        browser = Browser(wsgi, csrf_cookie=settings.CSRF_COOKIE_NAME)
        with meter() as database:
            _apply(browser)
        samples.append(take(browser, database))
    return total([*samples, Sample(cpu=0.0, files=folder_bytes(files) - before)]).each(count)


def _apply(browser: Browser) -> None:
    browser.get(ADDRESS)
    for name, answers, files in _steps():
        fields = {f"{name}-{field}": value for field, value in answers.items()}
        uploads = {f"{name}-{field}": upload for field, upload in files.items()}
        sent = {"wizard-current_step": name, **fields}
        answer = browser.upload(ADDRESS, sent, uploads, wanted=200)
    if "受理编号" not in answer.body.decode():
        raise UnexpectedAnswer(f"the wizard did not finish: {answer.body.decode()[:3000]}")


def _steps() -> list[tuple[str, dict[str, str], dict[str, SimpleUploadedFile]]]:
    person = {
        **PERSON,
        "nationality": "中国 河北",
        "document_type": "111",
        "document_number": resident.identity_numbers(),
        **CONTACT,
    }
    household = {
        "former_place": "北京市朝阳区",
        "former_address": "北京市朝阳区示例街 8 号",
        "member_name": "王小明",
        "member_number": MEMBER_NUMBER,
        "member_relation": "子",
    }
    introduction = {"kind": "rigid", "former_post": "研究员", "present_post": "首席科学家"}
    employer = {**EMPLOYER, "contact_phone": EMPLOYER["phone"]}
    papers = {"identity_file": resident.scan("identity.jpg"), "degree_file": resident.scan("degree.jpg")}
    return [
        ("person", person, {"photo": resident.portrait()}),
        ("introduction", introduction, {}),
        ("employer", employer, {}),
        ("experience", {"experience": HISTORY, "achievements": ACHIEVEMENTS}, {}),
        ("household", household, papers),
    ]
