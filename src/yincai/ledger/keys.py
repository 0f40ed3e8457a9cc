"""The Ed25519 key that signs checkpoints.  Only the signer's process may read it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from yincai.ledger.vocabulary import CheckpointRefused

PUBLIC_KEY_NAME = "checkpoint_public.pem"

Sign = Callable[[bytes], bytes]


def create_checkpoint_key(path: Path, *, checkpoints: Path) -> None:
    """Set-up: make the private key at `path` (mode 600) once, and its public key beside the checkpoints.

    A key that is there stays; a missing public key is written again.
    """
    if not path.exists():
        private = Ed25519PrivateKey.generate()
        path.parent.mkdir(parents=True, exist_ok=True)
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    public = checkpoints / PUBLIC_KEY_NAME
    if not public.exists():
        checkpoints.mkdir(parents=True, exist_ok=True)
        pem = _private(path).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        public.write_bytes(pem)


def signer(path: Path) -> Sign:
    """The signing function of the key at `path`.  Raises `CheckpointRefused` when there is no such key."""
    return _private(path).sign


def is_signed(folder: Path, *, content: bytes, signature: bytes) -> bool:
    """Whether `signature` over `content` fits the public key beside the checkpoints in `folder`."""
    public = load_pem_public_key((folder / PUBLIC_KEY_NAME).read_bytes())
    if not isinstance(public, Ed25519PublicKey):
        raise CheckpointRefused(f"{PUBLIC_KEY_NAME} holds no Ed25519 key")
    try:
        public.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _private(path: Path) -> Ed25519PrivateKey:
    if not path.is_file():
        raise CheckpointRefused(
            f"the checkpoint key {path} is missing: run the set-up, or name it in YINCAI_CHECKPOINT_KEY"
        )
    private = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise CheckpointRefused(f"{path} holds no Ed25519 key")
    return private
