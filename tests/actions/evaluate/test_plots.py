"""DVC plots of real repositories as facts."""

import json
from pathlib import Path

from actions.evaluate.plots import Collected, collect
from actions.progress import Silent
from actions.repository import Repository
from policy.facts.plots import PlotFact
from tests.repositories import Repo


def collected(repo: Repo) -> Collected:
    with Repository.open(repo.root) as opened:
        return collect(opened, opened.resolve("main"), Silent())


def single(repo: Repo) -> PlotFact:
    (found,) = collected(repo).plots
    return found


def with_plot(folder: Path, settings: str, base: str, head: str, name: str = "a.csv") -> Repo:
    repo = Repo(folder).write("dvc.yaml", f"plots: [{{{name}: {settings}}}]\n").write(name, base).commit()
    return repo.branch("change").write(name, head)


def curve(count: int) -> str:
    return "step,loss\n" + "".join(f"{index},{1 / (index + 1)}\n" for index in range(count))


def test_a_project_without_plots_has_none(tmp_path: Path) -> None:
    assert collected(Repo(tmp_path)) == Collected()


def test_base_and_head_are_read_with_their_labels(tmp_path: Path) -> None:
    found = single(with_plot(tmp_path, "{title: Loss, x: step, y: loss, y_label: how bad}", curve(2), curve(3)))
    assert (found.title, found.x_label, found.y_label, found.detail) == ("Loss", "step", "how bad", "")
    base, head = found.series
    assert (base.side, base.x, base.y) == ("base", [0, 1], [1, 0.5])
    assert (head.side, head.x, head.y) == ("head", [0, 1, 2], [1, 0.5, 0.333333])


def test_what_is_not_named_is_the_last_field_against_the_step(tmp_path: Path) -> None:
    found = single(with_plot(tmp_path, "{}", curve(1), curve(2)))
    assert (found.title, found.x_label, found.y_label) == ("a.csv", "step", "loss")
    assert found.series[1].x == [0, 1]


def test_a_long_curve_is_thinned_evenly_from_its_first_to_its_last_point_and_says_so(tmp_path: Path) -> None:
    repo = with_plot(tmp_path, "{x: step, y: loss}", curve(30_000), curve(10))
    found = single(repo)
    assert found == single(repo)
    long = found.series[0]
    assert (len(long.x), long.x[0], long.x[-1]) == (1_000, 0, 29_999)
    assert found.detail == "1,000 of 30,000 points are drawn, evenly spread"


def test_points_that_are_no_numbers_are_left_out_and_counted(tmp_path: Path) -> None:
    found = single(with_plot(tmp_path, "{x: x, y: y}", "x,y\n1,2\n", "x,y\n1,nan\n2,3\ninf,4\n5\n"))
    assert found.series[1].x == [2]
    assert found.detail == "3 of 4 points have no finite number and are left out"


def test_a_side_that_cannot_be_read_says_why_and_the_other_is_drawn(tmp_path: Path) -> None:
    found = single(with_plot(tmp_path, "{x: x, y: y}", "x,z\n1,2\n", "x,y\n1,2\n"))
    assert [one.side for one in found.series] == ["head"]
    assert found.detail == "nothing of the base: a.csv has no field y; it has x, z"


def test_a_plot_with_nothing_to_draw_is_still_there(tmp_path: Path) -> None:
    found = single(with_plot(tmp_path, "{x: x, y: y}", "x,y\nnan,nan\n", "[", name="a.json"))
    assert found.series == []
    assert "nothing of the base" in found.detail and "nothing of this change" in found.detail


def test_a_template_of_the_repositorys_own_does_not_enter_the_facts(tmp_path: Path) -> None:
    found = single(with_plot(tmp_path, "{template: mine, x: step}", curve(2), curve(2)))
    assert found.template == "linear"
    assert found.detail == "drawn as lines: mine is not a template of DVC's own"


