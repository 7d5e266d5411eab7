from django.urls import path

from . import views

urlpatterns = [
    path("runs/<uuid:id>/", views.run, name="run"),
    path("runs/<uuid:id>/answer/", views.run_answer, name="run_answer"),
    path("runs/<uuid:id>/again/", views.run_again, name="run_again"),
    path("runs/<uuid:id>/tab/<slug:tab>/", views.run_tab, name="run_tab"),
    path("runs/<uuid:id>/events/", views.run_events, name="run_events"),
    path("runs/<uuid:id>/events/<int:number>/", views.run_event, name="run_event"),
    path("runs/<uuid:id>/code/", views.run_code, name="run_code"),
    path("runs/<uuid:id>/download/<slug:kind>/", views.run_download, name="run_download"),
]
