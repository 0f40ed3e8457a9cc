"""A holder of a certificate at work: the real `openssl cms -sign`."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from tests.sandbox.running import RunningSandbox


def issue(sandbox: RunningSandbox, folder: Path, **wanted: Any) -> str:
    """Have a certificate issued; writes person.pem, person.key and chain.pem, and returns the serial."""
    facts = {"name": "林知远", "number": "110101200203150011", **wanted}
    made = sandbox.client.post("/ca/people/issue", json=facts).raise_for_status().json()
    for file, name in (("person.pem", "certificate"), ("person.key", "key"), ("chain.pem", "chain")):
        (folder / file).write_text(made[name])
    return str(made["serial"])


def sign(text: str, folder: Path, *options: str, form: str = "PEM", chain: bool = True) -> bytes:
    """What `openssl cms -sign` makes of a text."""
    (folder / "challenge.txt").write_bytes(text.encode())
    with_chain = ["-certfile", "chain.pem"] if chain else []
    command = ["openssl", "cms", "-sign", "-in", "challenge.txt", "-signer", "person.pem"]
    command += ["-inkey", "person.key", *with_chain, "-outform", form, "-out", "signed", *options]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "signed").read_bytes()
