"""The walls around a child that parses a stranger's file.

`limit_resources` binds everywhere.  `lock_doors` adds what the system offers: as root the child becomes
nobody; no file descriptor can be opened any more; on Linux a system-call filter refuses sockets, new
processes and new programs.  Nothing in it depends on the file.
"""

from __future__ import annotations

import codecs
import ctypes
import os
import platform
import resource
import signal
import sys

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 20
_NOBODY = 65534

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_CLONE_THREAD = 0x10000
_ALLOW, _KILL, _NOT_ALLOWED, _NOT_KNOWN = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
_CLONE3 = 435
_ARCHITECTURES = {  # AUDIT_ARCH value, the number of clone, the numbers of the refused system calls
    "x86_64": (
        0xC000003E,
        56,
        # socket connect socketpair bind listen sendto fork vfork execve kill ptrace mount
        # process_vm_readv process_vm_writev io_uring_setup execveat bpf unshare setns pidfd_open
        (41, 42, 53, 49, 50, 44, 57, 58, 59, 62, 101, 165, 310, 311, 425, 322, 321, 272, 308, 434),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        # socket connect socketpair bind listen sendto execve kill ptrace mount
        # process_vm_readv process_vm_writev io_uring_setup execveat bpf unshare setns pidfd_open
        (198, 203, 199, 200, 201, 206, 221, 129, 117, 40, 270, 271, 425, 281, 280, 97, 268, 434),
    ),
}


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("yes", ctypes.c_ubyte),
        ("no", ctypes.c_ubyte),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("first", ctypes.POINTER(_Instruction)))


def limit_resources() -> None:
    """Bind this process: `MEMORY` bytes of addresses, `CPU_SECONDS`, no file of any size, no core dump."""
    _bind(resource.RLIMIT_CPU, CPU_SECONDS)
    _bind(resource.RLIMIT_FSIZE, 0)
    _bind(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":  # macOS does not honour RLIMIT_AS
        _bind(resource.RLIMIT_AS, MEMORY)
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def load_codecs() -> None:
    """Load the text encodings that the libraries ask for only when they meet a file that needs them."""
    for name in ("cp437", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "idna", "gb18030"):
        codecs.lookup(name)


def lock_doors() -> None:
    """From here on: no new file descriptor, process, program or connection. Call it after every import.

    Where no system-call filter can be had, new threads are refused too, and with them HEIC pictures, whose
    decoder needs one.
    """
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    _bind(resource.RLIMIT_NOFILE, 3)
    if sys.platform != "linux" or not _lock_linux():
        _bind(resource.RLIMIT_NPROC, 0)


def _lock_linux() -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # a change of user cleared it
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and _filter_system_calls(libc)


def _bind(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _filter_system_calls(libc: ctypes.CDLL) -> bool:
    """Install the filter; whether the kernel took it."""
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        return False
    lines = _filter(*known)
    program = (_Instruction * len(lines))(*(_Instruction(*line) for line in lines))
    return bool(libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(_Program(len(lines), program)), 0, 0) == 0)


def _filter(architecture: int, clone: int, refused: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """The filter as BPF: another architecture is killed; a clone may only make a thread; clone3 is unknown,
    so that the C library falls back to clone; the refused calls fail with EPERM."""
    load, equal, at_least, any_bit, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    number, arch, first_argument = 0, 4, 16
    thread = 7 + len(refused) + 1
    unknown, deny = thread + 3, thread + 4
    return [
        (load, 0, 0, arch),
        (equal, 1, 0, architecture),
        (answer, 0, 0, _KILL),
        (load, 0, 0, number),
        (at_least, deny - 5, 0, 0x40000000),  # the second numbering of x86-64
        (equal, thread - 6, 0, clone),
        (equal, unknown - 7, 0, _CLONE3),
        *((equal, deny - place - 1, 0, call) for place, call in enumerate(refused, start=7)),
        (answer, 0, 0, _ALLOW),
        (load, 0, 0, first_argument),
        (any_bit, 0, deny - thread - 2, _CLONE_THREAD),
        (answer, 0, 0, _ALLOW),
        (answer, 0, 0, _NOT_KNOWN),
        (answer, 0, 0, _NOT_ALLOWED),
    ]
