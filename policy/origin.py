"""What one version of a model was made of and by whose leave, and how a registry's tags hold it. Pure.

Tags are written by whoever may write to the registry. So they are read strictly: one that is missing, unknown or not as
`tags` would have written it is named, and the version then has no origin.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from policy.models import Name, Record
from policy.problems import UserProblem

PREFIX = "assay."
LIMIT = 4_000
"""Characters of one tag. Servers keep 5,000 at least; what is longer goes on in `<tag>.2`, `<tag>.3` and so on."""
SCHEMA = "1"
REFERENCE = "assay.reference"
"""The tag with the SHA-256 of the reference's profile that is kept under the version's run; it is no part of the origin."""
_BESIDE = (REFERENCE, f"{PREFIX}alias.")

Sha = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")]
"""A commit or a tree of git's."""
Sha256 = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
ObjectDigest = Annotated[str, StringConstraints(pattern=r"^(md5|md5-dos2unix):[0-9a-f]{32}(\.dir)?$")]
"""The digest of an object of DVC's; `.dir` is a folder's listing."""
_MOST_DATA = 5_000
_MOST_PIECES = 1_000


class Origin(Record):
    """Code, data, parameters, evidence and people behind one version."""

    code_sha: Sha
    code_tree: Sha
    """The tree of that commit: equal trees are equal code, whatever the commits are called."""
    pull_request: Annotated[int, Field(ge=1)] | None = None
    verdict: Literal["passed", "warned", "skipped"]
    """How the verdict on that commit came out; `skipped`: nothing that the policy watches had changed."""
    policy_digest: Sha256
    facts_digest: Sha256
    params_digest: Sha256
    """Of the parameters that the stages behind the model read, as `dvc.lock` has them."""
    lock_digest: Sha256
    """Of `dvc.lock` (or of the `.dvc` file) at that commit."""
    model_path: Name
    model_digest: ObjectDigest
    data: Annotated[dict[Name, ObjectDigest], Field(max_length=_MOST_DATA)] = {}
    """What the stages behind the model read and DVC keeps, by its path."""
    remote: Name | None = None
    """DVC's remote that holds the objects, by its name."""
    approvers: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    """Who approved this version so far."""

    @property
    def key(self) -> tuple[str, str]:
        """What makes two registrations the same: the commit, and the bytes of the model."""
        return self.code_sha, self.model_digest


class TagsProblem(UserProblem):
    """Tags that are no origin. `faults` are all of them, a line each."""

    def __init__(self, faults: tuple[str, ...], where: str = "") -> None:
        self.faults = faults
        more = f"; and {len(faults) - 1} more" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}", where, "Only what `assay register` made has all of them")


def tags(origin: Origin) -> dict[str, str]:
    """The tags that hold an origin: printable ASCII, none longer than LIMIT. Only equal origins have equal tags."""
    found: dict[str, str] = {}
    for name, value in [("schema", SCHEMA), *((each, _text(getattr(origin, each))) for each in Origin.model_fields)]:
        pieces = [value[start : start + LIMIT] for start in range(0, len(value), LIMIT)]
        for number, piece in enumerate(pieces, 1):
            found[f"{PREFIX}{name}" if number == 1 else f"{PREFIX}{name}.{number}"] = piece
    return found


def read(given: Mapping[str, str], where: str = "") -> Origin:
    """The origin that tags hold. Tags that are not Assay's, of aliases (`assay.alias.*`) and of the reference are passed over.

    Raises TagsProblem, which names every tag that is missing, unknown or malformed.
    """
    mine = {key: value for key, value in given.items() if key.startswith(PREFIX) and not key.startswith(_BESIDE)}
    schema = mine.get(f"{PREFIX}schema")
    if schema is not None and schema != SCHEMA:
        raise TagsProblem((f"`{PREFIX}schema` is {schema[:20]!r}, and this Assay reads {SCHEMA!r}",), where)
    names = ["schema", *Origin.model_fields]
    missing = [f"the tag `{PREFIX}{name}` is missing" for name in names if f"{PREFIX}{name}" not in mine]
    if missing:
        raise TagsProblem(tuple(missing), where)
    values, faults = _values(mine)
    if not faults:
        try:
            origin = Origin.model_validate(values)
        except (ValidationError, RecursionError) as error:
            faults = _told(error)
        else:
            # What no writer of ours would have written was written by somebody else.
            wanted = tags(origin)
            odd = sorted(key for key in {*wanted, *mine} if wanted.get(key) != mine.get(key))
            faults = [f"the tag `{key[:80]}` is not as Assay writes it" for key in odd]
            if not faults:
                return origin
    raise TagsProblem(tuple(faults), where)


def _values(mine: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    faults = []
    for name in Origin.model_fields:
        try:
            values[name] = _value(name, _joined(mine, f"{PREFIX}{name}"))
        except (ValueError, RecursionError):
            faults.append(f"the tag `{PREFIX}{name}` is malformed")
    return values, faults


def _joined(mine: Mapping[str, str], key: str) -> str:
    pieces = [mine[key]]
    while (more := mine.get(f"{key}.{len(pieces) + 1}")) is not None and len(pieces) < _MOST_PIECES:
        pieces.append(more)
    return "".join(pieces)


_NONE = "none"
_JSON = ('"', "[", "{")


def _text(value: Any) -> str:
    """A value as a tag: plain where nobody could misread it, else JSON, whose end cannot go missing unnoticed."""
    if value is None:
        return _NONE
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        plain = value.isascii() and value.isprintable() and value.strip() == value and len(value) <= LIMIT
        return value if plain and value != _NONE and not value.startswith(_JSON) else json.dumps(value)
    if isinstance(value, Mapping):
        return json.dumps(dict(value), sort_keys=True, separators=(",", ":"))
    return json.dumps(list(value), separators=(",", ":"))


def _value(name: str, text: str) -> Any:
    if text == _NONE:
        return None
    if text.startswith(_JSON):
        return json.loads(text)
    if name == "pull_request":
        if not (text.isascii() and text.isdecimal() and len(text) < 19):
            raise ValueError(name)
        return int(text)
    return text


def _told(error: Exception) -> list[str]:
    if not isinstance(error, ValidationError):
        return ["the tags are nested too deeply"]
    names = dict.fromkeys(str(item["loc"][0]) for item in error.errors(include_url=False, include_input=False))
    return [f"the tag `{PREFIX}{name}` is malformed" for name in names]
