"""Everything that can be done by a key or from the palette, in one table: the help sheet, the palette and the key
handlers are made from it.

`keys` are alternatives; `mod` is Ctrl, or the command key of a Mac. `target` is what is pressed on the page: the last
that is there, or with the act `focus` goes to, with `next` and `previous` stands beside the one that is shown. A page
without it has no such command. `told` are keys that the page handles where they are pressed: the sheet tells them.
"""

from contextlib import suppress
from functools import cache

import msgspec
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

ANSWER, PROMPT = "#thread .turn--assistant:last-of-type", "#thread .turn--user"
LISTED = '#history a[href^="/c/"], #history a[href^="/compare/"]'
CHATS, VIEW, WRITE = "chats", "view", "write"
GROUPS = {WRITE: _("Message"), CHATS: _("Conversations"), VIEW: _("The page")}


class Command(msgspec.Struct, frozen=True):
    name: str
    label: object
    icon: str
    group: str
    keys: tuple[str, ...] = ()
    target: str = ""
    act: str = "click"
    told: bool = False

    @property
    def shown(self) -> list[list[str]]:
        """Each alternative as the caps of its keys."""
        return [[NAMES.get(cap, cap.upper()) for cap in keys.split("+")] for keys in self.keys]


NAMES = {"mod": "mod", "shift": _("Shift"), "enter": "Enter", "escape": "Esc"}
COMMANDS = (
    Command("palette", _("Command palette"), "search", VIEW, ("mod+k",), "#palette", "palette"),
    Command("help", _("Keyboard shortcuts"), "info", VIEW, ("?",), "#shortcuts", "dialog"),
    Command("send", _("Send"), "send", WRITE, ("enter",), told=True),
    Command("line", _("New line"), "edit", WRITE, ("shift+enter",), told=True),
    Command("stop", _("Stop the answer"), "stop", WRITE, ("escape",), "[data-stop]", told=True),
    Command("write", _("Write a message"), "edit", WRITE, ("m",), "#message", "focus"),
    Command("prompts", _("Insert a prompt from the library"), "file", WRITE, ("/",), "[data-prompts-open]"),
    Command("retry", _("Regenerate the answer"), "refresh", WRITE, ("r",), f"{ANSWER} .turn__form [type=submit]"),
    Command("edit", _("Edit the last prompt"), "edit", WRITE, ("e",), f"{PROMPT} [data-edit]"),
    Command("copy", _("Copy the last answer"), "copy", WRITE, ("y",), f"{ANSWER} .turn__form [data-copy-url]"),
    Command(
        "copy-code",
        _("Copy the last code block"),
        "code",
        WRITE,
        ("shift+y",),
        "#thread .turn--assistant .code [data-copy]",
    ),
    Command("new-chat", _("New chat"), "compose", CHATS, ("mod+shift+o",), "a.rail__brand, [data-new-chat]"),
    Command("search", _("Search conversations"), "search", CHATS, ("s",), "[data-search]", "search"),
    Command("next", _("Next conversation"), "chevron-down", CHATS, ("j",), LISTED, "next"),
    Command("previous", _("Previous conversation"), "chevron-right", CHATS, ("k",), LISTED, "previous"),
    Command("pin", _("Pin or unpin"), "pin", CHATS, ("p",), '#chat-menu [hx-post$="/pin/"]'),
    Command(
        "archive", _("Archive, or move out of the archive"), "box", CHATS, ("a",), '#chat-menu [hx-post$="/archive/"]'
    ),
    Command("rename", _("Rename"), "edit", CHATS, (), "#chat-menu [data-rename-open]"),
    Command("delete", _("Delete…"), "trash", CHATS, (), "#chat-menu [commandfor=delete-dialog]"),
    Command("history", _("Show or hide the history"), "panel-left", VIEW, ("h",), "#side", "pane"),
    Command("inspector", _("Show or hide the inspector"), "panel-right", VIEW, ("i",), "#inspector", "pane"),
    Command("model", _("Choose a model"), "box", WRITE, (), "#composer [popovertarget=model-picker]"),
    Command("format", _("Choose the wire format"), "wire", WRITE, (), "#wire-button"),
    Command("attach", _("Attach files"), "attach", WRITE, (), "#composer [data-attach]"),
    Command("preset", _("Save these settings as a preset"), "settings", WRITE, (), "#inspector [data-preset-save]"),
)

# (name of the address, label, icon, whether only administrators go there)
PAGES = (
    ("home", _("New chat"), "compose", False),
    ("compare", _("Compare"), "compare", False),
    ("library", _("Library"), "folder", False),
    ("usage", _("Usage"), "usage", False),
    ("prompts", _("Prompts"), "file", False),
    ("presets", _("Presets"), "settings", False),
    ("tools", _("Tools"), "tools", False),
    ("links", _("Links"), "link", False),
    ("transfer", _("Export and import"), "download", False),
    ("account", _("Account"), "account", False),
    ("people", _("People"), "account", True),
    ("upstreams", _("Upstreams"), "settings", True),
    ("budgets", _("Budgets"), "usage", True),
    ("audit", _("Audit log"), "clock", True),
    ("account_logout", _("Sign out"), "external", False),
)


def pages_for(user) -> list[tuple[str, object, str]]:
    """(address, label, icon) of each page that there is for this person."""
    found = []
    for name, label, icon, only_administrators in PAGES:
        with suppress(NoReverseMatch):
            path = reverse(name)
            if user.is_administrator or not only_administrators:
                found.append((path, label, icon))
    return found


@cache
def handlers() -> str:
    """What the page's script needs of each, as JSON: no words, so it is the same in each language."""
    told = [{"name": c.name, "keys": () if c.told else c.keys, "target": c.target, "act": c.act} for c in COMMANDS]
    return msgspec.json.encode(told).decode()
