from django.urls import path

from . import choice_views, picture_views, views
from .compare.urls import urlpatterns as compare
from .inspector.urls import urlpatterns as inspector
from .probe.urls import urlpatterns as probe
from .tools.urls import urlpatterns as tools

urlpatterns = [
    path("", views.home, name="home"),
    path("send/", views.send, name="send"),
    path("switch/", choice_views.switch, name="switch"),
    path("c/<uuid:id>/", views.conversation, name="conversation"),
    path("c/<uuid:id>/older/", views.older, name="older"),
    path("c/<uuid:id>/settings/", views.settings, name="settings"),
    path("m/<uuid:id>/edit/", views.message_edit, name="message_edit"),
    path("m/<uuid:id>/retry/", views.message_retry, name="message_retry"),
    path("m/<uuid:id>/again/", choice_views.message_again, name="message_again"),
    path("m/<uuid:id>/continue/", views.message_continue, name="message_continue"),
    path("m/<uuid:id>/results/", views.message_results, name="message_results"),
    path("m/<uuid:id>/tree/", views.message_tree, name="message_tree"),
    path("m/<uuid:id>/show/", views.message_show, name="message_show"),
    path("m/<uuid:id>/text/", views.message_text, name="message_text"),
    path("runs/<uuid:id>/pictures/<int:index>/", picture_views.run_picture, name="run_picture"),
    path("runs/<uuid:id>/stop/", views.run_stop, name="run_stop"),
    *compare,
    *inspector,
    *probe,
    *tools,
]
