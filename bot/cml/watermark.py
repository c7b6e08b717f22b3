"""The mark by which CML finds its own comment again, read as CML 0.20.6 writes it and written so that CML finds it too.

CML ends a comment with an unseen image, `![](https://cml.dev/watermark.png#<sha> "CML watermark <label>")`, which every reader's
browser fetches. Assay writes the same words inside an HTML comment: CML's own search still finds them, and nothing is fetched.
"""

import re
from dataclasses import dataclass

from policy.problems import UserProblem

_IMAGE = "https://cml.dev/watermark.png"
_TITLE = "CML watermark"
_MARK = re.compile(
    r"!\[\]\("
    + re.escape(_IMAGE)
    + r"#[0-9a-fA-F]+ (?:\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|\(((?:[^()\\\n]|\\.)*)\))\)"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_UNFIT = re.compile(r"[\x00-\x1f\x7f\"\\]|--!?>")


@dataclass(frozen=True, slots=True)
class Watermark:
    """A mark with a label of the user's, which tells several comments on one pull request apart."""

    label: str
    sha: str

    @property
    def title(self) -> str:
        """What the mark is recognised by. The commit in it is only told."""
        return f"{_TITLE} {self.label}".strip()

    def __str__(self) -> str:
        written = re.sub(r"([_*\[<])", r"\\\1", self.title)
        return f'<!-- ![]({_IMAGE}#{self.sha} "{written}") -->'

    def is_in(self, body: str) -> bool:
        """Whether a comment ends with this mark, whichever commit it tells and whichever of the two programs wrote it.

        Only the last mark of a body counts: a report may quote others.
        """
        marks = list(_MARK.finditer(body))
        return bool(marks) and _plain(next(group for group in marks[-1].groups() if group is not None)) == self.title


def watermark(label: str, sha: str, workflow: str, run: str) -> Watermark:
    """A mark with `{workflow}` and `{run}` in its label replaced.

    Raises:
        UserProblem: the label could not be found again, or would end the HTML comment around it.
    """
    named = label.replace("{workflow}", workflow).replace("{run}", run)
    if _UNFIT.search(named):
        raise UserProblem(
            'a title may hold no line break, no quotation mark `"`, no backslash and no `-->`',
            "--watermark-title",
            "Choose letters, digits, spaces and dashes",
        )
    return Watermark(named, sha)


def _plain(written: str) -> str:
    return _ESCAPE.sub(r"\1", written).strip()
