"""Organisations, schools and majors: the same search as the portal's."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.params import functions as ninja

from yincai.api import shapes
from yincai.api.keys import Needs
from yincai.api.parameters import After, PlaceName
from yincai.directory import queries as directory
from yincai.directory.vocabulary import RecordView, Sort
from yincai.foundation.errors import NotFound
from yincai.partners.vocabulary import Scope
from yincai.programmes import queries as programmes

Words = Annotated[
    str,
    ninja.Query(
        min_length=1, max_length=60, description="名称的任何一部分、拼音、首字母或代码", example="大学"
    ),
]
SortName = Annotated[
    Literal["organisation", "school", "major"],
    ninja.Path(description="organisation 单位、school 院校、major 专业"),
]
router = Router(tags=["单位、院校和专业"], auth=Needs(Scope.DIRECTORY))


@router.get(
    "/places/{place}/directory/{sort}",
    response=shapes.Records,
    operation_id="search_directory",
    summary="搜索单位、院校或专业",
)
def search(
    request: HttpRequest, place: PlaceName, sort: SortName, q: Words, after: After = ""
) -> shapes.Records:
    """与门户相同的搜索，名称最接近的在前，一页 20 条。"""
    if not directory.keeps_directory(programmes.place(place).name):
        raise NotFound("这个地区没有单位库。请核对地区名称。")
    found = directory.search(place, Sort(sort), q, after=after)
    return shapes.Records(records=[_record(one) for one in found.records], after=found.after)


def _record(one: RecordView) -> shapes.RecordShape:
    return shapes.RecordShape(
        id=one.id,
        sort=one.sort.value,
        name=one.name,
        code=one.code,
        facts={name: str(value) for name, value in one.facts.items()},
        valid_from=one.valid_from,
        is_example=one.is_example,
    )
