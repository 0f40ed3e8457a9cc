"""Switches that make a service fail on purpose, kept across restarts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from yincai_sandbox.service import Endpoint, Service, problem
from yincai_sandbox.store import Store

TABLES = """
CREATE TABLE IF NOT EXISTS fault (
    service TEXT PRIMARY KEY, mode TEXT NOT NULL, milliseconds INTEGER NOT NULL, status INTEGER NOT NULL,
    times INTEGER
);
"""
GARBAGE = b"\x00\xff{[<garbage from the sandbox>"


class Mode(StrEnum):
    """How a service behaves."""

    WORKING = "working"  # as it should
    OFF = "off"  # answers 503 and does nothing
    SLOW = "slow"  # does its work after a wait
    ERROR = "error"  # answers an error status and does nothing
    WRONG = "wrong"  # does nothing and answers 200 with garbage
    DROP = "drop"  # does its work, then breaks the connection before the answer


TITLES = {
    Mode.WORKING: "正常",
    Mode.OFF: "停止服务（503，什么都不做）",
    Mode.SLOW: "变慢（等待后照常）",
    Mode.ERROR: "返回错误（什么都不做）",
    Mode.WRONG: "返回乱码（什么都不做）",
    Mode.DROP: "做完后断开（收不到回答）",
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One switch; `times` limits it to the next so many calls, None means until changed."""

    mode: Mode = Mode.WORKING
    milliseconds: int = 3000
    status: int = 500
    times: int | None = None

    def __post_init__(self) -> None:
        """Refuses values that would harm the sandbox itself."""
        if not 0 <= self.milliseconds <= 120_000:
            raise ValueError("milliseconds must be 0 to 120000")
        if not 400 <= self.status <= 599:
            raise ValueError("status must be 400 to 599")
        if self.times is not None and not 1 <= self.times <= 10_000:
            raise ValueError("times must be 1 to 10000")


class Faults:
    """The switches of all services."""

    def __init__(self, store: Store) -> None:
        """Opens the switches; a service that was never set works."""
        self._store = store
        store.create(TABLES)

    def all(self) -> Mapping[str, Fault]:
        """Returns every switch that was ever set."""
        with self._store.read() as connection:
            rows = connection.execute("SELECT * FROM fault").fetchall()
        return {
            row["service"]: Fault(
                mode=Mode(row["mode"]),
                milliseconds=row["milliseconds"],
                status=row["status"],
                times=row["times"],
            )
            for row in rows
        }

    def set(self, service: str, fault: Fault) -> None:
        """Sets one switch."""
        facts = asdict(fault) | {"service": service}
        with self._store.change() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO fault (service, mode, milliseconds, status, times)"
                " VALUES (:service, :mode, :milliseconds, :status, :times)",
                facts,
            )

    def take(self, service: str) -> Fault:
        """Returns the switch for one call and counts the call down where `times` limits it."""
        fault = self.all().get(service, Fault())
        if fault.times is None:
            return fault
        with self._store.change() as connection:
            counted = connection.execute(
                "UPDATE fault SET times = times - 1 WHERE service = ? AND times > 0", (service,)
            ).rowcount
            connection.execute(
                "UPDATE fault SET mode = 'working', times = NULL WHERE service = ? AND times <= 0", (service,)
            )
        return fault if counted else Fault()


def breakable(endpoint: Endpoint, service: Service, faults: Faults) -> Endpoint:
    """Wraps an endpoint so that the switch of its service decides what really happens."""

    async def answer(request: Request) -> Response:
        fault = await run_in_threadpool(faults.take, service.name)
        match fault.mode:
            case Mode.OFF:
                return problem(503, f"{service.title}已停止服务")
            case Mode.ERROR:
                return problem(fault.status, f"{service.title}返回错误")
            case Mode.WRONG:
                return Response(GARBAGE, media_type="application/octet-stream")
            case Mode.SLOW:
                await asyncio.sleep(fault.milliseconds / 1000)
        response = await endpoint(request)
        return BrokenOff() if fault.mode is Mode.DROP else response

    return answer


class BrokenOff(Response):
    """An answer that stops before its body: the server closes the connection, the caller sees it break."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promises a body and never sends it."""
        headers = [(b"content-length", b"1048576"), (b"content-type", b"application/octet-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
