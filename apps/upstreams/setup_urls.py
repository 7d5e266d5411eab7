from django.urls import path

from . import setup_views

urlpatterns = [
    path("setup/gateway/", setup_views.gateway, name="setup_gateway"),
    path("setup/gateway/local/", setup_views.local_model, name="setup_local"),
]
