"""Songs, from an idea to both clips, on to what continues them, and lyrics."""

import pytest
from playwright.sync_api import Locator, Page, expect

from .harmless import assert_harmless, watch
from .sounds import HOSTILE, SINGS, is_heard, keep_job, too_wide
from .studio import ask, ended, jobs, open_studio

QUICK = "sandbox-music-0s"


def test_an_idea_becomes_two_clips_which_are_continued_and_put_together(page, complaints):
    complaints.tolerate("status of 422")
    open_studio(page, "music", "sandbox-music")
    song = ended(ask(page, f"A calm song about rain {QUICK}"))
    expect(song.locator(".song")).to_have_count(2)
    expect(song.locator(".song__cover[src]")).to_have_count(2)
    song.locator("audio").first.evaluate("(sound) => sound.play()")
    is_heard(page, song)
    song.locator("summary").first.click()
    expect(song.locator(".lyrics").first).to_contain_text("[Verse]")
    go_on(page, song, "Continue")
    expect(page.locator("#prompt")).to_have_value("")
    expect(page.locator('[name="p.continue_at"]')).to_have_value("12")
    longer = ended(ask(page, f"[Verse 2]\nOn and on {QUICK}"))
    go_on(page, longer, "Whole song")
    whole = ended(ask(page))
    expect(whole.locator(".song")).to_have_count(1)
    whole.get_by_role("link", name="Inspect").click()
    expect(page.locator("#panel-run")).to_contain_text("/suno/submit/concat")


def test_lyrics_are_written_and_sung_and_own_audio_is_continued(page, complaints):
    complaints.tolerate("status of 422")
    open_studio(page, "music", "sandbox-music")
    choose(page, "custom")
    page.locator('[name="p.tags"]').fill("rock")
    choose(page, "lyrics")
    written = ended(ask(page, f"Autumn {QUICK}"))
    go_on(page, written, "Use these lyrics")
    expect(page.locator('[name="p.tags"]')).to_have_value("rock")
    sung = ended(ask(page))
    expect(sung.locator(".song")).to_have_count(2)
    choose(page, "upload")
    page.locator("#studio-form [type=submit]").click()
    expect(page.locator("[id='error-p.url']")).to_contain_text("address")
    page.locator('[name="p.url"]').fill("https://example.org/mine.mp3")
    mine = ended(ask(page))
    go_on(page, mine, "Continue")
    expect(page.locator("#studio-task")).to_have_value("upload_extend")
    longer = ended(ask(page, f"[Verse]\nNew words {QUICK}"))
    expect(longer.locator(".song")).to_have_count(2)


def choose(page: Page, task: str) -> None:
    with page.expect_response(lambda reply: reply.url.endswith("/form/")):
        page.locator("#studio-task").select_option(task)
    expect(page.locator("#studio-task")).to_have_value(task)


def go_on(page: Page, card: Locator, name: str) -> None:
    task = page.locator("#studio-task").input_value()
    card.get_by_role("button", name=name, exact=True).first.click()
    expect(page.locator("#studio-task")).not_to_have_value(task)


@pytest.mark.parametrize("look", [{"dark": True}, {"phone": True}], ids=["dark", "phone"])
def test_hostile_words_stay_words_and_everybody_can_use_it(new_page, server, complaints, assert_accessible, look):
    person = server.member()
    keep_job(server, person, made=SINGS, family="music", dialect="suno", prompt=HOSTILE)
    told = {"lyrics": HOSTILE, "title": HOSTILE[:200]}
    keep_job(server, person, made=SINGS, family="music", dialect="suno", prompt="lyrics", result=told)
    page = watch(new_page(person, **look), complaints, server.url)
    page.context.set_extra_http_headers({"Accept-Language": "zh-hans"})
    open_studio(page, "music", "sandbox-music")
    for summary in jobs(page).locator("summary").all():
        summary.click()
    choose(page, "extend")
    assert_harmless(page)
    assert too_wide(page) == []
    assert_accessible(page)
    go_on(page, jobs(page).first, jobs(page).first.locator(".card__foot .btn").first.inner_text())
    expect(page.locator("#studio-task")).to_have_value("custom")
    assert_harmless(page)
