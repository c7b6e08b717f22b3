"""What a contract refuses: every rule with all the example rows that the facts hold."""

from markupsafe import Markup

from policy.facts import Facts
from policy.facts.data import ContractFailure, Example
from policy.result import Status
from policy.verdict import Verdict
from reports import numbers
from reports.html import name
from reports.panels.block import Block, Line, heads, text
from reports.pictures import EMPTY
from reports.sections.parts import child, part, status_of


def contract(facts: Facts, verdict: Verdict) -> Block:
    """Every failure of every contract, those with the most rows first."""
    judged = part(verdict, "data")
    found = [
        (each.path, failure, status_of(child(judged, each.path), Status.FAILED))
        for each in facts.data
        for failure in (each.contract.failures if each.contract else [])
    ]
    found.sort(key=lambda each: -each[1].count)
    paths = {path for path, _, _ in found}
    titles = heads("rule", "column", "rows>", "share>", "for example")
    return Block(
        key="contract",
        title="Contract failures",
        brief=numbers.count(len(found)),
        status=Status.FAILED if found else Status.PASSED,
        notes=(Markup("Data: {}").format(name(next(iter(paths)))),) if len(paths) == 1 else (),
        heads=titles if len(paths) <= 1 else (*heads("data"), *titles),
        lines=tuple(_line(path, failure, status, len(paths) > 1) for path, failure, status in found),
    )


def _line(path: str, failure: ContractFailure, status: Status, several: bool) -> Line:
    cells = (
        name(failure.rule),
        name(failure.column) if failure.column else EMPTY,
        text("the whole" if failure.whole else numbers.count(failure.count)),
        text(numbers.MISSING if failure.whole else numbers.share(failure.share)),
        _examples(failure),
    )
    return Line(status, (name(path), *cells) if several else cells)


def _examples(failure: ContractFailure) -> Markup:
    if not failure.examples:
        return EMPTY
    items = [Markup("<li>{}</li>").format(_example(each)) for each in failure.examples]
    rest = 0 if failure.whole else failure.count - len(items)
    if rest > 0:
        items.append(Markup("<li>and {} more</li>").format(numbers.count(rest)))
    return Markup('<ul class="examples">{}</ul>').format(Markup("").join(items))


def _example(example: Example) -> Markup:
    value = name(example.value) if example.value is not None else EMPTY
    if not example.key:
        return value
    key = ", ".join(f"{column}={shown}" for column, shown in example.key.items())
    return Markup('{} <span class="where">{}</span>').format(value, name(key, 300))
