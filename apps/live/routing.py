from django.urls import path

from .consumers import PageConsumer

urlpatterns = [path("ws/", PageConsumer.as_asgi())]
