"""What must not stand in any file of ours."""

import re

from tests.architecture.sources import all_files, files, name_of

# Written in pieces so that this file does not find itself.
PLACES = re.compile(
    "|".join(("pypi" r"\.org", "python" r"hosted\.", "npm" r"js\.(org|com)", r"(?<![\w.}])/(work|tm" r"p|root|home)/"))
)
INLINE = re.compile(r"""<script(?![^>]*\bsrc=)|<style\b|\s(style|on[a-z]+)\s*=\s*["'{]""")
# A field's help text is ours, with markup where Django itself puts some.
UNSAFE = re.compile(r"(?<!\.help_text)\|\s*safe\b|{%\s*autoescape off|mark_safe\(|\bunsafe-(inline|eval)")
# Django ends `{#` at the end of its line: the rest of a longer one is shown to the reader.
LONG_COMMENT = re.compile(r"{#(?!.*#})")


def found(pattern: re.Pattern, paths) -> list[str]:
    return [
        f"{name_of(path)}:{number} {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry_or_a_place_of_one_machine():
    assert found(PLACES, all_files()) == []


def test_templates_have_no_inline_script_style_or_handler_because_the_policy_refuses_them():
    assert found(INLINE, files(".html", "templates")) == []


def test_templates_never_switch_escaping_off():
    assert found(UNSAFE, files(".html", "templates")) == []


def test_no_comment_of_a_template_runs_over_its_line_and_onto_the_page():
    assert found(LONG_COMMENT, files(".html", "templates")) == []
