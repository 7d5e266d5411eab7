from django.urls import path

from . import views

urlpatterns = [
    path("settings/budgets/", views.budgets, name="budgets"),
    path("settings/budgets/new/", views.budget_create, name="budget_create"),
    path("settings/budgets/<uuid:id>/", views.budget, name="budget"),
    path("settings/budgets/<uuid:id>/switch/", views.budget_switch, name="budget_switch"),
    path("settings/budgets/<uuid:id>/delete/", views.budget_delete, name="budget_delete"),
]
