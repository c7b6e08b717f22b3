"""Patterns of paths know folders."""

import pytest
from pydantic import TypeAdapter, ValidationError

from policy.globs import Glob, matches


@pytest.mark.parametrize(
    ("pattern", "path", "wanted"),
    [
        ("contracts/**", "contracts/flights.py", True),
        ("contracts/", "contracts/a/b.py", True),
        ("contracts/*", "contracts/a/b.py", False),
        ("**/*.sql", "top.sql", True),
        ("**/*.sql", "a/b/deep.sql", True),
        ("*.sql", "a/deep.sql", False),
        ("params.ya?l", "params.yaml", True),
        ("a+b/(x).py", "a+b/(x).py", True),
        ("a.py", "abpy", False),
        ("src/**/model.py", "src/model.py", True),
        ("Contracts/**", "contracts/a.py", False),
    ],
)
def test_a_pattern_means_these_paths(pattern: str, path: str, wanted: bool) -> None:
    assert matches(pattern, path) is wanted


@pytest.mark.parametrize("pattern", ["", "/etc/*", "***", "*a*a*a*a*a*a*", "x" * 301])
def test_a_pattern_that_cannot_match_or_takes_long_is_refused(pattern: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Glob).validate_python(pattern)
