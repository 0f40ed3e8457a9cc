"""One key a person, outside the database, so that a backup of the database never holds it.

A key is a file, `<first two digits>/<id of the account>`, wrapped by the key ring.  Destroying it puts a mark
in its place that stays: a wish (`Forgotten`) is told from a loss (`KeyLost`), and no key is made twice.
What other processes know of a key they forget after `REMEMBERED`.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from uuid import UUID

from yincai.foundation import clock, keyring
from yincai.foundation.errors import FORGOTTEN, NotFound, OurFault

REMEMBERED = timedelta(seconds=30)
"""How long a process may use a key that another one has destroyed."""
MOST_REMEMBERED = 2048
NAME_FILE, PLEDGE_FILE = "vault", "vault_name"
MARK = b"destroyed\n"
SHARDS = [f"{number:02x}" for number in range(256)]
DOOMED = ".doomed"


class VaultError(RuntimeError):
    """The vault is missing or another installation's; the message tells the operator what to do."""


class Forgotten(NotFound):
    """The person had their key destroyed: what was sealed under it is gone, as they wished."""

    def __init__(self) -> None:
        super().__init__(f"这项内容{FORGOTTEN}，任何人都不能再查看。办理经过的记录仍然保留。")


class KeyLost(OurFault):
    """The key is not in the vault though nobody destroyed it: the vault must be restored."""

    def __init__(self, person: UUID) -> None:
        super().__init__("这项加密保存的内容缺少密钥，因此没有显示。请联系系统管理员检查密钥库是否完整。")
        self.person = person


def make(folder: Path, *, pledge: Path) -> bool:
    """Make an empty vault and a pledge to it among the secrets, once; whether it was made.

    `VaultError` when the pledge names a vault that is not there: nobody's keys are made anew over a loss.
    """
    if pledge.exists():
        check(folder, pledge=pledge)
        return False
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for shard in SHARDS:
        (folder / shard).mkdir(mode=0o700, exist_ok=True)
    name = folder / NAME_FILE
    if not name.exists():
        _write(name, secrets.token_hex(16).encode(), mode=0o600)
    _flush_folder(folder)
    pledge.parent.mkdir(parents=True, exist_ok=True)
    _write(pledge, name.read_bytes(), mode=0o600)
    _flush_folder(pledge.parent)
    return True


def check(folder: Path, *, pledge: Path) -> None:
    """`VaultError` unless the vault of this installation lies in `folder`."""
    try:
        same = (folder / NAME_FILE).read_bytes() == pledge.read_bytes()
    except OSError as error:
        raise VaultError(
            f"{error.filename} is missing or closed: run `make run` once, or restore the vault of keys"
        ) from error
    if not same:
        raise VaultError(f"{folder} is the vault of another installation: restore this one's own")


def create(person: UUID) -> bytes:
    """The person's key, made if they have none yet; whoever asks at once gets the same.

    It is on the disk when this returns.  `Forgotten` when it was destroyed: it is never made again.
    """
    try:
        return key_of(person)
    except KeyLost:
        key = _made(person)
        _cache.put(person, key)
        return key


def key_of(person: UUID) -> bytes:
    """The person's key.  `Forgotten` when it was destroyed, `KeyLost` when there is none."""
    known, key = _cache.find(person)
    if not known:
        key = _read(person)
        _cache.put(person, key)
    if key is None:
        raise Forgotten
    return key


def destroy(person: UUID) -> None:
    """Destroy the person's key for good, and leave the mark; again is no error.

    Both are on the disk when this returns.  This process forgets it at once, others within `REMEMBERED`.
    """
    path = _path(person)
    doomed = path.with_suffix(DOOMED)
    with _alone(path.parent):
        if _content(path) not in (None, MARK):
            os.link(path, doomed)
        if _content(path) != MARK:
            mark = _part(path)
            _write(mark, MARK, mode=_file_mode())
            mark.replace(path)
        if doomed.exists():  # also one that an interrupted call left
            _overwrite(doomed)
            doomed.unlink()
    _cache.put(person, None)


def is_destroyed(person: UUID) -> bool:
    """Whether the person's key was destroyed."""
    return _content(_path(person)) == MARK


def forget_remembered() -> None:
    """Forget every key that this process remembers."""
    _cache.clear()


class _Remembered:
    """The keys used last, for a short time; None where it is known to be destroyed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[UUID, tuple[datetime, bytes | None]] = OrderedDict()
        self._lock = Lock()

    def find(self, person: UUID) -> tuple[bool, bytes | None]:
        """Whether it is remembered, and the key."""
        now = clock.now()
        with self._lock:
            at, key = self._kept.get(person, (now, None))
            if person not in self._kept or not timedelta(0) <= now - at < REMEMBERED:
                return False, None
            return True, key

    def put(self, person: UUID, key: bytes | None) -> None:
        """Remember it from now on; what was put longest ago makes room."""
        with self._lock:
            self._kept.pop(person, None)
            self._kept[person] = (clock.now(), key)
            while len(self._kept) > MOST_REMEMBERED:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Remember nothing."""
        with self._lock:
            self._kept.clear()


_cache = _Remembered()


def _read(person: UUID) -> bytes | None:
    """The key from its file, None for the mark."""
    content = _content(_path(person))
    if content is None:
        raise KeyLost(person)
    return None if content == MARK else keyring.ring().unseal(content, context=_context(person))


def _made(person: UUID) -> bytes:
    """Write a key unless somebody was first; the one that is there then."""
    path = _path(person)
    sealed = keyring.ring().seal(keyring.new_data_key(), context=_context(person))
    with _alone(path.parent):
        if _content(path) is None:
            part = _part(path)
            _write(part, sealed, mode=_file_mode())
            part.rename(path)
    key = _read(person)
    if key is None:
        raise Forgotten
    return key


def _folder() -> Path:
    from django.conf import settings

    return Path(settings.VAULT)


def _path(person: UUID) -> Path:
    return _folder() / person.hex[:2] / person.hex


def _part(path: Path) -> Path:
    return path.with_suffix(f".{secrets.token_hex(8)}")


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _file_mode() -> int:
    """A key may be read by whom its folder is open to: the owner, or the processes of the platform."""
    return stat.S_IMODE(_folder().stat().st_mode) & 0o660


def _write(path: Path, content: bytes, *, mode: int) -> None:
    """Write a new file, on the disk when this returns; nothing is left of one that failed."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
    except OSError:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def _alone(shard: Path) -> Iterator[None]:
    """Change one shard while nobody else does; the change is on the disk when this ends."""
    try:
        descriptor = os.open(shard, os.O_RDONLY)
    except FileNotFoundError as error:
        raise VaultError(f"{shard} is missing: restore the vault of keys") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _context(person: UUID) -> str:
    return f"vault:{person}"
