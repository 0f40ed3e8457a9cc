from __future__ import annotations

import pytest

from tests.sandbox.running import RunningSandbox

ASKED = {
    "key": "one",
    "purpose": "注册实名核验",
    "consent": "1",
    "kind": "111",
    "number": "110101200203150011",
    "name": "林知远",
}


def check(sandbox: RunningSandbox, **changed: str) -> dict[str, str]:
    answer = sandbox.client.post("/registry/check", json={**ASKED, **changed})
    found: dict[str, str] = answer.raise_for_status().json()
    return found


@pytest.mark.parametrize(
    ("changed", "result"),
    [
        ({}, "match"),
        ({"name": " 林知远　"}, "match"),
        ({"name": "林志远"}, "no_match"),
        ({"number": "11010119900101001X"}, "unknown"),
        ({"kind": "414"}, "unknown"),
        ({"number": "650102199001110042", "name": "古丽娜尔•阿不都热合曼"}, "match"),
    ],
)
def test_registry_compares_name_and_document(
    sandbox: RunningSandbox, changed: dict[str, str], result: str
) -> None:
    assert check(sandbox, **changed)["result"] == result


def test_registry_gives_one_question_one_id(sandbox: RunningSandbox) -> None:
    first = check(sandbox, key="again")

    assert check(sandbox, key="again") == first


def test_registry_answers_nobody_without_consent(sandbox: RunningSandbox) -> None:
    answer = sandbox.client.post("/registry/check", json={**ASKED, "consent": ""})

    assert answer.status_code == 422
    assert "consent" in answer.json()["error"]


def test_registry_can_be_broken(switches: RunningSandbox) -> None:
    switches.fault("registry", "off")

    assert switches.client.post("/registry/check", json=ASKED).status_code == 503
