"""Second step of first run: connect a gateway, or begin with what is built in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from apps.accounts.access import administrator_required
from apps.accounts.audit import record

from . import catalogue, local
from .setup_forms import GatewayForm

CONNECT = "connect"
WAITING = ("fetching", "loading")


@never_cache
@sensitive_post_parameters("key")
@administrator_required
def gateway(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, GatewayForm())
    if request.POST.get("start", CONNECT) != CONNECT:
        return redirect("/")
    form = GatewayForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    # What does not work is not kept, so that trying again starts clean; what was typed stays in the form.
    upstream, result = catalogue.connect(**form.cleaned_data)
    if not upstream._state.adding:
        record(request.user, "upstream.connect", upstream.name)
    return _page(request, form, result=result, status=200 if result.ok else 400)


@require_safe
@never_cache
@administrator_required
def local_model(request: HttpRequest) -> HttpResponse:
    """How far the local model is; the page asks again while it starts."""
    return render(request, "upstreams/_setup_local.html", _local())


def _page(request: HttpRequest, form: GatewayForm, status: int = 200, **more) -> HttpResponse:
    context = {"form": form, "sandbox": settings.SANDBOX, **_local(), **more}
    return render(request, "upstreams/setup.html", context, status=status)


def _local() -> dict:
    status = local.status()
    waiting, ready = status.state in WAITING, status.state == "ready"
    return {
        "local": status,
        "local_waiting": waiting,
        "local_coming": waiting or ready,
        "local_mark": "ok" if ready else "" if waiting else "warn",
    }
