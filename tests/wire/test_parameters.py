"""The controls of a format: unset ones are not sent, wrong ones are refused by name."""

import pytest

from apps.wire.exceptions import ParameterError
from apps.wire.formats import FORMATS
from apps.wire.parameters import Parameter, check, read, write

PARAMETERS = FORMATS["openai_chat"].PARAMETERS
BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ({}, {}),
        ({"temperature": "", "seed": "  "}, {}),
        ({"temperature": "0"}, {"temperature": 0.0}),
        ({"temperature": " 0.7 "}, {"temperature": 0.7}),
        ({"temperature": "2", "presence_penalty": "-2"}, {"temperature": 2, "presence_penalty": -2}),
        ({"max_tokens": "100"}, {"max_tokens": 100}),
        ({"max_tokens": "100.0"}, {"max_tokens": 100}),
        ({"seed": "-5"}, {"seed": -5}),
        ({"reasoning_effort": "high"}, {"reasoning_effort": "high"}),
        ({"enable_thinking": "false", "logprobs": "on"}, {"enable_thinking": False, "logprobs": True}),
        ({"stop": "END\r\n\\n\\n\n"}, {"stop": ["END", "\n\n"]}),
        ({"stop": " "}, {"stop": [" "]}),
        ({"logit_bias": '{"50256": -100}'}, {"logit_bias": {"50256": -100}}),
        ({"user": "Ann"}, {"user": "Ann"}),
        ({"unrelated": "x"}, {}),
    ],
)
def test_a_form_is_read_into_typed_values_and_unset_fields_are_not_sent(form, values):
    assert read(PARAMETERS, form) == values


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("temperature", "2.1", "Temperature must be between 0 and 2."),
        ("temperature", "-0.1", "Temperature must be between 0 and 2."),
        ("temperature", "warm", "Temperature must be a number."),
        ("temperature", "nan", "Temperature must be a number."),
        ("temperature", "inf", "Temperature must be a number."),
        ("max_tokens", "0", "Max tokens must be between 1 and 10000000."),
        ("max_tokens", "1.5", "Max tokens must be a whole number."),
        ("max_tokens", "9" * 5000, "Max tokens must be a whole number."),
        ("top_logprobs", "21", "Top log probabilities must be between 0 and 20."),
        ("reasoning_effort", "a lot", "Reasoning effort must be one of none, minimal, low, medium, high, xhigh, max."),
        ("store", "maybe", "Store must be on or off."),
        ("stop", "a\nb\nc\nd\ne", "Stop sequences takes at most 4 lines."),
        ("logit_bias", "{", "Logit bias must be JSON."),
        ("logit_bias", "7", "Logit bias must be a JSON object or list."),
    ],
)
def test_a_wrong_value_is_refused_with_the_field_named(name, text, said):
    with pytest.raises(ParameterError) as caught:
        read(PARAMETERS, {name: text})
    assert (caught.value.name, str(caught.value)) == (name, said)
    assert caught.value.template.format(**caught.value.values) == said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("temperature", True), ("temperature", "0.5"), ("max_tokens", False), ("store", "true"), ("user", 7)),
        *(("stop", 7), ("stop", [""]), ("stop", [1]), ("metadata", "x"), ("verbosity", 1), ("n", 2)),
    ],
)
def test_values_of_another_type_and_unknown_names_are_refused(name, value):
    with pytest.raises(ParameterError) as caught:
        check(PARAMETERS, {name: value})
    assert caught.value.name == name


def test_a_range_may_have_one_end():
    low = Parameter("low", "integer", "other", "Low", minimum=1)
    high = Parameter("high", "number", "other", "High", maximum=0.5)
    assert check([low, high], {"low": 10**9, "high": -1e9}) == {"low": 10**9, "high": -1e9}
    with pytest.raises(ParameterError, match=r"^Low must be at least 1\.$"):
        check([low], {"low": 0})
    with pytest.raises(ParameterError, match=r"^High must be at most 0\.5\.$"):
        check([high], {"high": 1})


def test_values_that_are_unset_are_left_out_and_the_others_kept():
    given = {"temperature": 1, "seed": None, "user": "", "stop": "END"}
    assert check(PARAMETERS, given) == {"temperature": 1, "stop": ["END"]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("temperature", 0.7), ("seed", 5), ("store", True), ("logprobs", False), ("user", "Ann")),
        ("stop", ["END", "\n\n", "a\\n", "\t"]),
        ("logit_bias", {"50256": -100}),
        ("reasoning_effort", "none"),
    ],
)
def test_a_stored_value_is_shown_as_its_field_would_have_it(name, value):
    assert read(PARAMETERS, {name: write(BY_NAME[name], value)}) == {name: value}


def test_an_unset_value_is_shown_as_an_empty_field():
    assert write(BY_NAME["temperature"], None) == ""


@pytest.mark.parametrize("format", FORMATS)
def test_every_parameter_can_be_labelled_and_told_apart(format):
    parameters = FORMATS[format].PARAMETERS
    assert len({parameter.name for parameter in parameters}) == len(parameters)
    assert all(parameter.label for parameter in parameters)
    assert all(bool(parameter.choices) == (parameter.kind == "choice") for parameter in parameters)
    assert all(
        parameter.step and parameter.minimum is not None for parameter in parameters if parameter.kind == "number"
    )


def test_the_number_of_answers_is_no_parameter_as_a_run_is_one_answer():
    assert "n" not in BY_NAME
