from django.urls import path

from . import model_views, remote_image, views

UPSTREAM = "settings/upstreams/<uuid:id>/"
MODEL = "settings/models/<uuid:id>/"

urlpatterns = [
    path("settings/upstreams/", views.upstreams, name="upstreams"),
    path("settings/upstreams/connect/", views.upstream_connect, name="upstream_connect"),
    path(UPSTREAM, views.upstream, name="upstream"),
    path(f"{UPSTREAM}check/", views.upstream_check, name="upstream_check"),
    path(f"{UPSTREAM}delete/", views.upstream_delete, name="upstream_delete"),
    path(MODEL, model_views.model_edit, name="model_edit"),
    path(f"{MODEL}switch/", model_views.model_switch, name="model_switch"),
    path("remote-image/", remote_image.remote_image, name="remote_image"),
]
