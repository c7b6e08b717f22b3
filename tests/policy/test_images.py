"""Whether images are what they must be."""

import pytest

from policy import data, document
from policy.errors import PolicyProblem
from policy.facts import DataFacts
from policy.facts.data import DiffFacts
from policy.facts.images import Check, ClassCount, ImageFacts, ImageFinding
from policy.images import Images, decide
from policy.reasons import Reason
from policy.result import Result, Status

FACTS = ImageFacts(files=10, classes=[ClassCount(name="cat", head=2), ClassCount(name="dog", head=8)], classes_total=2)


def told(section: Images, **update: object) -> dict[str, Result]:
    return {each.name: each for each in decide(section, FACTS.model_copy(update=update), "data/images")}


def found(check: Check) -> list[ImageFinding]:
    return [ImageFinding(check=check, count=7, examples=["a.png (8 x 8)", "b.png (9 x 9)"])]


def test_only_what_is_asked_for_is_judged() -> None:
    assert {name: each.status for name, each in told(Images()).items()} == {
        "decodes": Status.PASSED,
        "duplicates": Status.PASSED,
    }
    every = Images(least_side=8, modes=["L"], formats=["png"], duplicates="ignore", least_share=0.1, labels="labels.csv")
    assert list(told(every)) == ["decodes", "size", "mode", "format", "labels", "classes"]


@pytest.mark.parametrize(
    ("check", "section", "said"),
    [
        ("decodes", Images(), "files that are no whole images (7): a.png (8 x 8), b.png (9 x 9), …"),
        ("size", Images(least_side=16, most_side=64), "of another size than at least 16 and at most 64 pixels a side (7): a.png"),
        ("size", Images(most_side=64), "another size than at most 64 pixels a side"),
        ("mode", Images(modes=["L", "RGB"]), "of another mode than L, RGB (7): a.png"),
        ("format", Images(formats=["png"]), "of another format than png (7): a.png"),
        ("labels", Images(labels="labels.csv"), "images and labels that do not fit each other (7): a.png"),
    ],
)
def test_what_is_not_allowed_fails_with_its_examples(check: Check, section: Images, said: str) -> None:
    result = told(section, findings=found(check))[check]
    assert result.status is Status.FAILED and said in result.why


@pytest.mark.parametrize(("policy", "status"), [("warn", Status.WARNED), ("fail", Status.FAILED)])
def test_what_looks_alike_is_worth_what_the_policy_says(policy: str, status: Status) -> None:
    section = Images.model_validate({"duplicates": policy})
    result = told(section, duplicates=3, groups=[["a.png", "b.png"], ["c.png", "d.png"]])["duplicates"]
    assert result.status is status and "(3): a.png = b.png; c.png = d.png" in result.why


def test_a_class_that_is_too_small_or_gone_fails() -> None:
    assert told(Images(least_share=0.2))["classes"].status is Status.PASSED
    few = told(Images(least_share=0.25), classes=[ClassCount(name="emu", base=4, head=0), *FACTS.classes], classes_total=3)
    assert few["classes"].status is Status.FAILED
    assert "(2): emu (0 images, 0.00%, 4 at the base), cat (2 images, 20.00%)" in few["classes"].why


@pytest.mark.parametrize(("classes", "total", "reason"), [(2, 9, Reason.IMAGES_MANY_CLASSES), (0, 0, Reason.IMAGES_NO_CLASSES)])
def test_classes_of_which_nobody_knows_the_share_fail(classes: int, total: int, reason: Reason) -> None:
    result = told(Images(least_share=0.01), classes=FACTS.classes[:classes], classes_total=total)["classes"]
    assert (result.status, result.reason) == (Status.FAILED, reason)


def test_images_that_nobody_looked_at_fail_unless_they_are_unchanged() -> None:
    (section,) = document.read("version: 1\ndata: [{path: data/images, images: {}}]\n").data
    assert section.key == ["path"]
    diff = DiffFacts(rows_base=1, rows_head=1, removed=0)
    new = DataFacts(path="data/images", base_digest="a", head_digest="b", diff=diff)
    assert [leaf.reason for leaf in data.decide(section, new).causes()] == [Reason.MISSING_PART]
    same = new.model_copy(update={"head_digest": "a", "diff": None})
    assert data.decide(section, same).status is Status.PASSED
    relabelled = same.model_copy(update={"relabelled": True, "diff": diff})
    assert not relabelled.unchanged
    assert [leaf.reason for leaf in data.decide(section, relabelled).causes()] == [Reason.MISSING_PART]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("images: {least_side: 9, most_side: 8}", "least_side (9) is above most_side (8)"),
        ("images: {within: 17}", "within"),
        ("images: {}, personal: block", "`personal` reads tables"),
        ("images: {}, leakage: {label: y}", "`leakage` reads tables"),
        ("images: {}, disjoint_from: [other]", "`disjoint_from` reads tables"),
    ],
)
def test_a_section_that_contradicts_itself_is_refused(text: str, said: str) -> None:
    with pytest.raises(PolicyProblem) as caught:
        document.read(f"version: 1\ndata: [{{path: a, {text}}}]\n")
    assert said in str(caught.value)
