from django.urls import path

from . import views

PROBE = "settings/upstreams/<uuid:id>/probe/"

urlpatterns = [
    path(PROBE, views.probe, name="probe"),
    path(f"{PROBE}start/", views.probe_start, name="probe_start"),
    path(f"{PROBE}progress/", views.probe_progress, name="probe_progress"),
    path(f"{PROBE}cell/", views.probe_cell, name="probe_cell"),
    path(f"{PROBE}cancel/", views.probe_cancel, name="probe_cancel"),
    path(f"{PROBE}accept/", views.probe_accept, name="probe_accept"),
    path(f"{PROBE}forget/", views.probe_forget, name="probe_forget"),
]
