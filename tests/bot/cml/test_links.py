"""Which files a report names, and that nothing else of it changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.cml.links import rewritten, targets

REPORT = """\
# Training_run *one*

![](a_b.png) and ![x](<plot one.png> "t") `![](code.png)` [r](report.html#x) [w](https://x.org/a.png) [s](#section)

| a | b |
|---|---|
| ![](./t.png) | *x_y* |

```
![](fence.png)
```
<p><img width=3 src="h.png"> <img src='https://e.org/x.png'></p>

![ref][one] ![ü](größe.png) ![d](data:image/png;base64,iVBORw0KGgo=) ![abs](/etc/passwd) ![p](//e.org/x.png)

[one]: ref.png
"""


def test_local_files_are_found_and_nothing_in_code_or_elsewhere() -> None:
    found = targets(REPORT)
    paths = ["a_b.png", "plot one.png", "report.html", "./t.png", "h.png", "ref.png", "größe.png"]
    assert [each.path for each in found if not each.embedded] == paths
    assert [each.path for each in found if not each.picture] == ["report.html"]
    assert len([each for each in found if each.embedded]) == 1


def test_only_the_destinations_change() -> None:
    addresses = {each.written: f"/X/{at}" for at, each in enumerate(targets(REPORT))}
    told = rewritten(REPORT, addresses)
    expected = REPORT
    for old, new in [
        ("(a_b.png)", "(/X/0)"),
        ("plot one.png", "/X/1"),
        ("report.html#x", "/X/2"),
        ("./t.png", "/X/3"),
        ('"h.png"', '"/X/4"'),
        ("]: ref.png", "]: /X/5"),
        ("größe.png", "/X/6"),
        ("data:image/png;base64,iVBORw0KGgo=", "/X/7"),
    ]:
        expected = expected.replace(old, new)
    assert told == expected


@given(some.text(alphabet="ab_*`[]()<>!\n |#-\\&;", max_size=120))
def test_a_report_without_published_files_stays_as_it_is(report: str) -> None:
    targets(report)
    assert rewritten(report, {}) == report


@pytest.mark.parametrize("piece", ["<img ", "](", "![](", "<img src='", "`` ` ", "[a]: b\n", "> "])
def test_a_hostile_report_of_many_halves_is_read_to_its_end(piece: str) -> None:
    report = piece * 20_000
    targets(report)
    assert rewritten(report, {}) == report
