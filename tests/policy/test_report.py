"""How a verdict is published, as assay.yml says it."""

import pytest

from policy import document
from policy.report import Report


def test_a_policy_that_says_nothing_of_reports_has_no_section() -> None:
    assert document.read("version: 1\n").report is None


def test_an_empty_section_means_our_own_publisher_without_pictures_and_with_every_comment() -> None:
    assert document.read("version: 1\nreport: {}\n").report == Report(publisher="assay", pictures=False, quiet=False)


def test_every_key_is_read() -> None:
    text = "version: 1\nreport:\n  publisher: cml\n  pictures: true\n  quiet: true\n"
    assert document.read(text).report == Report(publisher="cml", pictures=True, quiet=True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("publisher: gitlab", 'assay.yml:3: `report.publisher`: found "gitlab"'),
        ("pictures: always", 'assay.yml:3: `report.pictures`: found "always"'),
        ("quite: true", "did you mean `quiet`?"),
    ],
    ids=["another publisher", "no switch", "a slip"],
)
def test_what_is_none_of_it_is_an_error_on_its_line(line: str, said: str) -> None:
    with pytest.raises(document.PolicyProblem) as raised:
        document.read(f"version: 1\nreport:\n  {line}\n")
    assert said in str(raised.value)
