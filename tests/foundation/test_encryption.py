from __future__ import annotations

import json
import stat
from base64 import b64encode
from pathlib import Path

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from yincai.foundation import encryption
from yincai.foundation.encryption import CannotDecrypt, KeyRing, KeyRingError

KEYS = {"k1": bytes(range(32)), "k2": bytes(range(32, 64))}
RING = KeyRing("k2", KEYS, b"i" * 32)


@given(st.binary(max_size=300), st.text(min_size=1, max_size=20))
def test_sealed_bytes_open_in_their_context(plaintext: bytes, context: str) -> None:
    assert RING.unseal(RING.seal(plaintext, context=context), context=context) == plaintext


@given(st.data())
def test_sealed_bytes_altered_anywhere_do_not_open(data: st.DataObject) -> None:
    sealed = bytearray(RING.seal(b"secret", context="t.c"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(CannotDecrypt):
        RING.unseal(bytes(sealed), context="t.c")


def test_sealed_bytes_cut_anywhere_do_not_open() -> None:
    sealed = RING.seal(b"secret", context="t.c")

    for length in range(len(sealed)):
        with pytest.raises(CannotDecrypt):
            RING.unseal(sealed[:length], context="t.c")


def test_sealed_bytes_do_not_open_in_another_context() -> None:
    with pytest.raises(CannotDecrypt):
        RING.unseal(RING.seal(b"secret", context="t.a"), context="t.b")


def test_sealed_bytes_with_the_name_of_another_key_do_not_open() -> None:
    sealed = RING.seal(b"secret", context="t.c")

    with pytest.raises(CannotDecrypt):
        RING.unseal(sealed.replace(b"k2", b"k1", 1), context="t.c")


def test_sealed_bytes_of_an_unknown_key_do_not_open() -> None:
    other = KeyRing("k9", {"k9": bytes(32)}, b"i" * 32)

    with pytest.raises(CannotDecrypt):
        RING.unseal(other.seal(b"secret", context="t.c"), context="t.c")


def test_envelope_names_version_algorithm_and_key() -> None:
    sealed = RING.seal(b"secret", context="t.c")

    assert sealed[:5] == b"\x01\x01\x02k2"
    assert len(sealed) == 5 + 12 + 6 + 16


def test_old_key_still_opens_after_a_new_one_is_current() -> None:
    before = KeyRing("k1", KEYS, b"i" * 32)

    assert RING.unseal(before.seal(b"secret", context="t.c"), context="t.c") == b"secret"


def test_same_plaintext_is_sealed_differently_each_time() -> None:
    assert RING.seal(b"secret", context="t.c") != RING.seal(b"secret", context="t.c")


def test_empty_context_is_refused() -> None:
    with pytest.raises(ValueError, match="context"):
        RING.seal(b"secret", context="")


def test_data_key_is_wrapped_and_opens_what_it_sealed() -> None:
    key = encryption.new_data_key()
    wrapped = encryption.wrap_data_key(key, context="person.1")
    sealed = encryption.seal_under(key, b"secret", context="t.c")

    assert encryption.unwrap_data_key(wrapped, context="person.1") == key
    assert encryption.unseal_under(key, sealed, context="t.c") == b"secret"
    with pytest.raises(CannotDecrypt):
        encryption.unwrap_data_key(wrapped, context="person.2")
    with pytest.raises(CannotDecrypt):
        encryption.unseal(sealed, context="t.c")
    with pytest.raises(CannotDecrypt):
        encryption.unseal_under(encryption.new_data_key(), sealed, context="t.c")


def test_json_is_sealed_and_comes_back_equal() -> None:
    value = {"name": "张三", "rows": [1, 2.5, None, True]}

    assert encryption.unseal_json(encryption.seal_json(value, context="t.c"), context="t.c") == value
    with pytest.raises(ValueError, match="JSON"):
        encryption.seal_json(float("nan"), context="t.c")


def test_blind_index_does_not_mind_width_case_and_space() -> None:
    plain = RING.blind_index("11010519491231002X", purpose="identity")

    assert RING.blind_index(" １１０１０５ 19491231002x", purpose="identity") == plain
    assert len(plain) == 32


def test_blind_index_differs_by_value_purpose_and_key() -> None:
    other = KeyRing("k1", KEYS, b"j" * 32)
    found = {
        RING.blind_index("a", purpose="x"),
        RING.blind_index("b", purpose="x"),
        RING.blind_index("a", purpose="y"),
        other.blind_index("a", purpose="x"),
    }

    assert len(found) == 4


def test_keyring_created_is_private_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "keyring.json"
    made = encryption.create_keyring(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert encryption.read_keyring(path) == made
    with pytest.raises(KeyRingError, match="exists already"):
        encryption.create_keyring(path)


def test_keyring_does_not_show_its_keys() -> None:
    assert repr(RING) == "KeyRing(current='k2')"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "needs current"),
        ("{}", "needs current"),
        ('{"current": "k1", "data_keys": {"k1": "%%%"}, "index_key": ""}', "needs current"),
        (
            json.dumps(
                {"current": "k2", "data_keys": {"k1": b64encode(bytes(32)).decode()}, "index_key": "AAAA"}
            ),
            "current key 'k2' is not among",
        ),
        (json.dumps({"current": "k1", "data_keys": {"k1": "AAAA"}, "index_key": "AAAA"}), "has 3 bytes"),
    ],
)
def test_keyring_malformed_is_told(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "keyring.json"
    path.write_text(content, "utf8")

    with pytest.raises(KeyRingError, match=told):
        encryption.read_keyring(path)


def test_keyring_unreadable_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyRingError, match="cannot be read"):
        encryption.read_keyring(tmp_path)


def test_ring_of_the_installation_is_the_one_in_its_secrets(tmp_path: Path, settings: Settings) -> None:
    settings.SECRETS = tmp_path
    made = encryption.create_keyring(tmp_path / "keyring.json")
    encryption.ring.cache_clear()

    try:
        assert encryption.ring() == made
        assert made.unseal(encryption.seal(b"secret", context="t.c"), context="t.c") == b"secret"
        assert encryption.blind_index("a", purpose="x") == made.blind_index("a", purpose="x")
    finally:
        encryption.ring.cache_clear()


def test_ring_missing_outside_tests_stops_the_start(tmp_path: Path, settings: Settings) -> None:
    settings.SECRETS, settings.TESTING = tmp_path, False
    encryption.ring.cache_clear()

    try:
        with pytest.raises(KeyRingError, match="is missing"):
            apps.get_app_config("foundation").ready()
    finally:
        encryption.ring.cache_clear()


def test_keyring_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyRingError, match="is missing"):
        encryption.read_keyring(tmp_path / "keyring.json")
