"""Video, from the form over a task that takes its time to the player, and on from there."""

import re

from playwright.sync_api import expect

from tests.media import files

from .studio import LONG, ask, ended, give, jobs, offer_maker, open_studio


def test_a_video_shows_its_progress_survives_a_reload_plays_and_is_remixed(page, server):
    offer_maker(server, "video", "sandbox-video-4s")
    open_studio(page, "video", "sandbox-video-4s")
    card = ask(page, "Slow push-in on a bottle")
    expect(card.locator("progress")).to_be_visible(timeout=LONG)
    page.reload()
    player = ended(card).locator("video")
    expect(player).to_have_attribute("poster", re.compile("/thumbnail/"))
    player.evaluate("(video) => video.play()")
    page.wait_for_function("() => document.querySelector('.job video').currentTime > 0")
    player.evaluate("(video) => { video.currentTime = video.duration - 0.2; }")
    page.wait_for_function("() => !document.querySelector('.job video').seeking")
    with page.expect_response(lambda reply: reply.url.endswith("/again/")):
        card.get_by_role("button", name="Remix").click()
    expect(page.locator("#studio-of")).not_to_have_value("")
    remixed = ended(ask(page, "The same at night"))
    expect(remixed.locator("video")).to_have_count(1)
    remixed.get_by_role("link", name="Inspect").click()
    expect(page.locator("#panel-run")).to_contain_text("/remix")


def test_a_first_frame_a_last_frame_and_a_picture_of_the_other_studio_go_along(page):
    open_studio(page, "video", "sandbox-veo")
    give(page, "first_frame", "first.png", files.picture(size=(64, 36)))
    give(page, "last_frame", "last.png", files.picture(size=(64, 36), colour="blue"))
    card = ended(ask(page, "From red to blue"))
    expect(card.locator("video")).to_have_count(1)
    card.get_by_role("link", name="Inspect").click()
    expect(page.locator("#main .attachment img")).to_have_count(2)


def test_a_running_job_is_cancelled_in_every_tab_and_stays_so(page, server):
    offer_maker(server, "video", "sandbox-video-60s")
    open_studio(page, "video", "sandbox-video-60s")
    card = ask(page, "A long one")
    other = page.context.new_page()
    other.goto("/studio/video/")
    there = other.locator(f"#{card.get_attribute('id')}")
    expect(there.get_by_role("button", name="Cancel")).to_be_visible()
    card.get_by_role("button", name="Cancel").click()
    for place in (card, there):
        ended(place, "cancelled")
    page.reload()
    ended(card, "cancelled")
    other.close()


def test_each_failure_is_told_and_one_of_the_download_alone_is_mended_without_a_new_job(page, server):
    open_studio(page, "video", "fault-video-moderated")
    card = ended(ask(page, "Somebody famous"), "error")
    expect(card.locator(".job__error")).to_contain_text(re.compile(r"\w{4,}"))
    open_studio(page, "video", "fault-video-private")
    lost = ask(page, "It lies where nobody may look")
    expect(lost.get_by_role("button", name="Fetch again")).to_be_visible(timeout=LONG)
    expect(jobs(page)).to_have_count(2)
