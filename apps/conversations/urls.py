from django.urls import path

from . import folder_views, order_views, search_views, views

urlpatterns = [
    path("history/", views.history, name="history"),
    path("history/order/<slug:action>/", order_views.order, name="order"),
    path("history/undo/", order_views.undo, name="order_undo"),
    path("history/choose-folder/", order_views.choose_folder, name="choose_folder"),
    path("history/choose-tags/", order_views.choose_tags, name="choose_tags"),
    path("history/deleted/", order_views.contents, name="bin"),
    path("history/deleted/empty/", order_views.empty, name="bin_empty"),
    path("history/deleted/<uuid:id>/restore/", order_views.restore, name="bin_restore"),
    path("history/deleted/<uuid:id>/erase/", order_views.erase, name="bin_erase"),
    path("history/folders/form/", folder_views.folder_form, name="folder_form"),
    path("history/folders/new/", folder_views.folder_new, name="folder_new"),
    path("history/folders/<uuid:id>/", folder_views.folder, name="folder"),
    path("history/folders/<uuid:id>/menu/", folder_views.folder_menu, name="folder_menu"),
    path("history/folders/<uuid:id>/open/", folder_views.folder_open, name="folder_open"),
    path("history/folders/<uuid:id>/step/", folder_views.folder_step, name="folder_step"),
    path("history/folders/<uuid:id>/delete/", folder_views.folder_delete, name="folder_delete"),
    path("history/tags/", folder_views.tag_sheet, name="tags"),
    path("history/tags/<uuid:id>/", folder_views.tag, name="tag"),
    path("history/tags/<uuid:id>/merge/", folder_views.tag_merge, name="tag_merge"),
    path("history/tags/<uuid:id>/delete/", folder_views.tag_delete, name="tag_delete"),
    path("search/", search_views.search, name="search"),
    path("search/filters/", search_views.search_filters, name="search_filters"),
    path("draft/", views.draft, name="draft"),
    path("c/<uuid:id>/menu/", views.menu, name="conversation_menu"),
    path("c/<uuid:id>/rename/", views.rename, name="conversation_rename"),
    path("c/<uuid:id>/pin/", views.pin, name="conversation_pin"),
    path("c/<uuid:id>/archive/", views.archive, name="conversation_archive"),
    path("c/<uuid:id>/delete/", views.delete, name="conversation_delete"),
]
