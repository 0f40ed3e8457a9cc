"""What operations take from address, query and headers, each written once."""

from __future__ import annotations

from typing import Annotated

from ninja.params import functions as ninja

from yincai.api.names import NAME

PlaceName = Annotated[str, ninja.Path(pattern=NAME, description="地区的名称，见地区列表")]
ProgrammeName = Annotated[str, ninja.Path(pattern=NAME, description="事项的名称，见事项列表")]
After = Annotated[str, ninja.Query(max_length=200, description="上一页回答里的 after，原样带来；第一页不带")]
