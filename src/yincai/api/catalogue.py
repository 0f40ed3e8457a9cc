"""What can be applied for, where, by whom, with what: public content, kept by clients for five minutes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router

from yincai.api import shapes
from yincai.api.keys import Needs
from yincai.api.parameters import PlaceName, ProgrammeName
from yincai.engine.expressions import Expression
from yincai.engine.place import Place
from yincai.engine.spec import Material, Programme
from yincai.partners.vocabulary import Scope
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import PublishedVersion

FRESH = "private, max-age=300"
router = Router(tags=["事项目录"], auth=Needs(Scope.CATALOGUE))


@router.get("/places", response=shapes.Places, operation_id="list_places", summary="全部地区")
def places(request: HttpRequest, response: HttpResponse) -> shapes.Places:
    """开通服务的地区，及其主管单位和窗口。"""
    response["Cache-Control"] = FRESH
    return shapes.Places(places=[_place(one) for one in programmes.places()])


@router.get(
    "/places/{place}/applications",
    response=shapes.Applications,
    operation_id="list_applications",
    summary="一个地区门户的应用系统",
)
def applications(request: HttpRequest, response: HttpResponse, place: PlaceName) -> shapes.Applications:
    """门户列出的应用系统，已开通的在前。"""
    response["Cache-Control"] = FRESH
    found = [
        shapes.ApplicationShape(
            name=one.application.name,
            title=one.application.title,
            summary=one.application.summary,
            place=one.place,
            is_open=one.application.is_open,
            programmes=list(one.application.programmes),
        )
        for one in programmes.systems(place)
    ]
    return shapes.Applications(applications=found)


@router.get(
    "/places/{place}/programmes",
    response=shapes.Programmes,
    operation_id="list_programmes",
    summary="一个地区的事项",
)
def listing(request: HttpRequest, response: HttpResponse, place: PlaceName) -> shapes.Programmes:
    """现行版本，按名称排列。"""
    response["Cache-Control"] = FRESH
    offers = programmes.catalogue(programmes.place(place).name)
    return shapes.Programmes(programmes=[shapes.ProgrammeLine(**_line(one)) for one in offers])


@router.get(
    "/places/{place}/programmes/{name}",
    response=shapes.ProgrammeShape,
    operation_id="get_programme",
    summary="一个事项",
)
def programme(
    request: HttpRequest,
    response: HttpResponse,
    place: PlaceName,
    name: ProgrammeName,
) -> shapes.ProgrammeShape:
    """种类、条件、材料、时限和依据。"""
    response["Cache-Control"] = FRESH
    version = programmes.current(place, name)
    spec = version.programme
    return shapes.ProgrammeShape(
        **_line(version),
        who=spec.about.who,
        minutes=spec.about.minutes,
        cost=spec.about.cost,
        duration=spec.about.duration,
        legal_basis=list(spec.about.legal_basis),
        variants=_variants(spec),
        materials=[_material(one) for one in spec.materials],
        times=[
            shapes.TimeShape(
                state=state.name, title=state.title, amount=state.limit.amount, unit=state.limit.unit.value
            )
            for state in spec.workflow.states
            if state.limit is not None
        ],
    )


def _place(place: Place) -> shapes.PlaceShape:
    offices = [
        shapes.OfficeShape(
            name=one.name, title=one.title, address=one.address, phone=one.phone, hours=one.hours
        )
        for one in place.offices
    ]
    return shapes.PlaceShape(name=place.name, title=place.title, owner=place.owner, offices=offices)


def _line(version: PublishedVersion) -> shapes.JSONObject:
    return {
        "place": version.place,
        "name": version.name,
        "title": version.programme.title,
        "summary": version.programme.summary,
        "version": version.number,
        "published_at": version.published_at,
        "page": f"{settings.BASE_URL}{reverse('public:programme', args=[version.place, version.name])}",
    }


def _variants(spec: Programme) -> list[shapes.VariantShape]:
    return [
        shapes.VariantShape(
            code=one.code,
            title=one.title,
            summary=one.summary,
            conditions=list(one.conditions),
            is_offered=one.offered,
            regions=list(spec.regions_of(one)),
        )
        for one in spec.variants
    ]


def _material(one: Material) -> shapes.MaterialShape:
    conditional = isinstance(one.required, Expression) or one.visible is not None
    required = "depends" if conditional else "always" if one.required else "optional"
    return shapes.MaterialShape(
        name=one.name,
        title=one.title,
        form=one.form.value,
        required=required,
        accept=[kind.value for kind in one.accept],
        most_files=one.max_files,
        hint=one.hint,
    )
