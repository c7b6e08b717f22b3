"""Charts for a comment: drawn from numbers, shown only at addresses of our own repository."""

import builtins

import pytest

from policy.facts.plots import PlotFact
from reports import comment, exhibits
from reports.exhibits import Exhibit
from tests.reports import samples

PNG = b"\x89PNG\r\n\x1a\n"
HERE = f"/acme/flights/blob/{'a' * 40}/{'b' * 40}.png?raw=true"
SERIES = {"side": "head", "x": [0.0, 1.0], "y": [0.5, 0.6]}
ELSEWHERE = [
    "",
    HERE.replace("acme", "mallory"),
    f"https://evil.example{HERE}",
    f"/{HERE}",
    HERE.replace("?raw=true", ") @org/team ![](https://evil.example/x.png"),
    HERE + "\n",
]


def with_plots(*titles: str):
    plots = [PlotFact.model_validate({"title": title, "series": [SERIES]}) for title in titles]
    return samples.facts().model_copy(update={"plots": plots, "plots_total": len(plots)})


def drawn(*pictures: Exhibit) -> str:
    told = samples.facts()
    revision = told.revision.model_copy(update={"repository": "acme/flights"})
    return comment.render(told.model_copy(update={"revision": revision}), samples.verdict(), pictures=pictures)


def test_gates_and_plots_are_png():
    found = exhibits.exhibits(with_plots("Loss"), samples.verdict())
    assert [each.title for each in found] == ["Gates", "Loss"]
    assert all(each.content.startswith(PNG) and not each.why for each in found)


def test_a_plot_without_points_is_left_out():
    told = samples.facts().model_copy(update={"plots": [PlotFact(title="Loss", detail="no file")], "plots_total": 1})
    assert [each.title for each in exhibits.exhibits(told, samples.verdict())] == ["Gates"]


def test_many_plots_are_not_all_drawn_and_the_rest_is_said():
    found = exhibits.exhibits(with_plots(*(f"plot {at}" for at in range(10))), samples.verdict())
    assert len([each for each in found if each.content]) == exhibits.MOST
    assert found[-1].title == "3 more plots" and "HTML report" in found[-1].why


def test_without_the_extra_every_chart_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def without(name, *more):
        if name == "vl_convert":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    found = exhibits.exhibits(with_plots("Loss"), samples.verdict())
    assert all(not each.content and "install assay[charts]" in each.why for each in found)
    told = drawn(*found)
    assert told.count("vl-convert") == 1 and "`Gates`, `Loss`" in told


def test_pictures_stand_in_the_last_fold_of_the_comment():
    told = drawn(Exhibit("Gates", PNG, address=HERE), Exhibit("Loss", PNG, why="the token may not write contents"))
    fold = told[told.rindex("<details>") :]
    assert "<b>Pictures</b> (1)" in fold and f"![]({HERE})" in fold
    assert "*Not shown:* `Loss` (the token may not write contents)" in fold


@pytest.mark.parametrize("address", ELSEWHERE)
def test_an_address_that_is_not_of_this_repository_is_not_shown(address):
    told = drawn(Exhibit("Gates", PNG, address=address))
    assert "![](" not in told and "evil" not in told and "*Not shown:*" in told


def test_a_hostile_title_stays_text():
    told = drawn(Exhibit("![x](https://evil.example) @org/team <img>", PNG, address=HERE))
    assert "`![x](https://evil.example) @org/team <img>`" in told


def test_a_comment_without_pictures_has_no_fold_for_them():
    assert "Pictures" not in drawn()
