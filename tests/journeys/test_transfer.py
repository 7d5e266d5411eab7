"""Export and import in a browser: a ChatGPT export comes in, is read, goes out as one file that opens by itself."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.hostile.corpus import TEXTS
from tests.servers import PlaygroundServer
from tests.transfer import samples
from tests.transfer.conftest import zipped

from .harmless import assert_harmless, watch

RICH = """Maths $x^2$ and code:

```python
print("<b>")
```

![far](https://images.example/far.png)
"""


@pytest.fixture
def export_of_chatgpt(tmp_path) -> Path:
    """A ZIP file with one talk worth reading, one that means harm, and one that is broken."""
    worth, harmful = samples.chatgpt(), samples.chatgpt(conversation_id="h", title=TEXTS["script"])
    worth["mapping"]["a2"]["message"]["content"]["parts"] = [RICH]
    harmful["mapping"]["a2"]["message"]["content"]["parts"] = ["\n\n".join(list(TEXTS.values())[:60])]
    broken = {"title": "Broken", "conversation_id": "b"}
    path = tmp_path / "export.zip"
    entries = {**samples.CHATGPT_ZIP, "conversations.json": samples.encoded([worth, harmful, broken])}
    path.write_bytes(zipped(entries))
    return path


def bring(page: Page, path: Path) -> None:
    page.goto("/settings/import/")
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".transfer .badge")).to_have_text("done")


def download(page: Page, format: str, tmp_path: Path) -> Path:
    page.locator("#chat-menu-button").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name=format).click()
    path = tmp_path / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def test_a_history_of_elsewhere_comes_in_and_goes_out_again(
    page, server, complaints, export_of_chatgpt, assert_accessible, tmp_path
):
    watch(page, complaints, server.url)
    page.goto("/settings/export/")
    assert_accessible(page)
    bring(page, export_of_chatgpt)
    expect(page.locator(".transfer")).to_contain_text("2 imported, 0 here already, 1 failed")
    expect(page.get_by_role("row")).to_have_count(4)
    assert_accessible(page)
    page.get_by_role("link", name="failed").click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("row").last).to_contain_text("no messages")
    bring(page, export_of_chatgpt)
    expect(page.locator(".transfer")).to_contain_text("0 imported, 2 here already, 1 failed")
    page.reload()
    page.get_by_role("link", name=TEXTS["script"]).click()
    expect(page.locator(".turn--assistant")).to_have_count(2)
    assert_harmless(page)
    page.get_by_role("link", name="A red thing").click()
    expect(page.locator(".turn--assistant")).to_have_count(2)
    expect(page.locator(".turn--assistant").last.locator("math")).to_be_visible()
    expect(page.locator(".turn__files img, .figure img").first).to_have_js_property("complete", True)
    told = json.loads(download(page, "Export as JSON", tmp_path).read_bytes())
    assert [talk["title"] for talk in told["conversations"]] == ["A red thing"]
    opens_by_itself(page, download(page, "Export as HTML", tmp_path), assert_accessible)
    everything(page, tmp_path)


def opens_by_itself(page: Page, path: Path, assert_accessible) -> None:
    """From the disk, with no server: formatted, with its pictures, and asking nobody for anything."""
    alone = page.context.browser.new_context(offline=True, color_scheme="dark")
    try:
        wanted = []
        file = alone.new_page()
        file.on("request", lambda request: wanted.append(request.url))
        file.goto(path.as_uri())
        expect(file.locator("h1")).to_have_text("A red thing")
        expect(file.locator("math")).to_be_visible()
        assert file.locator("pre code span").count()
        for place in range(file.locator("img").count()):
            assert file.locator("img").nth(place).evaluate("image => image.naturalWidth") == 40
        assert file.locator("script, button, form, iframe").count() == 0
        background = file.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background != "rgb(255, 255, 255)"
        assert [url for url in wanted if not url.startswith(("file:", "data:"))] == []
        assert_accessible(file)
    finally:
        alone.close()


def everything(page: Page, tmp_path: Path) -> None:
    """All of it as a ZIP file, which is there after a reload too, and is taken in again without a copy."""
    page.goto("/settings/export/")
    page.get_by_role("button", name="Export everything").click()
    expect(page.locator(".transfer .badge")).to_have_text("done")
    page.reload()
    with page.expect_download() as coming:
        page.get_by_role("link", name=re.compile("Download")).click()
    path = tmp_path / coming.value.suggested_filename
    coming.value.save_as(path)
    assert path.suffix == ".zip"
    bring(page, path)
    expect(page.locator(".transfer")).to_contain_text("0 imported, 2 here already, 0 failed")


def test_an_import_goes_on_after_the_server_was_killed(make_server, new_page, complaints, tmp_path):
    complaints.tolerate("ERR_CONNECTION_REFUSED")
    server: PlaygroundServer = make_server()
    try:
        page = new_page(server.member(), server)
        path = tmp_path / "many.json"
        talks = [samples.chatgpt(conversation_id=str(number), title=f"No. {number}") for number in range(400)]
        path.write_bytes(samples.encoded(talks))
        page.goto("/settings/import/")
        page.get_by_label("File").set_input_files(path)
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.locator(".transfer .badge")).to_have_text("under way")
        page.goto("about:blank")
        server.kill9()
        server.start()
        page.goto("/settings/import/")
        expect(page.locator(".transfer .badge")).to_have_text("done")
        expect(page.locator(".transfer")).to_contain_text("400 imported, 0 here already, 0 failed")
    finally:
        server.stop()
