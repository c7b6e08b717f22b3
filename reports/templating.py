"""Templates: ours, and those that a repository puts in their place.

A repository's template is read by the caller, from the base revision. It is rendered in Jinja2's sandbox and can lay out the
story, but it cannot print what is not escaped: everything it prints passes `_finalise`, which lets safe Markdown through and
treats any other text as a stranger's. Filters and methods that take text apart are not there. A template that does not work is
an error; ours is not put in its place unasked.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from policy.problems import UserProblem
from reports import numbers
from reports.markdown import Markdown, code, text

FOLDER = ".assay/templates"
"""Where a repository keeps its own templates, by the names of ours."""
NAMES = ("comment.md.j2", "summary.md.j2", "section.md.j2")
_OURS = Path(__file__).parent / "templates"
_LONGEST_OUTPUT = 8 * 1024 * 1024
_MOST_STEPS = 200_000
"""Turns of all loops of one rendering together."""
_LONGEST_TEMPLATE = 200_000
_FILTERS = frozenset(
    {
        "batch",
        "default",
        "first",
        "groupby",
        "last",
        "length",
        "list",
        "rejectattr",
        "reverse",
        "selectattr",
        "sort",
        "count",
        "d",
    }
)

_steps: ContextVar[list[int]] = ContextVar("_steps")


def render(name: str, values: Mapping[str, object], overrides: Mapping[str, str] | None = None) -> str:
    """A template, with the repository's own `overrides` (name to source text) before ours.

    Raises UserProblem naming template and line where an override does not parse, prints something that is not there, reaches
    for something it may not, or does not end.
    """
    for unknown in sorted(set(overrides or {}) - set(NAMES)):
        raise UserProblem(f"there is no template {unknown!r}", f"{FOLDER}/{unknown}", f"the templates are {', '.join(NAMES)}")
    environment = _environment(tuple(sorted((overrides or {}).items())))
    token = _steps.set([_MOST_STEPS])
    try:
        return _joined(environment.get_template(name).generate(dict(values)), name)
    except (TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise _problem(error, name) from error
    finally:
        _steps.reset(token)


def _joined(pieces: Iterable[str], name: str) -> str:
    kept: list[str] = []
    size = 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size > _LONGEST_OUTPUT:
            raise UserProblem(f"the template prints more than {numbers.size(_LONGEST_OUTPUT)}", f"{FOLDER}/{name}", "print less")
    return "".join(kept)


def _problem(error: Exception, name: str) -> UserProblem:
    if isinstance(error, TemplateNotFound):
        known = ", ".join(NAMES)
        return UserProblem(f"there is no template {error.name!r}", f"{FOLDER}/{name}", f"the templates are {known}")
    place, line = _place(error, name)
    what = str(error) or type(error).__name__
    return UserProblem(f"the template does not work: {what}", f"{FOLDER}/{place}:{line}", "mend the template on the base branch")


def _place(error: Exception, name: str) -> tuple[str, int]:
    """Template and line: a syntax error knows them, and Jinja2 rewrites the traceback of any other."""
    if isinstance(error, TemplateSyntaxError):
        return error.name or name, error.lineno
    place, line = name, 0
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file in NAMES:
            place, line = file, trace.tb_lineno
        trace = trace.tb_next
    return place, line


class _Loader(BaseLoader):
    """The repository's templates before ours, by name; nothing on disk can be reached but our own folder's few names."""

    def __init__(self, overrides: Mapping[str, str]) -> None:
        self.overrides = overrides

    def get_source(self, environment: Any, template: str) -> tuple[str, str, Any]:
        if template not in NAMES:
            raise TemplateNotFound(template)
        if template in self.overrides:
            return self.overrides[template], template, None
        return (_OURS / template).read_text(encoding="utf-8"), template, None


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, made narrower: text has no methods, loops are counted, strings cannot be multiplied."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return not isinstance(obj, str | bytes) and super().is_safe_attribute(obj, attr, value)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, str | bytes):
            raise SecurityError("a template cannot take text apart")
        return super().getitem(obj, argument)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not all(isinstance(each, int | float) for each in (left, right)):
            raise SecurityError(f"a template cannot use {operator} here")
        return super().call_binop(context, operator, left, right)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > _LONGEST_TEMPLATE:
            raise TemplateSyntaxError(f"more than {_LONGEST_TEMPLATE:,} characters", 1, name, filename)
        tree = super()._parse(source, name, filename)
        for taken in tree.find_all(nodes.Slice):
            raise TemplateSyntaxError(
                "a template cannot take text or lists apart; rows come worst first", taken.lineno, name, filename
            )
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "_counted", [], [], None, None, lineno=loop.iter.lineno)
        return tree


def _counted(items: Iterable[Any]) -> Iterator[Any]:
    steps = _steps.get()
    for item in items:
        steps[0] -= 1
        if steps[0] < 0:
            raise SecurityError(f"the loops take more than {_MOST_STEPS:,} turns")
        yield item


def _finalise(value: Any) -> Any:
    """What a template prints: safe Markdown as it is, numbers formatted, all other text escaped like a stranger's."""
    if isinstance(value, Markdown):
        return Markup(value.source)  # noqa: S704  Markdown is safe by construction: only reports.markdown makes it of user text
    if isinstance(value, Markup | Undefined):
        return value
    if isinstance(value, bool) or value is None:
        raise SecurityError(f"a template cannot print {value}")
    if isinstance(value, int):
        return Markup(numbers.count(value))  # noqa: S704  digits and signs
    if isinstance(value, float):
        return Markup(numbers.number(value))  # noqa: S704  digits and signs
    if isinstance(value, str):
        return Markup(text(value).source)  # noqa: S704  escaped a moment ago
    raise SecurityError(f"a template cannot print a {type(value).__name__}")


def _join(items: Iterable[Any], separator: str = ", ") -> Markdown:
    pieces = [Markdown(str(_finalise(item))) for item in items]
    return Markdown(str(_finalise(separator) if separator.strip(" ,;·\n") else separator).join(piece.source for piece in pieces))


@lru_cache(maxsize=8)
def _environment(overrides: tuple[tuple[str, str], ...]) -> _Environment:
    """An environment with its compiled templates; kept, because compiling costs more than rendering."""
    environment = _Environment(
        loader=_Loader(dict(overrides)),
        undefined=StrictUndefined,
        # Jinja2's own escaping marks what macros and blocks printed as done; what it would escape never reaches it.
        autoescape=True,
        finalize=_finalise,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
        cache_size=16,
    )
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    environment.filters.update(
        _counted=_counted, join=_join, code=lambda value: code(str(value)), text=lambda value: text(str(value))
    )
    environment.globals = {"range": environment.globals["range"]}
    return environment
