from django.urls import path

from . import views

TOOLS = "settings/tools/"

urlpatterns = [
    path(TOOLS, views.tools, name="tools"),
    path(f"{TOOLS}new/", views.tool_new, name="tool_new"),
    path(f"{TOOLS}schema/", views.schema_check, name="schema_check"),
    path(f"{TOOLS}<uuid:id>/", views.tool, name="tool"),
    path(f"{TOOLS}<uuid:id>/delete/", views.tool_delete, name="tool_delete"),
]
