"""Starts that must not go on say why in one sentence."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.ops.waiting import free_port
from yincai.ops.refusals import Refusal, check_port, check_room
from yincai.ops.running.only_copy import only_copy
from yincai.ops.running.ports import port_from, ports_from


def test_busy_port_is_named_with_the_way_to_another() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(Refusal) as refused:
            check_port(port, address="127.0.0.1", variable="PORT")

    assert str(refused.value) == (
        f"port {port} is in use by another program; choose another port, "
        f"for example PORT={port + 10} make run."
    )


def test_free_port_is_taken() -> None:
    check_port(free_port(), address="127.0.0.1", variable="PORT")


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", ""])
def test_port_that_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="choose a number from 1 to 65535"):
        check_port(port_from({"PORT": text}, "PORT", 8000), address="127.0.0.1", variable="PORT")


def test_same_port_twice_is_refused() -> None:
    with pytest.raises(Refusal, match="choose two different numbers"):
        ports_from({"PORT": "8123", "SANDBOX_PORT": "8123"}).check()


def test_port_makes_the_addresses() -> None:
    ports = ports_from({"PORT": "8123", "SANDBOX_PORT": "8124"})

    assert ports.exported() == {
        "YINCAI_BASE_URL": "http://127.0.0.1:8123",
        "YINCAI_SANDBOX_URL": "http://127.0.0.1:8124",
    }


def test_full_disk_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"MB free and at least .* MB are needed; make room and start again"):
        check_room(tmp_path, needed=10**18)


def test_second_copy_is_refused_and_the_first_named(tmp_path: Path) -> None:
    lock = tmp_path / "run" / "lock"

    with (
        only_copy(lock),
        pytest.raises(Refusal, match=r"another copy already runs on .* \(process \d+\)"),
        only_copy(lock),
    ):
        pass


def test_lock_is_free_again_after_its_holder(tmp_path: Path) -> None:
    with only_copy(tmp_path / "run" / "lock"):
        pass
    with only_copy(tmp_path / "run" / "lock"):
        assert (tmp_path / "run" / "lock").read_text().strip().isdigit()
