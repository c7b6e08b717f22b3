"""The section about environments is strict: whatever is missing, empty or impossible is an error with its line."""

import json
from datetime import timedelta

import jsonschema
import pytest
import yaml

from policy import document
from policy.document import PolicyProblem
from policy.environments import After, Environment, Rule, leaves, ways

POLICY = """\
version: 1
roles:
  ml-lead: ["@acme/ml-leads"]
  model-risk: [alice, bob]
environments:
  staging:
    approved_if: [{role: ml-lead, count: 1}]
  production:
    after: staging for 2 days
    approved_if:
      - {role: ml-lead}
      - {role: model-risk, count: 1}
      - when: {risk: [high], changed: ["contracts/**"]}
        then: [{any: [{role: model-risk, count: 2}, {role: ml-lead, count: 2}]}]
    forbid: [merger]
    expires: 7 days
    wait: 1 day
    freeze: ["Fri 16:00 - Mon 08:00"]
    time_zone: Europe/Berlin
    max_waivers: 2
    bind: tree
    break_glass: {role: ml-lead, words: 5}
    rollback: {role: ml-lead}
    remind: 1 day
    lead: {role: ml-lead, after: 2 days}
    on_merge: request
"""


def errors_of(text: str) -> list[str]:
    with pytest.raises(PolicyProblem) as caught:
        document.read(text)
    return [str(error) for error in caught.value.errors]


def changed(old: str, new: str) -> list[str]:
    assert old in POLICY
    return errors_of(POLICY.replace(old, new))


def test_environments_are_read_in_their_order() -> None:
    found = document.read(POLICY).environments
    assert list(found) == ["staging", "production"]
    assert found["production"].after == After("staging", timedelta(days=2))
    assert found["staging"].one_person_one_role and found["staging"].bind == "commit"


def test_an_environment_survives_being_written_and_read() -> None:
    before = document.read(POLICY).environments["production"]
    assert Environment.model_validate_json(before.model_dump_json(exclude_unset=True)) == before


@pytest.mark.parametrize(
    "name", ["../prod", "prod/../x", "-rf", "prod-", "a--b", "Prod", "prod uction", "prodüction", "all", "p" * 41, "''"]
)
def test_lk_10_the_name_of_an_environment_is_a_slug(name: str) -> None:
    (error, *_) = changed("  production:", f"  {name}:")
    assert error.startswith("assay.yml:8: `environments.") and "name it with at most 40 small letters" in error


def test_az_11_no_rule_at_all_is_an_error() -> None:
    assert changed("approved_if: [{role: ml-lead, count: 1}]", "approved_if: []") == [
        "assay.yml:7: `environments.staging.approved_if`: found []; list should have at least 1 item after validation, not 0"
    ]
    (error,) = changed("approved_if: [{role: ml-lead, count: 1}]", "bind: tree")
    assert error == "assay.yml:6: `environments.staging.approved_if`: the key is missing; add it"


def test_az_11_a_quorum_of_none_is_an_error() -> None:
    (error,) = changed("{role: model-risk, count: 1}", "{role: model-risk, count: 0}")
    assert error.startswith("assay.yml:12: `environments.production.approved_if.1.count`: found 0;")


@pytest.mark.parametrize("count", ["true", "'1'", "1.5", "-1", "21"])
def test_az_11_a_quorum_that_is_no_plain_number_is_an_error(count: str) -> None:
    (error,) = changed("{role: model-risk, count: 1}", f"{{role: model-risk, count: {count}}}")
    assert "approved_if.1.count`: found" in error


def test_az_11_a_role_that_nobody_declared_is_an_error() -> None:
    assert changed("{role: model-risk, count: 1}", "{role: model-rsk}") == [
        "assay.yml:12: `environments.production.approved_if.1.role`: no role is called 'model-rsk'; did you mean `model-risk`?"
    ]


def test_az_11_a_role_that_nobody_has_is_an_error_wherever_it_is_named() -> None:
    errors = changed('["@acme/ml-leads"]', "[]")
    assert [error.split(":")[2].strip() for error in errors] == [
        "`environments.staging.approved_if.0.role`",
        "`environments.production.approved_if.0.role`",
        "`environments.production.approved_if.2.then.0.any.1.role`",
        "`environments.production.break_glass.role`",
        "`environments.production.rollback.role`",
        "`environments.production.lead.role`",
    ]
    assert all("nobody has the role 'ml-lead'" in error for error in errors)


def test_az_11_a_quorum_larger_than_the_people_of_its_role_is_an_error() -> None:
    assert changed("{role: model-risk, count: 1}", "{role: model-risk, count: 3}") == [
        "assay.yml:12: `environments.production.approved_if.1.count`: 3 people of the role 'model-risk' are asked for, "
        "and 2 have it; name more in `roles.model-risk`, or ask for fewer"
    ]


def test_az_04_the_same_person_in_another_case_does_not_fill_a_quorum() -> None:
    (error,) = errors_of(POLICY.replace("[alice, bob]", "[alice, Alice]"))
    assert "2 people of the role 'model-risk' are asked for, and 1 have it" in error


