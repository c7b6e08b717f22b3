"""A repository's own templates lay out the story, and can do nothing else."""

import pytest

from policy.problems import UserProblem
from reports.markdown import Markdown, code
from reports.templating import render

HOSTILE = "@acme/team <script>"


def drawn(source: str, **values: object) -> str:
    return render("comment.md.j2", values, {"comment.md.j2": source})


def refused(source: str, **values: object) -> UserProblem:
    with pytest.raises(UserProblem) as caught:
        drawn(source, **values)
    return caught.value


def test_safe_markdown_is_printed_as_it_is_and_numbers_are_formatted() -> None:
    assert (
        drawn("{{ name }} has {{ rows }} rows, {{ change }}", name=code("a|b"), rows=12_345, change=-0.5)
        == "`a|b` has 12,345 rows, −0.5"
    )


@pytest.mark.parametrize(
    "source",
    [
        "{{ raw }}",
        "{{ raw ~ '' }}",
        "{{ safe.source }}",
        "{% set x = raw %}{{ x }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(raw) }}",
        "{% for x in [raw] %}{{ x }}{% endfor %}",
        "{{ [raw, raw] | join(' · ') }}",
        "{{ raw | default('') }}",
        "{{ raw if true else '' }}",
        "{% set x %}{{ raw }}{% endset %}{{ x }}",
        "{% filter text %}{{ raw }}{% endfilter %}",
        "{% call(x) m() %}{{ raw }}{% endcall %}{% macro m() %}{{ caller(1) }}{% endmacro %}",
        "{{ code(raw) }}",
        "{{ raw | code }}",
    ],
)
def test_no_way_of_printing_text_leaves_it_unescaped(source: str) -> None:
    try:
        shown = drawn(source, raw=HOSTILE, safe=code(HOSTILE))
    except UserProblem:
        return
    outside = "".join(shown.split("`")[::2])
    assert "@" not in outside
    assert "<" not in outside


@pytest.mark.parametrize(
    "source",
    [
        "{{ name.source | safe }}",
        "{{ name.source | replace('`', '') }}",
        "{{ name.source.strip('`') }}",
        "{{ name.source[1:] }}",
        "{% macro m() %}{{ name }}{% endmacro %}{{ m()[1:] }}",
        "{% macro m() %}{{ name }}{% endmacro %}{{ m() | striptags }}",
        "{% macro m() %}{{ name }}{% endmacro %}{{ m().unescape() }}",
        "{{ name.source | format('x') }}",
        "{{ '%s' % name.source }}",
        "{{ name.__class__ }}",
        "{{ name.__init__.__globals__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 10 ** 10000000 }}",
        "{{ range(1000000000) | list }}",
        "{{ name.missing }}",
        "{{ missing }}",
        "{{ [name] }}",
        "{% include '../../../../etc/passwd' %}",
        "{% include 'page.html.j2' %}",
        "{% import 'os' as os %}",
    ],
)
def test_taking_text_apart_or_reaching_further_is_refused(source: str) -> None:
    assert ".assay/templates/" in refused(source, name=code("x")).where


def test_loops_that_do_not_end_are_stopped() -> None:
    nested = "".join(f"{{% for x{depth} in range(900) %}}" for depth in range(4)) + "{% endfor %}" * 4
    assert "turns" in refused(nested).what


def test_a_literal_loop_bomb_is_stopped_too() -> None:
    nested = "".join(f"{{% for x{depth} in [1,2,3,4,5,6,7,8,9,0] %}}" for depth in range(12)) + "{% endfor %}" * 12
    assert "turns" in refused(nested).what


def test_a_template_that_calls_itself_is_stopped() -> None:
    assert refused("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")


def test_endless_output_is_stopped() -> None:
    line = "x" * 1_000
    assert "prints more than" in refused(f"{{% for x in range(50000) %}}{line}{{% endfor %}}").what


def test_an_error_names_template_and_line() -> None:
    problem = refused("fine\n\n{{ story.nothing }}", story={})
    assert problem.where == ".assay/templates/comment.md.j2:3"
    assert "nothing" in problem.what
    assert refused("fine\n{% if %}").where == ".assay/templates/comment.md.j2:2"


def test_an_error_in_an_included_template_names_that_one() -> None:
    with pytest.raises(UserProblem) as caught:
        render("comment.md.j2", {}, {"comment.md.j2": "{% include 'section.md.j2' %}", "section.md.j2": "\n{{ gone }}"})
    assert caught.value.where == ".assay/templates/section.md.j2:2"


def test_a_template_of_an_unknown_name_is_an_error_and_not_ignored() -> None:
    with pytest.raises(UserProblem, match=r"coment\.md\.j2"):
        render("comment.md.j2", {}, {"coment.md.j2": "x"})


def test_a_template_may_loop_over_what_it_is_given() -> None:
    rows = (Markdown("a"), Markdown("b"))
    assert (
        drawn("{% for row in rows %}{{ loop.index }}:{{ row }}{% if not loop.last %}, {% endif %}{% endfor %}", rows=rows)
        == "1:a, 2:b"
    )
