"""Lines of DVC files, for annotations."""

from actions.repository.lines import out_lines, stage_lines

PIPELINE = """\
vars:
  - depth: 3
stages:
  prepare:
    cmd: python prepare.py
    outs:
      - data/a.csv
      - data/b c.csv:
          cache: false
  train:
    foreach: [1, 2]
    do:
      cmd: python train.py
      outs: [model.txt]
    """
POINTER = "outs:\n- md5: 0875dba2fb6c925695a9d66142dfd090\n  size: 1\n  path: raw.csv\n"


def test_a_stage_has_the_line_of_its_name() -> None:
    assert stage_lines(PIPELINE) == {"prepare": 4, "train": 10}


def test_an_out_has_the_line_that_writes_it() -> None:
    expected = {("prepare", "data/a.csv"): 7, ("prepare", "data/b c.csv"): 8, ("train", "model.txt"): 14}
    assert out_lines(PIPELINE) == expected


def test_an_out_of_a_pointer_file_has_the_line_of_its_path() -> None:
    assert out_lines(POINTER) == {(None, "raw.csv"): 4}


def test_a_file_that_is_no_pipeline_has_no_lines() -> None:
    for text in ("", "[]", "stages: 3", "stages: {", "outs: {a: 1}", "stages:\n  a: 3\n"):
        assert isinstance(stage_lines(text), dict)
        assert out_lines(text) == {}
