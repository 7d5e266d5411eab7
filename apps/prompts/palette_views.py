"""The command palette, and the sheet of keys that is made from the same table."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.conversations import queries as conversations
from apps.conversations.search import search
from apps.upstreams import queries as upstreams

from . import library
from .commands import COMMANDS, GROUPS, pages_for
from .models import Habit
from .preset_views import presets_of
from .views import prompts_of

FEW = 6


@require_GET
@login_required
def palette(request: HttpRequest) -> HttpResponse:
    """What is found of `q` among one's own; with `recent` the latest conversations."""
    query = request.GET.get("q", "").strip()
    if "recent" in request.GET:
        groups = conversations.history(request.user, limit=FEW).groups
        return render(
            request, "prompts/_palette_found.html", {"recent": [item for _, items in groups for item in items]}
        )
    return render(request, "prompts/_palette_found.html", _found(request.user, query) if query else {})


def _found(user, query: str) -> dict:
    return {
        "hits": search(user, query, limit=FEW),
        "prompts": library.search(prompts_of(user), query)[:FEW],
        "presets": library.search(presets_of(user), query)[:FEW],
        "models": _models(user, query),
    }


def _models(user, query: str) -> list:
    words = query.lower().split()
    return [m for m in upstreams.chat_models(user) if all(w in f"{m} {m.name}".lower() for w in words)][:FEW]


@require_GET
@never_cache
@login_required
def palette_commands(request: HttpRequest) -> HttpResponse:
    """What the page can do and where it can go; the page itself finds among these."""
    context = {"commands": [c for c in COMMANDS if c.name != "palette"], "pages": pages_for(request.user)}
    return render(request, "prompts/_palette_commands.html", context)


@require_GET
@never_cache
@login_required
def shortcuts(request: HttpRequest) -> HttpResponse:
    groups = [(label, [c for c in COMMANDS if c.group == name and c.keys]) for name, label in GROUPS.items()]
    context = {"groups": groups, "single": single_keys(request.user)}
    return render(request, "prompts/_shortcuts.html", context)


@require_POST
@login_required
def shortcuts_single(request: HttpRequest) -> HttpResponse:
    """Whether keys without Ctrl or the command key are shortcuts: for some, speech presses them."""
    wanted = request.POST.get("single_keys") == "1"
    Habit.objects.update_or_create(owner=request.user, defaults={"single_keys": wanted})
    return HttpResponse(status=204)


def single_keys(user) -> bool:
    kept = Habit.objects.filter(owner=user).values_list("single_keys", flat=True).first()
    return kept is not False
