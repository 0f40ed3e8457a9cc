"""The sandbox's commands: serve, issue-seal, revoke, certificates."""

from __future__ import annotations

import argparse
import contextlib
import errno
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from yincai_sandbox.application import make_application
from yincai_sandbox.authority import profiles
from yincai_sandbox.authority.folder import AuthorityMismatch, write_durably
from yincai_sandbox.authority.issuing import REASONS, Authority, UnknownCertificate
from yincai_sandbox.store import Store


class Stopped(Exception):
    """A command cannot go on; the text is the one sentence that people read."""


def main(arguments: Sequence[str]) -> int:
    """Runs one command; 0 when it did what it says, 1 with one sentence on stderr when it could not."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except (Stopped, AuthorityMismatch, UnknownCertificate) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def serve(chosen: argparse.Namespace) -> None:
    """Serves until SIGINT or SIGTERM; prints the address once it listens."""
    with _listening(chosen.host, chosen.port) as listener:
        host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
        address = f"http://{host}:{listener.getsockname()[1]}"
        base_url = (chosen.base_url or address).rstrip("/")
        application = make_application(chosen.data, base_url=base_url)
        sys.stdout.write(f"sandbox listens on {address}\n")
        sys.stdout.flush()
        config = uvicorn.Config(
            application, access_log=False, log_level="warning", lifespan="off", timeout_graceful_shutdown=3
        )
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def issue_seal(chosen: argparse.Namespace) -> None:
    """Writes a PKCS#12 file with a new seal key, its certificate and the chain."""
    if chosen.out.exists():
        raise Stopped(f"{chosen.out} is already there: remove it first if a new seal key is really wanted")
    passphrase = _passphrase(chosen.passphrase_file)
    authority = Authority(Store(chosen.data), base_url=chosen.base_url)
    seal = authority.issue_seal(chosen.authority)
    content = pkcs12.serialize_key_and_certificates(
        name=chosen.authority.encode(),
        key=seal.key,
        cert=seal.certificate,
        cas=[authority.pairs[name].certificate for name in (profiles.ISSUING.name, profiles.ROOT.name)],
        encryption_algorithm=serialization.BestAvailableEncryption(passphrase),
    )
    chosen.out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_durably(chosen.out, content)
    sys.stdout.write(f"serial {seal.certificate.serial_number:x}\n")


def revoke(chosen: argparse.Namespace) -> None:
    """Revokes one certificate; CRL and OCSP say so from the next request on."""
    Authority(Store(chosen.data), base_url=None).revoke(chosen.serial, reason=chosen.reason)


def certificates(chosen: argparse.Namespace) -> None:
    """Prints the authority's book: serial, kind, state, subject."""
    for row in Authority(Store(chosen.data), base_url=None).book():
        state = f"revoked {row.revoked_at.isoformat()}" if row.revoked_at else "in force"
        sys.stdout.write(f"{row.serial}\t{row.profile}\t{state}\t{row.subject}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m yincai_sandbox", description=__doc__)
    commands = parser.add_subparsers(required=True)

    serving = commands.add_parser("serve", help=serve.__doc__)
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=8001, help="0 takes any free port")
    serving.add_argument(
        "--base-url", help="the address that the certificates name; by default where it listens"
    )
    serving.set_defaults(run=serve)

    sealing = commands.add_parser("issue-seal", help=issue_seal.__doc__)
    sealing.add_argument("--out", type=Path, required=True)
    sealing.add_argument("--passphrase-file", type=Path, required=True)
    sealing.add_argument("--authority", default="演示签发单位", help="the name on the seal")
    sealing.add_argument("--base-url")
    sealing.set_defaults(run=issue_seal)

    revoking = commands.add_parser("revoke", help=revoke.__doc__)
    revoking.add_argument("--serial", required=True, help="hexadecimal, as `certificates` prints it")
    revoking.add_argument("--reason", choices=sorted(REASONS), default="unspecified")
    revoking.set_defaults(run=revoke)

    listing = commands.add_parser("certificates", help=certificates.__doc__)
    listing.set_defaults(run=certificates)

    for command in (serving, sealing, revoking, listing):
        command.add_argument("--data", type=Path, required=True, help="the sandbox's folder")
    return parser


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named as TCP, else asyncio leaves Nagle's delay of 40 ms on every answer
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        reason = "is in use by another program" if error.errno == errno.EADDRINUSE else str(error.strerror)
        raise Stopped(
            f"the sandbox cannot listen on {host}:{port}: the port {reason}; choose another --port"
        ) from error
    listener.listen(128)
    return listener


def _passphrase(file: Path) -> bytes:
    try:
        passphrase = file.read_text("utf8").strip().encode()
    except OSError as error:
        raise Stopped(f"the passphrase file {file} cannot be read: {error.strerror}") from error
    if not passphrase:
        raise Stopped(f"the passphrase file {file} is empty: write a passphrase into it")
    return passphrase
