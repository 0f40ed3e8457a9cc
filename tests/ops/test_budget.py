"""A request that announces more than its sender may send is refused before its body is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from yincai.ops.budget import RequestBudget

MB = 1024 * 1024


class Somebody:
    """Signed in."""

    is_authenticated = True


@pytest.mark.parametrize(
    ("user", "size", "status"),
    [
        (AnonymousUser(), 6 * MB, 200),
        (AnonymousUser(), 6 * MB + 1, 413),
        (Somebody(), 6 * MB + 1, 200),
        (Somebody(), 32 * MB, 200),
        (Somebody(), 32 * MB + 1, 413),
    ],
)
def test_request_is_judged_by_what_it_announces(user: Any, size: int, status: int) -> None:
    request = RequestFactory().post("/", b"x", content_type="text/plain", CONTENT_LENGTH=size)
    request.user = user

    answer = RequestBudget(lambda _: HttpResponse())(request)

    assert answer.status_code == status
    assert not request._read_started


def test_announced_length_that_is_no_number_counts_as_no_body() -> None:
    request = RequestFactory().post("/", b"", content_type="text/plain", CONTENT_LENGTH="many")

    def read(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.read())

    answer = RequestBudget(read)(request)

    assert (answer.status_code, answer.content) == (200, b"")


def test_stranger_with_a_large_upload_is_told_the_limit(db: None) -> None:
    upload = SimpleUploadedFile("card.pdf", bytes(7 * MB))

    answer = Client(enforce_csrf_checks=True).post(reverse("public:verify_file"), {"file": upload})

    assert answer.status_code == 413
    assert "这次提交一共有 7 MB，超过了 6 MB 的上限，没有保存" in answer.content.decode()


def test_more_files_than_a_request_may_bring_are_refused_with_a_sentence(
    db: None, browser_of: Callable[[str], Client]
) -> None:
    files = [SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)]

    answer = browser_of("applicant").post(reverse("public:verify_file"), {"file": files})

    assert answer.status_code == 413
    assert "一次最多上传 12 个文件" in answer.content.decode()
