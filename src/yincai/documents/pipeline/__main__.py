"""The child: reads one request from its input, answers on its output, and ends. It knows nothing else.

No settings, no database, no environment. What goes wrong inside is never printed (it could quote the file).
"""

from __future__ import annotations

import sys

from yincai.documents.pipeline import confinement

confinement.limit_resources()  # before the libraries, so that even loading them is bounded

from yincai.documents.pipeline import wire  # noqa: E402
from yincai.documents.pipeline.inspection import inspect, load_parser  # noqa: E402
from yincai.documents.pipeline.vocabulary import SENTENCES, Refused  # noqa: E402


def answer(message: bytes) -> bytes:
    """The packed answer to one packed request."""
    request, data = wire.unpack_request(message)
    try:
        safe = inspect(
            data,
            limits=request.limits,
            accept=request.accept,
            claimed=request.claimed,
            drawing=request.drawing,
        )
    except Refused as no:
        return wire.pack_answer(wire.Refusal(no.reason, no.sentence))
    except (MemoryError, RecursionError):
        return wire.pack_answer(wire.Refusal("too_heavy", SENTENCES["too_heavy"]))
    return wire.pack_answer(safe)


def main() -> None:
    """Read, lock the doors, answer."""
    message = sys.stdin.buffer.read()
    confinement.load_codecs()
    load_parser(message.partition(b"\n")[2])
    confinement.lock_doors()
    sys.stdout.buffer.write(answer(message))
    sys.stdout.buffer.flush()


main()
