"""An administrator connects a gateway, sees what is wrong with another, and arranges its models."""

import pytest
from playwright.sync_api import expect

from tests.upstreams.conftest import scripted  # noqa: F401
from tests.upstreams.scripted import always, models

pytestmark = pytest.mark.usefixtures("server")


@pytest.fixture
def admin_page(new_page, server):
    page = new_page(server.administrator)
    page.goto("/settings/upstreams/")
    return page


def connect(page, url: str, name: str, key: str = "sk-test-0123456789") -> None:
    page.get_by_label("Base URL").fill(url)
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Test and connect").click()


def test_a_gateway_is_connected_and_its_models_arranged(admin_page, scripted, assert_accessible):  # noqa: F811
    page = admin_page
    assert_accessible(page)
    connect(page, f"{scripted(always(models('gpt-4o', 'whisper-1'))).url}/v1", "House gateway")
    expect(page.locator("#connect")).to_contain_text("2 models are ready")
    page.locator("#upstreams").get_by_role("link", name="House gateway").click()
    expect(page.locator("#models")).to_contain_text("gpt-4o")
    assert_accessible(page)
    switch = page.get_by_role("switch", name="Offer whisper-1")
    switch.click()
    expect(switch).not_to_be_checked()
    page.get_by_role("link", name="Edit gpt-4o").click()
    assert_accessible(page)
    page.get_by_label("label").fill("The good one")
    page.locator("#models").get_by_role("button", name="Save").click()
    expect(page.locator("#models")).to_contain_text("The good one")
    page.reload()
    expect(page.get_by_role("switch", name="Offer whisper-1")).not_to_be_checked()
    page.get_by_role("button", name="Test and refresh").click()
    expect(page.locator("#test")).to_contain_text("2 models listed")


def test_a_gateway_that_refuses_the_key_is_told_and_what_was_typed_stays(admin_page, scripted, complaints):  # noqa: F811
    complaints.tolerate("status of 400")
    page = admin_page
    connect(page, scripted(always({"error": {"message": "no such key"}}, status=401)).url, "Refuser")
    expect(page.locator("#connect-result")).to_contain_text("no such key")
    expect(page.get_by_label("Key", exact=True)).to_have_value("sk-test-0123456789")
    page.get_by_role("button", name="Save it anyway").click()
    expect(page.locator("#upstreams")).to_contain_text("Refuser")
    expect(page.locator("#connect")).to_contain_text("Saved, though the test failed")


def test_the_page_fits_a_phone_and_the_dark(new_page, server, assert_accessible):
    for look in ({"phone": True}, {"dark": True}):
        page = new_page(server.administrator, **look)
        page.goto("/settings/upstreams/")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
