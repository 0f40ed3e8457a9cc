"""Whose certificate it is: passports and other documents, as each authority writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.registries.signing import issue, sign
from tests.sandbox.running import RunningSandbox
from yincai.ops.running.seal import SUBJECTS
from yincai.registries import actions
from yincai.registries.vocabulary import CertificateRefused, Person

pytestmark = pytest.mark.django_db
HERE = "the secret of this browser"
PERSON_CODE = "1.2.156.10260.4.1.1"
"""The person's identification code of GM/T 0015-2012."""


@pytest.fixture
def mapping(sandbox: RunningSandbox, settings: Any) -> Path:
    """What is said beside the root of the sandbox's authority: what `run` says of it."""
    file: Path = settings.PEOPLE_ROOTS / "root.toml"
    file.write_text(SUBJECTS, "utf8")
    return file


def signed_in(sandbox: RunningSandbox, folder: Path, **wanted: str) -> Person:
    """Who a certificate with this subject signs in, by `openssl cms -sign`."""
    issue(sandbox, folder, **wanted)
    challenge = actions.begin_challenge(browser=HERE)
    signature = sign(challenge.text, folder)
    return actions.check_signed_challenge(challenge.id, browser=HERE, signature=signature)


def refused(sandbox: RunningSandbox, folder: Path, **wanted: str) -> str:
    with pytest.raises(CertificateRefused) as error:
        signed_in(sandbox, folder, **wanted)
    return error.value.sentence


@pytest.mark.parametrize(
    ("kind", "name", "number"),
    [
        ("111", "林知远", "110101200203150011"),
        ("414", "ANNA MARIA BERG", "E12345678"),
        ("516", "黄子衿", "H12345678"),
        ("511", "陈雅筑", "12345678"),
        ("553", "ANNA MARIA BERG", "DEU310082032508"),
    ],
)
def test_document_of_every_kind_signs_in(
    sandbox: RunningSandbox, mapping: Path, tmp_path: Path, kind: str, name: str, number: str
) -> None:
    found = signed_in(sandbox, tmp_path, kind=kind, name=name, number=number)

    assert found == Person(name, kind, number)


def test_authority_without_a_mapping_has_the_documents_that_tell_their_kind(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    assert signed_in(sandbox, tmp_path).kind == "111"

    sentence = refused(sandbox, tmp_path, kind="414", name="ANNA BERG", number="E12345678")

    assert "没有居民身份证、港澳居民居住证、台湾居民居住证、外国人永久居留身份证的号码" in sentence


def test_another_attribute_may_hold_the_document(
    sandbox: RunningSandbox, mapping: Path, tmp_path: Path
) -> None:
    mapping.write_text(f'[[document]]\nkind = "111"\nattribute = "{PERSON_CODE}"\n', "utf8")

    assert signed_in(sandbox, tmp_path, attribute=PERSON_CODE).number == "110101200203150011"
    assert "认不出您是谁" in refused(sandbox, tmp_path)


@pytest.mark.parametrize("attribute", ["serialNumber", "serial_number", "2.5.4.5"])
@pytest.mark.parametrize("name", ["commonName", "common_name", "2.5.4.3"])
def test_attribute_may_be_named_by_the_standard_or_by_its_number(
    sandbox: RunningSandbox, mapping: Path, tmp_path: Path, attribute: str, name: str
) -> None:
    mapping.write_text(f'name = "{name}"\n[[document]]\nkind = "111"\nattribute = "{attribute}"\n', "utf8")

    assert signed_in(sandbox, tmp_path) == Person("林知远", "111", "110101200203150011")


def test_number_that_cannot_be_one_is_said_with_its_kind(
    sandbox: RunningSandbox, mapping: Path, tmp_path: Path
) -> None:
    sentence = refused(sandbox, tmp_path, kind="414", name="ANNA BERG", number="?")

    assert sentence.startswith("证书里的普通护照号码不符合规定，没有登录。")


def test_name_that_cannot_be_one_is_said(sandbox: RunningSandbox, mapping: Path, tmp_path: Path) -> None:
    assert "没有可以识别的姓名" in refused(sandbox, tmp_path, name="<b>", number="110101200203150011")


def test_document_that_two_entries_read_differently_is_nobodys(
    sandbox: RunningSandbox, mapping: Path, tmp_path: Path
) -> None:
    entry = '[[document]]\nkind = "{}"\nattribute = "' + PERSON_CODE + '"\nprefix = "P:"\n'
    mapping.write_text(entry.format("414") + entry.format("516"), "utf8")

    sentence = refused(sandbox, tmp_path, attribute=PERSON_CODE, number="P:H12345678")

    assert "不止一个证件" in sentence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[[document",
        "document = []\n",
        '[[document]]\nkind = "414"\n',
        '[[document]]\nkind = "999"\nattribute = "serial_number"\nprefix = "P"\n',
        '[[document]]\nkind = "414"\nattribute = "serial_number"\n',  # any text could be a passport's number
        '[[document]]\nkind = "111"\nattribute = "serial_number"\nprefixes = "P"\n',
        '[[document]]\nkind = "111"\nattribute = "serial_number"\nprefix = 4\n',
        '[[document]]\nkind = "414"\nattribute = "serialNumber"\n',
        '[[document]]\nkind = "414"\nattribute = "2.5.4.5"\n',
        '[[document]]\nkind = "111"\nattribute = "serialnumber"\n',  # no such attribute
        '[[document]]\nkind = "111"\nattribute = "2.5.4."\n',
        '[[document]]\nkind = "111"\nattribute = 5\n',
        'name = "CN"\n[[document]]\nkind = "111"\nattribute = "serialNumber"\n',
        'names = "commonName"\n[[document]]\nkind = "111"\nattribute = "serialNumber"\n',
        "".join(
            f'[[document]]\nkind = "{kind}"\nattribute = "{attribute}"\n'
            for kind, attribute in (("414", "pseudonym"), ("111", "2.5.4.65"))
        ),
    ],
)
def test_mistake_in_the_mapping_lets_nobody_in(
    sandbox: RunningSandbox, mapping: Path, tmp_path: Path, text: str
) -> None:
    mapping.write_text(text, "utf8")

    assert "设置有误" in refused(sandbox, tmp_path)
