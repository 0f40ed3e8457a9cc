"""The walls around a child that parses a stranger's file.

`limit_resources` binds everywhere.  `lock_doors` adds what the system offers: as root the child becomes
nobody; no file descriptor can be opened any more; on Linux a system-call filter refuses sockets, new
processes and new programs.  Nothing in it depends on the file.
"""

from __future__ import annotations

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
_ARCHITECTURES = {  # AUDIT_ARCH value, then the numbers of the refused system calls
    "x86_64": (
        0xC000003E,
        # socket connect socketpair bind listen sendto clone fork vfork execve kill ptrace mount
        # process_vm_readv process_vm_writev io_uring_setup execveat bpf unshare setns clone3 pidfd_open
        (41, 42, 53, 49, 50, 44, 56, 57, 58, 59, 62, 101, 165, 310, 311, 425, 322, 321, 272, 308, 435, 434),
    ),
    "aarch64": (
        0xC00000B7,
        # socket connect socketpair bind listen sendto clone execve kill ptrace mount
        # process_vm_readv process_vm_writev io_uring_setup execveat bpf unshare setns clone3 pidfd_open
        (198, 203, 199, 200, 201, 206, 220, 221, 129, 117, 40, 270, 271, 425, 281, 280, 97, 268, 435, 434),
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


def limit_resources(*, memory: int = MEMORY, cpu: int = CPU_SECONDS) -> None:
    """Bind this process: address space in bytes, CPU in seconds, no file of any size, no core dump."""
    _bind(resource.RLIMIT_CPU, cpu)
    _bind(resource.RLIMIT_FSIZE, 0)
    _bind(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":  # macOS does not honour RLIMIT_AS
        _bind(resource.RLIMIT_AS, memory)
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def lock_doors() -> None:
    """From here on: no new file descriptor, process, program or connection. Call it after every import."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    _bind(resource.RLIMIT_NPROC, 0)
    _bind(resource.RLIMIT_NOFILE, 3)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # a change of user cleared it
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            _filter_system_calls(libc)


def _bind(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _filter_system_calls(libc: ctypes.CDLL) -> None:
    """Install the filter where the kernel has one; elsewhere the resource limits stand alone."""
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        return
    architecture, refused = known
    # load arch; wrong arch → kill; load number; each refused number → the last but one; allow; EPERM
    lines = [(0x20, 0, 0, 4), (0x15, 1, 0, architecture), (0x06, 0, 0, 0x80000000), (0x20, 0, 0, 0)]
    lines += [(0x15, len(refused) - place, 0, number) for place, number in enumerate(refused)]
    lines += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050001)]
    program = (_Instruction * len(lines))(*(_Instruction(*line) for line in lines))
    libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(_Program(len(lines), program)), 0, 0)
