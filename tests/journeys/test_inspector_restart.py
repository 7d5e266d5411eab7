"""What went over the wire outlives the process; what a killed process had in its memory does not, and that is said."""

import re
import uuid

from tests.processes import wait_until

from .chatting import offer


def ask(http, model: str, text: str = "Hello") -> str:
    """The new conversation's address."""
    sent = {"text": text, "turn": str(uuid.uuid4()), "model": model}
    return http.post("/send/", data=sent).raise_for_status().headers["HX-Push-Url"]


def run_in(http, path: str) -> str:
    return re.search(r'data-run="([0-9a-f-]{36})"', http.get(path).text)[1]


def test_the_wire_of_a_finished_run_is_there_after_a_restart_and_a_killed_one_says_why_it_is_not(playground_server):
    server = playground_server()
    person = server.member()
    models = offer(server, "sandbox-echo@0", "fault-endless")
    with server.http(person) as http:
        finished = ask(http, models["sandbox-echo@0"])
        wait_until(lambda: 'data-state="completed"' in http.get(finished).text, "the answer is complete")
        cut = ask(http, models["fault-endless"])
        wait_until(lambda: "<p>" in http.get(cut).text, "some of the answer is journaled")
        runs = run_in(http, finished), run_in(http, cut)
    server.kill9()
    server.start()
    with server.http(person) as http:
        assert "delta.content" in http.get(f"/runs/{runs[0]}/tab/wire/").text
        wait_until(lambda: 'data-state="interrupted"' in http.get(cut).text, "the killed run is interrupted")
        assert "The process that made the request died" in http.get(f"/runs/{runs[1]}/tab/wire/").text
        assert http.get(f"/runs/{runs[1]}/").status_code == 200
