"""Finding conversations: the results beside the page, under the address of that page."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from .filters import Filters, chips, models_of
from .models import Folder, Tag
from .search import find
from .views import refusing


def found(user, query: QueryDict) -> dict[str, Any]:
    """What the address asks for, as `_search.html` shows it. Raises ValueError for a wrong `after`."""
    filters = Filters.read(query)
    if not filters:
        return {"filters": filters}
    after = query.get("after", "")
    results = find(user, filters, after)
    return {"filters": filters, "found": results, "chips": chips(user, filters), "after": after}


@login_required
@require_GET
@refusing
def search(request: HttpRequest) -> HttpResponse:
    """What is found, or with `after` the next page of it; the page's own address says what is looked for."""
    try:
        context = found(request.user, request.GET)
    except ValueError as error:
        raise ValidationError(_("This place in the list is not known. Reload the page.")) from error
    if context.get("after"):
        return render(request, "conversations/_hits.html", context)
    response = render(request, "conversations/_search.html", context)
    if request.htmx:
        response["HX-Replace-Url"] = _address(request, context["filters"])
    return response


def _address(request: HttpRequest, filters: Filters) -> str:
    """The asking page's own, with what is looked for in place of what was."""
    url = urlsplit(request.htmx.current_url_abs_path or "/")
    kept = QueryDict(url.query)
    others = [(name, value) for name, values in kept.lists() for value in values if name not in Filters.__slots__]
    query = "&".join(filter(None, [urlencode(others), filters.address]))
    return f"{url.path}?{query}" if query else url.path


@login_required
@require_GET
def search_filters(request: HttpRequest) -> HttpResponse:
    """The choices, as the address or the form has them now."""
    context = {
        "filters": Filters.read(request.GET),
        "models": models_of(request.user),
        "folders": Folder.objects.for_user(request.user),
        "tags": Tag.objects.for_user(request.user),
    }
    return render(request, "conversations/_filters.html", context)
