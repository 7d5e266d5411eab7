"""Speech, from the text to what is heard while it comes, and on from there."""

import pytest
from playwright.sync_api import expect

from .harmless import assert_harmless, watch
from .sounds import HOSTILE, SINGS, is_heard, keep_job, too_wide
from .studio import LONG, ask, choose_model, ended, jobs, open_studio

TEXT = "The quick brown fox jumps over the lazy dog, and a river runs past the old mill. "


def test_a_text_is_heard_while_it_comes_to_its_end_and_goes_on_to_be_transcribed(page, complaints):
    complaints.tolerate("status of 422")
    heard = []
    page.on("response", lambda reply: "/sound/" in reply.url and heard.append(reply.status))
    open_studio(page, "speech", "sandbox-speech-tone")
    page.locator("#prompt").fill(TEXT * 1300)
    page.locator("#studio-form [type=submit]").click()
    expect(page.locator("#error-prompt")).to_contain_text("at most 100,000")
    page.locator('[name="p.voice"]').fill("nova")
    card = ask(page, TEXT * 10)
    player = card.locator("audio")
    expect(player).to_have_count(1, timeout=LONG)
    is_heard(page, card)
    ended(card)
    assert heard[0] == 200, "it was heard while it came"
    assert not player.evaluate("(sound) => sound.paused || sound.error")
    card.locator("[data-waveform]").click()
    is_heard(page, card, 20)
    assert player.evaluate("(sound) => sound.currentTime") < 40, "it was led there"
    page.reload()
    player.evaluate("(sound) => sound.play()")
    is_heard(page, card)
    player.evaluate("(sound) => sound.pause()")
    with page.expect_download() as kept:
        card.get_by_role("link", name="Download").click()
    assert kept.value.suggested_filename.endswith(".mp3")
    card.get_by_role("button", name="Transcribe").click()
    expect(page.locator('[data-slot="audio"] [data-chip]')).to_have_count(1)
    expect(page).to_have_url("/studio/transcription/")


def test_a_long_text_that_goes_in_several_requests_is_heard_to_its_end_while_it_comes(page):
    page.add_init_script(
        "window.heard = [];"
        "document.addEventListener('pause', ({ target }) => {"
        "  window.heard.push([new URL(target.currentSrc).pathname, target.currentTime]); }, true);"
    )
    open_studio(page, "speech", "sandbox-speech-tone")
    page.locator('[name="p.speed"]').fill("4")
    card = ask(page, TEXT * 52)
    is_heard(page, card)
    card.locator("audio").evaluate("(sound) => { sound.playbackRate = 16; }")
    expect(page.locator("#estimate")).to_contain_text("2 requests")
    seconds = float(ended(card).locator("audio").get_attribute("data-seconds"))
    page.wait_for_function("() => window.heard.length")
    [[path, at]] = page.evaluate("window.heard")
    assert path.endswith("/sound/"), "what came was heard, not the file that it became"
    assert at == pytest.approx(seconds, abs=1)


def test_bare_samples_are_heard_while_they_come_and_kept_as_a_file(page):
    open_studio(page, "speech", "sandbox-speech-tone")
    page.locator('[name="p.response_format"]').select_option("pcm")
    card = ask(page, TEXT * 3)
    is_heard(page, card)
    expect(ended(card).locator("figcaption")).to_contain_text("audio/wav")


@pytest.mark.parametrize("look", [{"dark": True}, {"phone": True}], ids=["dark", "phone"])
def test_hostile_words_stay_words_and_everybody_can_use_it(new_page, server, complaints, assert_accessible, look):
    person = server.member()
    keep_job(server, person, made=SINGS, family="speech", dialect="openai_speech", prompt=HOSTILE)
    page = watch(new_page(person, **look), complaints, server.url)
    page.context.set_extra_http_headers({"Accept-Language": "zh-hans"})
    open_studio(page, "speech", "sandbox-speech-tone")
    choose_model(page, "sandbox-speech")
    expect(jobs(page).locator("audio")).to_have_count(2)
    assert_harmless(page)
    assert too_wide(page) == []
    assert_accessible(page)
