"""CML's mark: found as CML wrote it, written so that CML finds it."""

import re

import pytest

from bot.cml.watermark import Watermark, watermark
from policy.problems import UserProblem

SHA = "4f0e" * 10


def written_by_cml(title: str, sha: str = SHA) -> str:
    return f'# Report\n\n![](https://cml.dev/watermark.png#{sha} "{title}")'


def cml_finds(label: str, body: str) -> bool:
    """CML 0.20.6's own search, word for word in Python."""
    title = re.sub(r"([_*\[<])", r"\\\1", f"CML watermark {label}".strip())
    return bool(re.search(rf'!\[\]\(https://cml\.dev/watermark\.png#[0-9a-fA-F]+ "{re.escape(title)}"\)', body))


def test_a_comment_that_cml_wrote_is_found_whichever_commit_it_tells() -> None:
    assert Watermark("", SHA).is_in(written_by_cml("CML watermark"))
    assert Watermark("", "0" * 40).is_in(written_by_cml("CML watermark"))
    assert Watermark("train_all", SHA).is_in(written_by_cml(r"CML watermark train\_all"))
    assert Watermark("train_all", SHA).is_in(written_by_cml("CML watermark train_all"))


@pytest.mark.parametrize("label", ["", "training", "a_b*c", "[x] <y>", "größe 1", "a-b (c)"])
def test_cml_finds_a_comment_that_we_wrote(label: str) -> None:
    body = f"# Report\n\n{Watermark(label, SHA)}\n"
    assert cml_finds(label, body)
    assert Watermark(label, SHA).is_in(body)


def test_our_mark_makes_no_browser_fetch_anything() -> None:
    assert re.fullmatch(r"<!-- .* -->", str(Watermark("x", SHA)))


def test_another_label_is_another_comment() -> None:
    assert not Watermark("one", SHA).is_in(str(Watermark("two", SHA)))
    assert not Watermark("", SHA).is_in(str(Watermark("two", SHA)))
    assert not Watermark("", SHA).is_in("CML watermark")


def test_a_report_that_quotes_a_mark_is_not_taken_for_it() -> None:
    assert not Watermark("one", SHA).is_in(f"{Watermark('one', SHA)}\n\n{Watermark('two', SHA)}")


def test_workflow_and_run_are_replaced() -> None:
    assert watermark("{workflow} {run}", SHA, "CI", "7").title == "CML watermark CI 7"


@pytest.mark.parametrize("label", ["a --> b", "a --!> b", "two\nlines", 'a "b"', "a\\b"])
def test_a_label_that_would_break_out_of_the_mark_is_refused(label: str) -> None:
    with pytest.raises(UserProblem, match="--watermark-title"):
        watermark(label, SHA, "", "")
