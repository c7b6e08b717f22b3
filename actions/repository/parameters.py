"""Parameters of the pipeline, set in the work tree as `dvc exp run --set-param` sets them, by DVC's own code for such files.

DVC hands the values to Hydra, which also resolves what stands in the file already (`${oc.env:...}`): a change could have a secret
of ours written into its parameters. Nothing is resolved here.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from actions.repository import worktree
from actions.repository.problems import translated
from actions.repository.store import Store
from policy.document import FILE_NAME
from policy.facts import OverrideFact
from policy.facts.override import DEFAULT_FILE, Override, Value, written
from policy.problems import UserProblem


def files(store: Store, dvc_root: Path) -> list[str]:
    """The files that the pipeline reads parameters from, as paths from the DVC root, sorted.

    Raises:
        UserProblem: a DVC file is not valid.
    """
    with translated(dvc_root):
        index = store.repo.index
        found = {Path(dep.fs_path) for dep in index.params if dep.protocol == "local"}
        # DVC also reads values for its templates from the default file beside each dvc.yaml.
        found |= {Path(stage.path).parent / DEFAULT_FILE for stage in index.stages if Path(stage.path).name == "dvc.yaml"}
    inside = {path.relative_to(dvc_root).as_posix() for path in found if path.is_relative_to(dvc_root)}
    return sorted(path for path in inside if (dvc_root / path).is_file())


def override(store: Store, root: Path, dvc_root: Path, overrides: Iterable[Override]) -> list[OverrideFact]:
    """Set parameters; either all of them or, where one cannot be set, none. Files in the facts are paths from the top.

    Raises:
        UserProblem: no stage reads such a file, it has no such parameter, or the value is of another shape (a list for a number).
    """
    wanted = list(overrides)
    if len({(each.file, each.key) for each in wanted}) < len(wanted):
        raise UserProblem("one parameter is set twice", ", ".join(map(str, wanted))[:200], "Set each once")
    known = files(store, dvc_root)
    if wanted and store.repo.config.get("hydra", {}).get("enabled"):
        raise UserProblem("Hydra composes the parameters of this repository", ".dvc/config: hydra", "Edit its configuration")
    for each in wanted:
        _find(_load(root, dvc_root, known, each), each)
    return [_set(root, dvc_root, known, each) for each in wanted]


def present(store: Store, root: Path, dvc_root: Path, wanted: Iterable[Override]) -> list[Value]:
    """What stands in the files for each of these parameters; their own values say only of what shape it must be.

    Raises:
        UserProblem: no stage reads such a file, or it has no such parameter.
    """
    known = files(store, dvc_root)
    found: list[Value] = []
    for each in wanted:
        holder, last = _find(_load(root, dvc_root, known, each), each)
        found.append(holder[last])
    return found


def _load(root: Path, dvc_root: Path, known: list[str], wanted: Override) -> Any:
    from dvc.utils.serialize import LOADERS

    path = _place(root, dvc_root, known, wanted)
    with translated(dvc_root, wanted.file):
        return LOADERS[path.suffix.lower()](path)


def _set(root: Path, dvc_root: Path, known: list[str], wanted: Override) -> OverrideFact:
    from dvc.utils.serialize import MODIFIERS

    path = _place(root, dvc_root, known, wanted)
    with translated(dvc_root, wanted.file), MODIFIERS[path.suffix.lower()](path) as data:
        holder, last = _find(data, wanted)
        before = holder[last]
        holder[last] = _as_yaml(wanted.value) if path.suffix.lower() in (".yaml", ".yml") else wanted.value
    return OverrideFact(file=path.relative_to(root).as_posix(), key=wanted.key, before=_shown(before), after=_shown(wanted.value))


def _place(root: Path, dvc_root: Path, known: list[str], wanted: Override) -> Path:
    """Where the file is. Writing through a link would alter another file than the one that is named."""
    if wanted.file not in known or wanted.file == FILE_NAME:
        listed = ", ".join(known[:10]) or "there are none"
        raise UserProblem(f"no stage reads parameters from {wanted.file}", str(wanted), f"Files of parameters: {listed}")
    path = dvc_root / wanted.file
    if any(step.is_symlink() for step in (path, *path.parents) if step.is_relative_to(root) and step != root):
        raise UserProblem("the file of parameters is a symbolic link", wanted.file, "Put the file itself there")
    return worktree.inside(root, path.relative_to(root).as_posix())


def _find(data: Any, wanted: Override) -> tuple[Any, str | int]:
    """What holds the parameter, and its key in there."""
    *path, last = wanted.key.split(".")
    holder = data
    for step in path:
        holder = holder[_key(holder, step, wanted)]
    key = _key(holder, last, wanted)
    present = holder[key]
    if isinstance(present, dict):
        raise UserProblem(f"{wanted.key} is a section of {wanted.file}", str(wanted), f"Name one of its keys: {_few(present)}")
    if present is not None and isinstance(present, list) != isinstance(wanted.value, list):
        shape = "a list, such as [1,2]" if isinstance(present, list) else "one value and no list"
        raise UserProblem(f"{wanted.key} in {wanted.file} is {shape}", str(wanted), "Write it likewise")
    return holder, key


def _key(holder: Any, step: str, wanted: Override) -> str | int:
    if isinstance(holder, list) and step.isdecimal() and int(step) < len(holder):
        return int(step)
    if isinstance(holder, dict):
        # A key of YAML may be a number.
        found = next((key for key in holder if str(key) == step), None)
        if found is not None:
            key: str | int = found
            return key
    known = _few(holder) if isinstance(holder, dict) else "it is no section"
    raise UserProblem(f"{wanted.file} has no parameter {wanted.key}", str(wanted), f"Beside {step} there are: {known}")


def _few(section: Any) -> str:
    return ", ".join(str(key)[:40] for key in list(section)[:10])


def _as_yaml(value: Value) -> Any:
    """A value that readers of YAML 1.1, such as PyYAML, and of YAML 1.2, such as DVC, take for the same."""
    from ruamel.yaml import YAML
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, list):
        return [_as_yaml(item) for item in value]
    if isinstance(value, str) and yaml.safe_load(value) != value:
        return DoubleQuotedScalarString(value)
    if isinstance(value, float) and not isinstance(yaml.safe_load(repr(value)), float):  # 1e-05 has no point, so 1.1 reads a text
        return YAML().load(repr(value).replace("e", ".0e"))
    return value


def _shown(value: Any) -> str:
    shown = written(value) if isinstance(value, int | float | str | list | None) else str(value)
    return shown if len(shown) <= 500 else f"{shown[:499]}…"
