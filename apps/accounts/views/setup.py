"""The first page anybody ever sees."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ..forms import SetupForm
from ..refusals import set_up_already
from ..setup import AlreadySetUp, is_over, set_up


@never_cache
@sensitive_post_parameters("password")
def administrator(request: HttpRequest) -> HttpResponse:
    if is_over():
        return redirect("/")
    form = SetupForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/setup.html", {"form": form}, status=400 if form.is_bound else 200)
    try:
        user = set_up(**form.cleaned_data)
    except AlreadySetUp as error:
        return set_up_already(request, error)
    login(request, user)
    return redirect("setup_gateway")
