from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("send/", views.send, name="send"),
    path("c/<uuid:id>/", views.conversation, name="conversation"),
    path("c/<uuid:id>/older/", views.older, name="older"),
    path("c/<uuid:id>/settings/", views.settings, name="settings"),
    path("m/<uuid:id>/edit/", views.message_edit, name="message_edit"),
    path("m/<uuid:id>/retry/", views.message_retry, name="message_retry"),
    path("m/<uuid:id>/continue/", views.message_continue, name="message_continue"),
    path("m/<uuid:id>/show/", views.message_show, name="message_show"),
    path("m/<uuid:id>/text/", views.message_text, name="message_text"),
    path("runs/<uuid:id>/stop/", views.run_stop, name="run_stop"),
]