def test_az_07_rules_that_one_person_would_have_to_fill_twice_are_an_error() -> None:
    small = "version: 1\nroles: {a: [x], b: [X]}\nenvironments:\n  staging: {approved_if: [{role: a}, {role: b}]}\n"
    assert errors_of(small) == [
        "assay.yml:4: `environments.staging.approved_if`: together these rules ask for more people than their roles name, "
        "as each fills one role; name more people, ask for fewer, or set `one_person_one_role: false`"
    ]
    document.read(small.replace("{role: b}]", "{role: b}], one_person_one_role: false"))


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ("stagin", "no environment is called 'stagin'; name one of staging"),
        ("production", "'production' does not come before it; name one of staging"),
        ("staging for", "no environment is called 'staging for'"),
        ("staging for 2", "a number and a unit are needed"),
        ("[staging]", "write the name of an environment"),
    ],
)
def test_what_comes_before_must_come_before(after: str, said: str) -> None:
    (error,) = changed("after: staging for 2 days", f"after: {after}")
    assert error.startswith("assay.yml:9: `environments.production.after`") and said in error


def test_a_circle_is_an_error() -> None:
    (error,) = changed("approved_if: [{role: ml-lead, count: 1}]", "approved_if: [{role: ml-lead}]\n    after: production")
    assert "'production' does not come before it; leave it out in the first one" in error


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{}", "exactly one of"),
        ("{role: ml-lead, any: [{role: ml-lead}]}", "exactly one of"),
        ("{when: {risk: [high]}}", "stand together"),
        ("{role: ml-lead, then: [{role: ml-lead}]}", "stand together"),
        ("{any: [{role: ml-lead}], count: 2}", "`count` counts"),
        ("{any: []}", "at least 1 item"),
        ("{when: {}, then: [{role: ml-lead}]}", "name what it depends on"),
        ("{when: {risk: [hgh]}, then: [{role: ml-lead}]}", "'low', 'medium' or 'high'"),
        ("{when: {rsk: [high]}, then: [{role: ml-lead}]}", "did you mean `risk`?"),
        ("{when: {changed: ['***']}, then: [{role: ml-lead}]}", "write a path"),
    ],
)
def test_a_rule_that_is_none_is_an_error(rule: str, said: str) -> None:
    assert any(said in error for error in changed("{role: model-risk, count: 1}", rule))


def test_rules_that_come_out_in_too_many_ways_are_an_error() -> None:
    many = "{any: [{role: ml-lead}, {role: model-risk}]}"
    (error,) = changed("- {role: model-risk, count: 1}", "\n".join([f"- {many}", *[f"      - {many}"] * 6]))
    assert "too many ways" in error


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("expires: 7 days", "expires: 7", "a number and a unit"),
        ("expires: 7 days", "expires: 1 day", "expires before its `wait`"),
        ("forbid: [merger]", "forbid: [author]", "'merger', 'reviewer' or 'earlier-approver'"),
        ("bind: tree", "bind: branch", "'commit' or 'tree'"),
        ("max_waivers: 2", "max_waivers: -1", "greater than or equal to 0"),
        ("words: 5", "words: 2", "greater than or equal to 3"),
        ("Europe/Berlin", "Mars/Olympus", "name a time zone"),
        ("on_merge: request", "on_merge: approve", "'nothing' or 'request'"),
    ],
)
def test_a_value_that_cannot_be_is_an_error(old: str, new: str, said: str) -> None:
    (error,) = changed(old, new)
    assert said in error


def test_rules_that_ask_for_too_many_people_are_an_error_and_are_read_quickly() -> None:
    many = ", ".join(["{role: ml-lead, count: 20}"] * 6)
    (error,) = changed("approved_if: [{role: ml-lead, count: 1}]", f"approved_if: [{many}]")
    assert error.startswith("assay.yml:7: `environments.staging.approved_if`: these rules ask for too many people")


def test_every_way_to_fulfil_rules_is_found_with_its_places() -> None:
    rules = [
        Rule.model_validate({"role": "a"}),
        Rule.model_validate({"any": [{"role": "b"}, {"all": [{"role": "c"}, {"role": "d"}]}]}),
    ]
    assert [[rule.role for _, rule in way] for way in ways(rules)] == [["a", "b"], ["a", "c", "d"]]
    assert [place for place, _ in leaves(rules)] == [(0,), (1, "any", 0), (1, "any", 1, "all", 0), (1, "any", 1, "all", 1)]
    assert [place for place, _ in ways(rules)[1]] == [(0,), (1, "any", 1, "all", 0), (1, "any", 1, "all", 1)]


def test_the_schema_takes_what_is_read_and_refuses_what_is_not() -> None:
    schema = json.loads(document.schema())
    jsonschema.validate(yaml.safe_load(POLICY), schema)
    for old, new in (("bind: tree", "bind: branch"), ("words: 5", "words: 1"), ("{role: ml-lead}", "{rol: ml-lead}")):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(yaml.safe_load(POLICY.replace(old, new)), schema)
