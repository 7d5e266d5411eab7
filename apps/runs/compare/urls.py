from django.urls import path

from . import column_views, views

ONE = "compare/<uuid:id>/columns/<uuid:column>/"

urlpatterns = [
    path("compare/", views.compare, name="compare"),
    path("compare/row/", views.compare_row, name="compare_row"),
    path("compare/begin/", views.compare_begin, name="compare_begin"),
    path("compare/<uuid:id>/", views.comparison, name="comparison"),
    path("compare/<uuid:id>/ask/", views.comparison_ask, name="comparison_ask"),
    path("compare/<uuid:id>/stop/", views.comparison_stop, name="comparison_stop"),
    path("compare/<uuid:id>/vote/", views.comparison_vote, name="comparison_vote"),
    path("compare/<uuid:id>/reveal/", views.comparison_reveal, name="comparison_reveal"),
    path("compare/<uuid:id>/diff/", column_views.comparison_diff, name="comparison_diff"),
    path("compare/<uuid:id>/columns/", column_views.comparison_columns, name="comparison_columns"),
    path(ONE, column_views.comparison_column, name="comparison_column"),
    path(f"{ONE}retry/", column_views.column_retry, name="column_retry"),
    path(f"{ONE}go-on/", column_views.column_go_on, name="column_go_on"),
    path(f"{ONE}remove/", column_views.column_remove, name="column_remove"),
    path(f"{ONE}chat/", column_views.column_chat, name="column_chat"),
    path("m/<uuid:id>/compare/", column_views.message_compare, name="message_compare"),
]
