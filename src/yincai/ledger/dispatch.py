"""From an event to the jobs that follow it: handlers register by name, ops hands in the one wiring table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from yincai.ledger.vocabulary import EVENT_NAME, EntryView, UnknownHandler

DELIVER = "ledger.deliver"
QUEUES = frozenset({"default", "reader", "signer"})

Handler = Callable[[EntryView], None]


@dataclass(frozen=True, slots=True)
class Registered:
    """A handler, the queue whose process runs it, and how often it may ask for another attempt."""

    name: str
    run: Handler
    queue: str
    attempts: int


_handlers: dict[str, Registered] = {}
_wiring: dict[str, tuple[str, ...]] = {}


def handler(name: str, *, queue: str = "default", attempts: int = 150) -> Callable[[Handler], Handler]:
    """Register a handler in a room's `tasks.py`: `@handler("cards.order_on_issue")`.

    It runs in a transaction that also marks the delivery, so its database effect happens exactly once;
    an effect outside the database needs its own idempotency key.  150 attempts last about a day.
    """
    if queue not in QUEUES:
        raise ValueError(f"{name}: no process serves the queue {queue!r}")

    def register(run: Handler) -> Handler:
        known = _handlers.get(name)
        if known is not None and known.run.__qualname__ != run.__qualname__:
            raise ValueError(f"two handlers are called {name}")
        _handlers[name] = Registered(name=name, run=run, queue=queue, attempts=attempts)
        return run

    return register


def set_wiring(table: Mapping[str, Sequence[str]]) -> None:
    """Take the table event → handler names; `case.*` stands for every event of that thing.

    Raises `UnknownHandler` naming every name nobody registers.
    """
    wrong = [event for event in table if not EVENT_NAME.fullmatch(event.replace(".*", ".any"))]
    if wrong:
        raise ValueError(f"no event names: {', '.join(sorted(wrong))}")
    unknown = {name for names in table.values() for name in names} - _handlers.keys()
    if unknown:
        raise UnknownHandler(
            f"the wiring names handlers that no room registers: {', '.join(sorted(unknown))}"
        )
    _wiring.clear()
    _wiring.update({event: tuple(dict.fromkeys(names)) for event, names in table.items()})


def wiring() -> Mapping[str, tuple[str, ...]]:
    """The table in use."""
    return dict(_wiring)


def find_handler(name: str) -> Registered:
    """The handler registered under `name`, else `UnknownHandler`."""
    try:
        return _handlers[name]
    except KeyError:
        raise UnknownHandler(f"no room registers a handler called {name}") from None


def handlers_of(event: str) -> tuple[str, ...]:
    """The handlers of an event: those of its own name, then those of its thing (`case.*`)."""
    thing, _, _ = event.partition(".")
    return tuple(dict.fromkeys((*_wiring.get(event, ()), *_wiring.get(f"{thing}.*", ()))))


def enqueue(entry_id: int, event: str) -> None:
    """Enqueue one job a handler on the connection, hence in the transaction, that wrote the entry."""
    by_queue: dict[str, list[JSONDict]] = defaultdict(list)
    for name in handlers_of(event):
        by_queue[_handlers[name].queue].append({"entry_id": entry_id, "handler": name})
    for queue, jobs in by_queue.items():
        app.configure_task(DELIVER, allow_unknown=False, queue=queue).batch_defer(*jobs)
