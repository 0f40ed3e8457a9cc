"""The phone's side of a face check: whose phone scans, then approve or refuse."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from yincai_sandbox.residents import Resident
from yincai_sandbox.service import Sandbox, Service, body_of
from yincai_sandbox.services import face

OVER = {
    "heading": "这次认证已经结束",
    "sentence": "二维码已超过 180 秒、已被别的手机扫过，或已经作出选择。请在电脑上重新获取二维码后再扫。",
    "back": "/phone/",
}


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives `/face/scan/<id>`, where the picture leads, and `/face/scan/<id>/<phone>`, where one answers."""

    async def scanned(request: Request) -> Response:
        session = await run_in_threadpool(face.find, sandbox.store, request.path_params["id"])
        if session.state != "waiting":
            return sandbox.pages.show("refused.html", status=410, **OVER)
        return sandbox.pages.show("face_scan.html", session=session, phones=sandbox.residents.values())

    async def page(request: Request) -> Response:
        holder = _holder(sandbox, request)
        session = await run_in_threadpool(face.find, sandbox.store, request.path_params["id"])
        if session.phone != holder.phone:
            return sandbox.pages.show("refused.html", status=410, **OVER)
        return sandbox.pages.show("face_answer.html", session=session, holder=holder)

    async def act(request: Request) -> Response:
        holder = _holder(sandbox, request)
        identifier = request.path_params["id"]
        posted = dict(parse_qsl((await body_of(request, limit=4_096)).decode()))
        if posted.get("act") == "scan":
            done = await run_in_threadpool(face.scan, sandbox.store, identifier, phone=holder.phone)
        else:
            approved = posted.get("act") == "approve"
            done = await run_in_threadpool(
                face.answer, sandbox.store, identifier, holder=holder, approved=approved
            )
        if not done:
            return sandbox.pages.show("refused.html", status=410, **OVER)
        return RedirectResponse(request.url.path, status_code=303)

    return [
        Route("/face/scan/{id}", scanned),
        Route("/face/scan/{id}/{phone}", page),
        Route("/face/scan/{id}/{phone}", act, methods=["POST"]),
    ]


def _holder(sandbox: Sandbox, request: Request) -> Resident:
    holder = sandbox.residents.get(str(request.path_params["phone"]))
    if holder is None:
        raise HTTPException(404)
    return holder


SERVICE = Service(name="face_phone", title="刷脸认证的手机页面", routes=routes, breakable=False)
