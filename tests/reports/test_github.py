import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.facts.evaluation import HistoryPoint
from reports import github, mermaid
from reports.markdown import code, fence, row, text


def test_tables_folds_and_code_are_drawn_as_github_does():
    html = github.to_html(
        "### Title\n\n| a | b |\n|---|--:|\n| `x` | 1 |\n\n<details><summary><b>More</b></summary>\n\n**bold**\n\n</details>\n"
    )
    assert "<h3>Title</h3>" in html
    assert '<td class="right">1</td>' in html
    assert "<details><summary><b>More</b></summary>" in html
    assert html.count("<details>") == html.count("</details>") == 1


def test_a_comment_of_html_vanishes_with_its_marker():
    assert "assay:report" not in github.to_html("<!-- assay:report v1 -->\nhello")


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "![x](https://example.com/pixel.png)",
        "<details ontoggle=alert(1) open><summary>x",
        "<style>*{display:none}</style>",
        "<b style='position:fixed'>x</b>",
        "<svg><script>alert(1)</script></svg>",
        "</div></article></section><h1>out</h1>",
    ],
)
def test_ga_04_nothing_runs_nothing_is_fetched_and_nothing_gets_out_of_its_box(attack):
    html = f"<div>{github.to_html(attack)}</div>"
    tags = re.findall(r"<[^>]*>", html)
    assert not any(re.search(r"\bon\w+=|script|style|src=|javascript:", tag) for tag in tags)
    assert sum(tag == "<div>" for tag in tags) == sum(tag == "</div>" for tag in tags)


def test_our_own_chart_is_drawn_as_a_picture():
    points = [HistoryPoint(label=f"#{at}", value=0.7 + at / 100) for at in range(5)]
    html = github.to_html(mermaid.history("roc_auc", points, 0.72, "main").source)
    assert "<svg" in html
    assert "xychart" not in html
    assert "roc_auc" in html


def test_a_chart_that_we_did_not_write_stays_code():
    html = github.to_html("```mermaid\ngraph TD; A-->B\n```\n")
    assert "<pre><code>graph TD; A--&gt;B" in html


def test_a_user_cannot_name_the_place_of_a_picture():
    assert "\ue000" not in github.to_html("\ue0000\ue001")


@given(st.text(max_size=200))
def test_whatever_a_user_wrote_stays_inside_its_cell(words):
    source = "\n".join([row([code("a"), code("b")]), "| --- | --- |", row([code(words), text(words)]), "", fence(words).source])
    html = github.to_html(source)
    assert html.count("<td>") == 2
    allowed = {"table", "thead", "tbody", "tr", "th", "td", "code", "pre", "em"}
    assert {tag.strip("/") for tag in re.findall(r"<(/?\w+)", html)} <= allowed
