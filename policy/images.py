"""Folders of images: their section of `assay.yml`, and what must hold of them beside contract, difference and drift."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from policy.facts.images import Check, ClassCount, ImageFacts, ImageFinding
from policy.models import Name, Section
from policy.reasons import Reason
from policy.result import Result, Status, Value

Side = Annotated[int, Field(ge=1, le=100_000)]
Format = Literal["png", "jpeg", "webp", "gif", "bmp", "tiff"]
BITS = 128
"""Bits of the perceptual hash by which images are compared."""


class Images(Section):
    """What the images of a folder must be; `{}` asks that each opens, and warns of those that look alike."""

    least_side: Side | None = None
    """The fewest pixels that width and height may have."""
    most_side: Side | None = None
    """The most pixels that width and height may have."""
    modes: Annotated[list[str], Field(min_length=1)] | None = None
    """The pixel formats that are allowed, as Pillow names them: `L` (grey), `RGB`, `RGBA`, `P`, `1`, `I;16`, `CMYK`."""
    formats: Annotated[list[Format], Field(min_length=1)] | None = None
    """The file formats that are allowed, by what the bytes are and not by the name."""
    duplicates: Literal["fail", "warn", "ignore"] = "warn"
    """What images are worth that look alike."""
    within: Annotated[int, Field(ge=0, le=16)] = 3
    """How many of the 128 bits of their perceptual hashes may differ between images that look alike."""
    labels: Name | None = None
    """A table with the columns `path` (below the folder) and `class`, in the place of a folder for each class: its path."""
    least_share: Annotated[float, Field(gt=0, le=1)] | None = None
    """The smallest share of all images that a class (the folder an image lies in, or by `labels`) may have."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least_side and self.most_side and self.least_side > self.most_side:
            raise ValueError(f"least_side ({self.least_side}) is above most_side ({self.most_side})")
        return self


def decide(section: Images, facts: ImageFacts | None, path: str) -> list[Result]:
    """Whether the images are what they must be: one result a check that the policy asks for."""
    if facts is None:
        return [Result(name="images", status=Status.FAILED, reason=Reason.MISSING_PART, values={"part": f"the images of {path}"})]
    found = {finding.check: finding for finding in facts.findings}
    asked: list[tuple[Check, Reason, str | None]] = [
        ("decodes", Reason.IMAGES_BROKEN, ""),
        ("size", Reason.IMAGES_SIZE, _sides(section)),
        ("mode", Reason.IMAGES_MODE, ", ".join(section.modes) if section.modes else None),
        ("format", Reason.IMAGES_FORMAT, ", ".join(section.formats) if section.formats else None),
        ("labels", Reason.IMAGES_LABELS, "" if section.labels else None),
    ]
    results = [
        _kept(check, reason, allowed, found.get(check), facts.files) for check, reason, allowed in asked if allowed is not None
    ]
    return [*results, *_alike(section, facts), *_balance(section, facts)]


def _sides(section: Images) -> str | None:
    """The allowed sides in words; None where any side is allowed."""
    if section.least_side is None and section.most_side is None:
        return None
    least = f"at least {section.least_side}" if section.least_side else ""
    most = f"at most {section.most_side}" if section.most_side else ""
    return f"{' and '.join(filter(None, (least, most)))} pixels"


def _kept(check: Check, reason: Reason, allowed: str, found: ImageFinding | None, files: int) -> Result:
    """One check: passed where nothing was found against it."""
    if found is None or found.count == 0:
        return Result(name=check, status=Status.PASSED, reason=Reason.IMAGES_KEPT, values={"count": files, "check": check})
    values: dict[str, Value] = {"count": found.count, "examples": _listed(found.examples, found.count), "allowed": allowed}
    return Result(name=check, status=Status.FAILED, reason=reason, values=values)


def _alike(section: Images, facts: ImageFacts) -> Iterator[Result]:
    if section.duplicates == "ignore":
        return
    values: dict[str, Value] = {"count": facts.duplicates, "within": section.within}
    if facts.duplicates == 0:
        yield Result(name="duplicates", status=Status.PASSED, reason=Reason.IMAGES_DIFFER, values=values)
        return
    groups = "; ".join(" = ".join(name[:100] for name in group[:3]) for group in facts.groups[:3])
    status = Status.FAILED if section.duplicates == "fail" else Status.WARNED
    yield Result(name="duplicates", status=status, reason=Reason.IMAGES_ALIKE, values=values | {"examples": groups})


def _balance(section: Images, facts: ImageFacts) -> Iterator[Result]:
    """Classes that are too small; one that the base had and the head has not is the smallest of all."""
    if section.least_share is None:
        return
    total = sum(each.head for each in facts.classes)
    values: dict[str, Value] = {"count": facts.classes_total, "share": f"{section.least_share:.2%}"}
    few = [each for each in facts.classes if each.head < section.least_share * max(1, total)]
    if facts.classes_total > len(facts.classes):
        # The total would be wrong: what is not listed is larger, so nobody knows its share.
        yield Result(name="classes", status=Status.FAILED, reason=Reason.IMAGES_MANY_CLASSES, values=values)
    elif not facts.classes:
        yield Result(name="classes", status=Status.FAILED, reason=Reason.IMAGES_NO_CLASSES, values=values)
    elif few:
        values |= {"count": len(few), "examples": ", ".join(_said(each, total) for each in few[:5])}
        yield Result(name="classes", status=Status.FAILED, reason=Reason.IMAGES_FEW, values=values)
    else:
        yield Result(name="classes", status=Status.PASSED, reason=Reason.IMAGES_BALANCED, values=values)


def _said(each: ClassCount, total: int) -> str:
    before = "" if each.base is None or each.base == each.head else f", {each.base:,} at the base"
    return f"{each.name[:100]} ({each.head:,} images, {each.head / max(1, total):.2%}{before})"


def _listed(examples: list[str], count: int) -> str:
    shown = ", ".join(example[:150] for example in examples[:5])
    return f"{shown}, …" if count > len(examples[:5]) else shown
