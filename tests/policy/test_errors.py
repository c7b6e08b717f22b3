"""What is wrong with a file is told with its place, whatever section it is read as."""

import pytest
from pydantic import ValidationError

from policy import yaml_text
from policy.environments import BreakGlass
from policy.errors import PolicyError, PolicyProblem, dotted, explain


def explained(text: str) -> list[str]:
    document = yaml_text.read(text, "some.yml")
    with pytest.raises(ValidationError) as caught:
        BreakGlass.model_validate(document.data)
    return [str(explain(item, document, "some.yml", BreakGlass)) for item in caught.value.errors(include_url=False)]


def test_an_error_names_file_line_key_and_what_would_be_right() -> None:
    assert explained("role: ml-lead\nwords: 1\n") == [
        "some.yml:2: `words`: found 1; input should be greater than or equal to 3",
    ]
    assert explained("role: ml-lead\nword: 5\n") == ["some.yml:2: `word`: unknown key; did you mean `words`?"]
    assert explained("words: 5\n") == ["some.yml:1: `role`: the key is missing; add it"]


def test_a_problem_holds_every_error() -> None:
    errors = [PolicyError("a.yml", line, dotted(("b", 0)), "wrong", "right") for line in (1, None)]
    assert str(PolicyProblem(errors)) == "a.yml:1: `b.0`: wrong; right\na.yml: `b.0`: wrong; right"
