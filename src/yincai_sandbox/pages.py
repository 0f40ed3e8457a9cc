"""Server-rendered pages: Jinja templates, escaped by default, one stylesheet, no scripts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

HERE = Path(__file__).parent
CHINA = ZoneInfo("Asia/Shanghai")


class Pages:
    """Renders the templates of the sandbox."""

    def __init__(self) -> None:
        """Sets up the environment: everything is escaped, a missing value is an error."""
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["moment"] = moment_in_words
        self._environment.filters["phone"] = phone_in_groups

    def show(self, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
        """Answers with one page."""
        return HTMLResponse(self._environment.get_template(template).render(**facts), status_code=status)


def moment_in_words(at: datetime) -> str:
    """Returns a moment as people in China read it: 2026年11月22日 09:05:01."""
    local = at.astimezone(CHINA)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}"


def phone_in_groups(number: str) -> str:
    """Returns a mainland number as 199 0000 0001, any other as it is."""
    local = number.removeprefix("+86")
    if number.startswith("+86") and len(local) == 11:
        return f"{local[:3]} {local[3:7]} {local[7:]}"
    return number