def test_a_confusion_matrix_is_counted_whole(tmp_path: Path) -> None:
    guesses = json.dumps([{"actual": index % 2, "predicted": index % 3 == 0} for index in range(6_000)])
    found = single(with_plot(tmp_path, "{template: confusion, x: predicted, y: actual}", guesses, guesses, name="a.json"))
    head = found.series[1]
    assert (head.x, head.y, head.counts) == (["false"] * 2 + ["true"] * 2, ["0", "1"] * 2, [2_000, 2_000, 1_000, 1_000])


def test_a_confusion_matrix_that_nobody_could_read_is_not_drawn(tmp_path: Path) -> None:
    many = "a,p\n" + "".join(f"{index},{index}\n" for index in range(26))
    found = single(with_plot(tmp_path, "{template: confusion, x: p, y: a}", many, many))
    assert found.series == [] and "25 classes" in found.detail


def test_lines_of_several_files_share_a_picture_and_bars_do_not(tmp_path: Path) -> None:
    files = "y: {a.csv: loss, b.csv: loss}, x: step"
    repo = Repo(tmp_path).write("a.csv", curve(2)).write("b.csv", curve(3))
    repo.write("dvc.yaml", f"plots: [{{both: {{{files}}}}}, {{bars: {{{files}, template: bar_horizontal}}}}]\n").commit()
    both, *bars = collected(repo).plots
    assert [(one.side, one.name) for one in both.series] == [
        *(("base", "a.csv"), ("base", "b.csv"), ("head", "a.csv"), ("head", "b.csv")),
    ]
    assert [one.title for one in bars] == ["bars: a.csv", "bars: b.csv"]


def test_x_may_stand_in_another_file_of_as_many_rows(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("a.csv", curve(2)).write("b.csv", "t\n5\n6\n").write("c.csv", curve(3))
    repo.write("dvc.yaml", "plots: [{both: {x: {b.csv: t}, y: {a.csv: loss, c.csv: loss}}}]\n").commit()
    found = single(repo)
    assert [one.x for one in found.series] == [[5, 6], [5, 6]]
    assert "b.csv has 2 rows, but c.csv has 3" in found.detail


def test_many_plots_stay_small_and_are_counted(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    for index in range(53):
        repo.write(f"{index}.csv", curve(5_000) if index == 0 else curve(2))
    repo.write("dvc.yaml", "plots: [" + ", ".join(f"{index}.csv" for index in range(53)) + "]\n").commit()
    found = collected(repo)
    assert (len(found.plots), found.total) == (50, 53)
    assert len(found.plots[0].series[0].x) == 400


def test_long_names_do_not_make_the_facts_too_large_to_be_read(tmp_path: Path) -> None:
    long = "x,y\n" + "".join(f"{index:0>80},{index:0>80}\n" for index in range(1_000))
    repo = Repo(tmp_path)
    for index in range(30):
        repo.write(f"{index}.csv", long)
    names = ", ".join(f"{{{index}.csv: {{template: scatter_jitter, x: x, y: y}}}}" for index in range(30))
    repo.write("dvc.yaml", f"plots: [{names}]\n").commit()
    plots = collected(repo).plots
    assert sum(len(plot.model_dump_json(indent=1)) for plot in plots) < 2.5 * 1024 * 1024
    assert plots[0].series and plots[-1].detail == "not drawn: the facts would become too large"


def test_half_characters_do_not_spoil_the_record(tmp_path: Path) -> None:
    hostile = json.dumps([{"\ud800": "\ud801", "y": 1}])
    repo = with_plot(tmp_path, '{template: bar_horizontal, x: y, y: "\\uD800"}', hostile, hostile, name="a.json")
    assert single(repo).model_dump_json()


def test_images_are_no_facts(tmp_path: Path) -> None:
    assert collected(with_plot(tmp_path, "{}", "", "", name="a.png")) == Collected()
