"""A watch for pages that show hostile text: whatever such a text sets going becomes a complaint, at whatever moment."""

from playwright.sync_api import Page

from .conftest import Complaints

WATCH = r"""
(() => {
  const TEXT = ":is(.prose, .turn__bubble) *";
  const FOREIGN = "script, style, iframe, object, embed, base, meta, link, form, template, textarea, svg:not(.icon)";
  const SUSPECT = /^(on|hx-|data-|xlink|(style|name|id|href|src|type|action|background)$)/;
  const OURS = {
    id: /^(o|note|ref)-/,
    href: /^(https?:|mailto:|#(note|ref|src)-|\/static\/)/i,
    src: /^(data:image\/(png|jpeg|gif|webp);base64,|\/assets\/)/,
    type: /^(button|checkbox)$/,
    "data-copy": /^$/,
    "data-url": /^(https?:|mailto:|$)/i,
  };

  function* strange(place) {
    for (const element of place.querySelectorAll(TEXT)) {
      const tag = element.localName;
      if (element.closest(".turn__bubble") || element.matches(FOREIGN) || tag.includes("-")) yield `<${tag}>`;
      for (const { name, value } of element.attributes)
        if (SUSPECT.test(name) && !OURS[name]?.test(value)) yield `<${tag} ${name}="${value}">`;
    }
  }

  window.strange = function* () {
    yield* strange(document);
    const brought = document.querySelectorAll("script:not([src^='/static/']), iframe, object, embed, base, style");
    yield* [...brought].map((element) => element.outerHTML);
    for (const element of document.querySelectorAll("*"))
      for (const { name } of element.attributes) if (/^on|^style$/.test(name)) yield `<${element.localName} ${name}>`;
  };
  window.owned = () => { window.hacked = true; console.error("owned() was called"); };

  new MutationObserver((records) => {
    for (const place of new Set(records.map(({ target }) => target.closest?.("article") ?? document)))
      for (const found of strange(place)) console.error("strange", found);
  }).observe(document, { childList: true, subtree: true });
})();
"""


def watch(page: Page, complaints: Complaints, home: str) -> Page:
    """Complains of scripts that run, markup that isn't ours, dialogs, windows, and requests that a text made."""
    context = page.context
    context.add_init_script(WATCH)
    context.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    context.on("page", lambda opened: complaints.append(f"window: {opened.url}"))
    context.on("request", lambda request: _is_ours(request.url, home) or complaints.append(f"request: {request.url}"))
    return page


def _is_ours(url: str, home: str) -> bool:
    return url.startswith((f"{home}/", "data:image/")) and "/accounts/logout/" not in url


def assert_harmless(page: Page) -> None:
    """Nothing ran, and the document as it stands holds no markup that a text brought."""
    assert page.evaluate("[...strange()]") == []
    assert not page.evaluate("window.hacked")
