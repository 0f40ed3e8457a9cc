"""The pages of organisations, schools and majors: the search with and without results, a record."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.answers import picture
from tests.directory.asking import MAJOR, WRITTEN, ask, licence, resident, reviewer
from tests.look.pages.album import Album, Cast
from yincai.directory import queries
from yincai.directory.actions import decide_request, publish_directory
from yincai.directory.models import Record
from yincai.directory.versions import write_version
from yincai.directory.vocabulary import PAGE, Deed, Sort
from yincai.foundation import clock
from yincai.people import queries as people

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
    take_requests(album)
    take_desk(album)


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


def at(name: str, *args: object) -> str:
    """An address of this door."""
    return reverse(f"directory:{name}", args=[PLACE, *args])


def take_requests(album: Album) -> None:
    """The form in each state, a request in each standing, rights, guides."""
    for name in ("guide-not-found", "guide-administrators"):
        album.take(name, Client(), at(name))
    asker = personas.sign_in(resident(), second_factor=False)
    for name in ("requests", "rights"):
        album.take(f"{name}, empty", asker, at(name))
    for sort in Sort:
        album.take(f"{sort}-add, empty", asker, at(f"{sort}-add"))
        posted = {"_key": str(uuid4()), "file": picture(), "name": LONG * 3}
        album.take(f"{sort}-add, wrong", asker, at(f"{sort}-add"), posted, status=422)
    named = {one: queries.search(PLACE, Sort.ORGANISATION, one).records[0] for one in ("灯塔", "图书馆")}
    near = {"_key": str(uuid4()), **WRITTEN, "name": "西岛灯塔咖啡店有限公司", "file": picture()}
    album.take("organisation-add, near", asker, at("organisation-add"), near)
    same = near | {"_key": str(uuid4()), "uscc": named["灯塔"].code, "file": picture()}
    album.take("organisation-add, same", asker, at("organisation-add"), same)
    for one in named.values():
        for name in ("organisation-change", "administrator"):
            album.take(f"{name}, {one.name}", asker, at(name, one.id))
    take_standings(album, asker, named["图书馆"].id)


def take_standings(album: Album, asker: Client, library: UUID) -> None:
    """Requests as their maker sees them, from the form on."""
    posted = {"_key": str(uuid4()), **WRITTEN, "name": f"{LONG}总部", "confirmed": "1", "file": picture()}
    album.take("request, pending", asker, at("organisation-add"), posted)
    officer = reviewer()
    refused = ask(sort=Sort.SCHOOL)
    decide_request(refused.id, actor=officer, approve=False, opinion="校名看不清，请重新拍摄。")
    approved = ask(sort=Sort.MAJOR)
    decide_request(approved.id, actor=officer, approve=True, opinion="")
    right = ask(deed=Deed.ADMINISTER, record_id=library, written={"phone": "13800000009"})
    decide_request(right.id, actor=officer, approve=True, opinion="")
    for one in (refused, approved, right):
        album.take(f"request, {one.number}", asker, at("request", one.id))
    for name in ("requests", "rights"):
        album.take(f"{name}, filled", asker, at(name))


def take_desk(album: Album) -> None:
    """The reviewers' pages."""
    officer = reviewer("ershen")
    desk = personas.sign_in(resident("ershen"), second_factor=True)
    (lighthouse,) = queries.search(PLACE, Sort.ORGANISATION, "灯塔咖啡").records
    change = ask(deed=Deed.CHANGE, record_id=lighthouse.id, written=WRITTEN | {"uscc": lighthouse.code})
    other = people.applicant_of(resident("other"))
    held = ask("other", sort=Sort.SCHOOL, upload=licence(other, is_read=False))
    own = ask("ershen", sort=Sort.MAJOR, written=MAJOR | {"name": "港口管理"})
    album.take("desk directory, waiting", desk, reverse("desk:directory"))
    for name, one in (("change", change), ("held", held), ("own", own)):
        album.take(f"desk directory, {name}", desk, reverse("desk:directory-request", args=[one.id]))
    address = reverse("desk:directory-request", args=[change.id])
    album.take("desk directory, no reason", desk, address, {"verdict": "refuse"}, status=422)
    album.take("desk directory, phone unasked", desk, address, {"verdict": "reveal"}, status=422)
    album.take("desk directory, phone", desk, address, {"verdict": "reveal", "reason": "核对执照"})
    rights = reverse("desk:directory-rights")
    album.take("desk directory, rights", desk, rights)
    (right,) = queries.administers(resident().pk)
    album.take("desk directory, right without reason", desk, rights, {"right": str(right.id)}, status=422)
    album.take("desk directory, right ended", desk, rights, {"right": str(right.id), "reason": "离职"})
    for one in queries.waiting(officer, PLACE)[0]:
        decider = reviewer() if one.id == own.id else officer
        decide_request(one.id, actor=decider, approve=False, opinion="材料不全")
    album.take("desk directory, empty", desk, reverse("desk:directory"))
