"""Our side among many names: the search of organisations, as its page asks it.

What is generated.  Names of a city's organisations as people found them: often the city, often a district, a
brand of two to four characters out of 160, one of 24 trades, one of 20 legal forms; each with a code.  Every
row is spelt by the room's own `spelling`.  Asked are parts of those names, drawn anew for every question.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from random import Random
from uuid import UUID

from django.db import connection

from bench.sample import DatabaseMeter, Sample
from yincai.directory import queries
from yincai.directory.models import Version
from yincai.directory.spelling import pinyin_of, spelt
from yincai.directory.vocabulary import Sort
from yincai.foundation import clock

PLACE = "bench"
CITY = ("江海市", "江海", "江南省", "", "", "", "")
DISTRICT = ("天鹅区", "白石区", "越溪区", "海棠区", "花桥区", "南湾区", "", "", "", "")
BRAND = (
    "安邦宝博昌超晨诚创达大德鼎东方飞丰福富光广国海汉浩和恒宏鸿华辉汇慧佳嘉建健捷金锦京景聚君凯康科乐力立联龙隆美"
    "民明铭南宁鹏平普奇千强清庆荣瑞润三森山尚神盛胜圣时世顺四泰腾天通同万威维伟文五西祥欣新信星兴雄旭雅亚阳一亿义"
    "永优友宇雨玉元远悦云运泽展振正志智中众卓紫龘"
)
TRADE = (
    "科技",
    "信息技术",
    "贸易",
    "电子",
    "生物医药",
    "建筑工程",
    "装饰设计",
    "餐饮管理",
    "物业管理",
    "文化传播",
    "教育咨询",
    "物流",
    "汽车服务",
    "食品",
    "服装",
    "化工",
    "机械设备",
    "网络科技",
    "投资管理",
    "人力资源服务",
    "医疗器械",
    "环保工程",
    "广告",
    "农业发展",
)
FORM = (
    *["有限公司"] * 14,
    *("有限责任公司", "股份有限公司", "有限公司分公司", "集团有限公司", "经营部", "商行", "中心", "工作室"),
)
SAMPLED = 500
COLUMNS = (
    "id, record_id, number, place, sort, name, code, folded, grams, latin, facts, is_example, valid_from,"
    " recorded_at"
)


def fill(count: int) -> Sample:
    """Generate `count` organisations and index them; tells how long it took."""
    began = time.perf_counter()
    with connection.schema_editor() as editor:
        for index in Version._meta.indexes:
            editor.remove_index(Version, index)
    draw, now = Random(7), clock.now()  # noqa: S311 - names, no secrets
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        with cursor.copy("COPY directory_record (id, place, sort, seed) FROM STDIN") as copy:
            for number in range(count):
                copy.write_row((_id(number), PLACE, Sort.ORGANISATION.value, ""))
        with cursor.copy(f"COPY directory_version ({COLUMNS}) FROM STDIN") as copy:
            for number, (name, syllables) in enumerate(_names(draw, count)):
                words = spelt(name, syllables, _code(number))
                key = (UUID(int=draw.getrandbits(128)), _id(number), 1, PLACE, Sort.ORGANISATION.value)
                copy.write_row(
                    (*key, name, _code(number), words.folded, words.grams, words.latin, "{}", False)
                    + (date(2020, 1, 1), now)
                )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SET maintenance_work_mem = '512MB'")
    with connection.schema_editor() as editor:
        for index in Version._meta.indexes:
            editor.add_index(Version, index)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE directory_version")
    return Sample(cpu=time.perf_counter() - began)


def _asking(part: Callable[[Version], str]) -> Callable[[int], Sample]:
    def ask(count: int) -> Sample:
        """Seconds on the wall and of PostgreSQL's CPU, of one search each."""
        asked = [part(_draw().choice(_sampled())) for _ in range(count)]
        with _meter() as meter:
            began = time.perf_counter()
            for query in asked:
                queries.search(PLACE, Sort.ORGANISATION, query)
            took = time.perf_counter() - began
        return Sample(cpu=took, queries=meter.queries, database_cpu=meter.cpu).each(count)

    return ask


def _part(text: str, length: int) -> str:
    start = _draw().randrange(max(1, len(text) - length + 1))
    return text[start : start + length]


def _initials(one: Version, length: int) -> str:
    return _part(one.latin.partition("\n")[0], length)


KINDS: dict[str, Callable[[Version], str]] = {
    "one character": lambda one: _part(one.name, 1),
    "two characters": lambda one: _part(one.name, 2),
    "four characters": lambda one: _part(one.name, 4),
    "the whole name": lambda one: one.name,
    "initials, two": lambda one: _initials(one, 2),
    "initials, four": lambda one: _initials(one, 4),
    "all initials": lambda one: one.latin.partition("\n")[0],
    "whole pinyin": lambda one: one.latin.split("\n")[2],
    "the code": lambda one: one.code,
    "part of the code": lambda one: one.code[-6:],
    "a miss": lambda one: _part(BRAND, 2)[::-1] + "犇",
    "a miss by initials": lambda one: _initials(one, 3) + "vvi",
}


def _names(draw: Random, count: int) -> Iterator[tuple[str, list[str]]]:
    for _ in range(count):
        brand = "".join(draw.choice(BRAND) for _ in range(draw.choice((2, 2, 2, 3, 3, 4))))
        parts = (draw.choice(CITY), draw.choice(DISTRICT), brand, draw.choice(TRADE), draw.choice(FORM))
        yield "".join(parts), [syllable for part in parts if part for syllable in _syllables(part)]


@lru_cache(maxsize=200_000)
def _syllables(part: str) -> tuple[str, ...]:
    return tuple(pinyin_of(part))


@lru_cache(maxsize=1)
def _sampled() -> list[Version]:
    return list(Version.objects.filter(place=PLACE).order_by("id")[:SAMPLED])


@lru_cache(maxsize=1)
def _meter() -> DatabaseMeter:
    return DatabaseMeter()


@lru_cache(maxsize=1)
def _draw() -> Random:
    return Random(11)  # noqa: S311 - questions, no secrets


def _code(number: int) -> str:
    return f"91990100MA{number:08}"


def _id(number: int) -> UUID:
    return UUID(int=number + 1)


def main() -> None:
    """Set Django up and answer."""
    from bench.sides import serve

    serve({"fill": fill, **{name: _asking(part) for name, part in KINDS.items()}})
