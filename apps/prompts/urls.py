from django.urls import path

from . import kept_views, palette_views, preset_views, use_views, views

ONE = "prompts/<uuid:id>/"
PRESET = "presets/<uuid:id>/"
A_PROMPT, A_PRESET = {"kind": "prompt"}, {"kind": "preset"}

urlpatterns = [
    path("prompts/", views.prompts, name="prompts"),
    path("prompts/new/", views.prompt_new, name="prompt_new"),
    path("prompts/pick/", use_views.prompt_pick, name="prompt_pick"),
    path("prompts/export/", kept_views.prompts_export, name="prompts_export"),
    path("prompts/import/", kept_views.prompts_import, name="prompts_import"),
    path(ONE, views.prompt, name="prompt"),
    path(f"{ONE}use/", use_views.prompt_use, name="prompt_use"),
    path(f"{ONE}restore/<int:number>/", views.prompt_restore, name="prompt_restore"),
    path(f"{ONE}copy/", kept_views.kept_copy, A_PROMPT, name="prompt_copy"),
    path(f"{ONE}delete/", kept_views.kept_delete, A_PROMPT, name="prompt_delete"),
    path(f"{ONE}undelete/", kept_views.kept_restore, A_PROMPT, name="prompt_undelete"),
    path("presets/", preset_views.presets, name="presets"),
    path("presets/menu/", preset_views.preset_menu, name="preset_menu"),
    path("presets/save/", preset_views.preset_save, name="preset_save"),
    path("presets/undo/", preset_views.preset_undo, name="preset_undo"),
    path(PRESET, preset_views.preset, name="preset"),
    path(f"{PRESET}apply/", preset_views.preset_apply, name="preset_apply"),
    path(f"{PRESET}usual/", preset_views.preset_usual, name="preset_usual"),
    path(f"{PRESET}copy/", kept_views.kept_copy, A_PRESET, name="preset_copy"),
    path(f"{PRESET}delete/", kept_views.kept_delete, A_PRESET, name="preset_delete"),
    path(f"{PRESET}undelete/", kept_views.kept_restore, A_PRESET, name="preset_undelete"),
    path("palette/", palette_views.palette, name="palette"),
    path("palette/commands/", palette_views.palette_commands, name="palette_commands"),
    path("shortcuts/", palette_views.shortcuts, name="shortcuts"),
    path("shortcuts/single/", palette_views.shortcuts_single, name="shortcuts_single"),
]
