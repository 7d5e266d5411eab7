from django.urls import path

from . import views

urlpatterns = [
    path("history/", views.history, name="history"),
    path("search/", views.search, name="search"),
    path("draft/", views.draft, name="draft"),
    path("c/<uuid:id>/rename/", views.rename, name="conversation_rename"),
    path("c/<uuid:id>/pin/", views.pin, name="conversation_pin"),
    path("c/<uuid:id>/archive/", views.archive, name="conversation_archive"),
    path("c/<uuid:id>/delete/", views.delete, name="conversation_delete"),
]
