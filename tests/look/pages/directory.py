"""The pages of organisations, schools and majors: the search with and without results, a record."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.look.pages.album import Album, Cast
from yincai.directory import queries
from yincai.directory.actions import publish_directory
from yincai.directory.models import Record
from yincai.directory.versions import write_version
from yincai.directory.vocabulary import PAGE, Sort
from yincai.foundation import clock

PLACE = "harbour_city"
LONG = "港城远洋示例先进材料与智能制造联合研究中心（重点实验室）国际合作与成果转化有限责任公司"

ASKED = {Sort.ORGANISATION: "灯塔", Sort.SCHOOL: "大学", Sort.MAJOR: "航海"}


def take_all(album: Album, cast: Cast) -> None:
    """Every page of a place's directory."""
    publish_directory(settings.PLACES / PLACE)
    for number in range(PAGE + 1):
        row = Record.objects.create(place=PLACE, sort=Sort.ORGANISATION)
        write_version(row, name=f"{LONG}第{number}分公司", code="", facts={}, since=clock.today())
    take_search(album, Client())


def take_search(album: Album, anybody: Client) -> None:
    """What anybody finds, or does not."""
    searches = {sort: reverse(f"directory:{sort}s", args=[PLACE]) for sort in Sort}
    for sort, address in searches.items():
        album.take(f"{sort} search, nothing asked", anybody, address)
        album.take(f"{sort} search, nothing found", anybody, f"{address}?q=没有这个名字")
        found = queries.search(PLACE, sort, ASKED[sort])
        album.take(f"{sort} search, found", anybody, f"{address}?q={found.records[0].name}")
        album.take(f"{sort}", anybody, reverse(f"directory:{sort}", args=[PLACE, found.records[0].id]))
    album.take("organisation search, long names", anybody, f"{searches[Sort.ORGANISATION]}?q=港")
    (first,) = queries.search(PLACE, Sort.ORGANISATION, f"{LONG}第0").records
    album.take("organisation, long", anybody, reverse("directory:organisation", args=[PLACE, first.id]))
    for name in ("港城图书馆", "港城港务集团有限公司"):
        (one,) = queries.search(PLACE, Sort.ORGANISATION, name).records
        album.take(f"organisation, {name}", anybody, reverse("directory:organisation", args=[PLACE, one.id]))
