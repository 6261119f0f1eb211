"""What the public reads: releases, newest first, with what was corrected or withdrawn. Nobody signs in."""

import uuid
from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.apps.releases import queries as releases
from jingwei.apps.releases.queries import PublicRelease
from jingwei.doors.web import terms
from jingwei.doors.web.door import Asked, missing_page, whole
from jingwei.doors.web.names import Names

PAGE = 20


def shown(one: PublicRelease, names: Names, request: Asked) -> SimpleNamespace:
    """A release in the page's language; where it has none, in the other, marked with its language."""
    organization, place = names.organization(one.organization), names.place(one.place)
    chinese = bool(one.text_zh) and (terms.is_zh() or not one.text_en)
    title = (one.title_zh or one.title_en) if chinese else (one.title_en or one.title_zh)
    return SimpleNamespace(
        id=one.id,
        one=one,
        lang="zh-Hans" if chinese else "en",
        title=title,
        text=one.text_zh if chinese else one.text_en,
        corrections=[
            SimpleNamespace(
                at=c.at,
                reason=c.reason,
                title=c.title_zh if chinese else c.title_en,
                text=c.zh if chinese else c.en,
            )
            for c in one.corrections
        ],
        organization_zh=organization[0],
        organization_en=organization[1],
        place_zh=place[0],
        place_en=place[1],
        withdrawn=one.withdrawn_at is not None,
        over=one.withdrawn_at is None and one.valid_until <= request.moment.at,
    )


@require_safe
def list_published(request: Asked) -> HttpResponse:
    offset = max(0, whole(request.GET.get("from"), 0) or 0)
    names = Names()
    found = [shown(r, names, request) for r in releases.list_published(limit=PAGE, offset=offset)]
    more = offset + PAGE < releases.count_published()
    context = {
        "releases": found,
        "next_from": offset + PAGE if more else None,
        "earlier_from": max(0, offset - PAGE) if offset else None,
    }
    return render(request, "web/releases/public_list.html", context)


@require_safe
def release(request: Asked, release_id: uuid.UUID) -> HttpResponse:
    found = releases.find_published(release_id)
    if found is None:
        return missing_page(request, _("There is no such release."))
    return render(request, "web/releases/public_release.html", {"r": shown(found, Names(), request)})


@require_safe
def feed(request: Asked) -> HttpResponse:
    """The newest releases as an Atom feed. Source: RFC 4287."""
    names = Names()
    found = [shown(r, names, request) for r in releases.list_published(limit=PAGE)]
    context = {
        "releases": found,
        "base": f"{request.scheme}://{request.get_host()}",
        "updated": max((r.one.changed_at for r in found), default=request.moment.at),
    }
    answer = render(request, "web/releases/feed.xml", context, content_type="application/atom+xml")
    answer["Content-Type"] = "application/atom+xml; charset=utf-8"
    return answer
