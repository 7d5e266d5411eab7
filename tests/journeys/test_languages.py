"""Both languages at the widths where the layout changes: nothing sticks out, and no control is cut or broken in two."""

import pytest
from django.urls import reverse
from httpx import Response

from apps.studio.families import ALL
from tests.architecture.gates import ADMINISTRATOR, GATES, SIGNED_IN
from tests.journeys.test_pages import AT_REST, WIDE, talk

# Of layout.css: everything side by side, the inspector a drawer, the history too, the rail a sheet.
WIDTHS = (1440, 1120, 900, 390)
# Fragments are shown within pages, and downloads are none.
PAGES = ("<!doctype html", "<!DOCTYPE html")
BROKEN = """
() => {
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length;
  const told = (e, how) => `${how}: ${e.className} ${e.textContent.trim().slice(0, 40)}`;
  const lines = (e) => {
    const range = document.createRange();
    range.selectNodeContents(e);
    return new Set([...range.getClientRects()].filter((r) => r.width > 1).map((r) => Math.round(r.bottom / 8))).size;
  };
  const controls = [...document.querySelectorAll(".btn, .tab, .seg__item, .badge, .rail__label")].filter(shown);
  const cut = [...document.querySelectorAll(".btn, .tab, .seg__item, .badge, .rail__label, h1, h2, label, th")]
    .filter((e) => shown(e) && !e.closest(".visually-hidden, .truncate") && e.scrollWidth > e.clientWidth + 1 &&
      getComputedStyle(e).overflowX !== "visible" && getComputedStyle(e).textOverflow !== "ellipsis");
  const beyond = controls.filter((e) => {
    const box = e.getBoundingClientRect();
    return box.right > innerWidth + 1 && !e.closest(".table-scroll, [popover], .tabs, .filters, pre");
  });
  const wrapped = controls.filter((e) => e.matches(".btn, .tab, .badge, .rail__label") && lines(e) > 2);
  const found = { cut, beyond, wrapped };
  return Object.entries(found).flatMap(([how, elements]) => elements.map((e) => told(e, how)));
}
"""


@pytest.fixture(scope="module")
def house(make_server):
    """A server whose administrator has something on every page."""
    house = make_server()
    house.conversation = talk(house, house.administrator)
    yield house
    house.stop()


def paths(house) -> list[str]:
    """Every page that an administrator may open without knowing of a thing, and a conversation."""
    gates = GATES.items()
    names = [
        name for name, (who, method, of) in gates if who in (SIGNED_IN, ADMINISTRATOR) and method == "GET" and not of
    ]
    found = ["/admin/", *map(reverse, names), *(family.path for family in ALL)]
    with house.http(house.administrator) as http:
        return [house.conversation, *(path for path in found if is_page(http.get(path)))]


def is_page(reply: Response) -> bool:
    return reply.status_code == 200 and reply.text.lstrip().startswith(PAGES)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_fits_in_both_languages_at_every_width(house, new_page, language):
    page = new_page(house.administrator, house)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": house.url}])
    found = {}
    for path in paths(house):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_function(AT_REST)
            if wrong := [*page.evaluate(WIDE), *page.evaluate(BROKEN)]:
                found[f"{path} at {width}"] = wrong
    assert found == {}
