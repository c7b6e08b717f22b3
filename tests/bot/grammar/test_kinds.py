"""What the values of each kind are, and that nothing anyone could act on is one."""

import datetime
import subprocess
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar import kinds, parameters
from bot.grammar.kinds import Kind, Model, Refused
from tests.bot.grammar.material import INJECTIONS, INVISIBLE, OTHERS

NAMED = {name: kind for module in (kinds, parameters) for name, kind in vars(module).items() if isinstance(kind, Kind)}
EVERY = NAMED | {"one_of": kinds.one_of("SIDE", "base", "head"), "reason": kinds.reason(words=1)}
EXACT = {name: kind for name, kind in EVERY.items() if name != "reason"}


def why(kind: Kind[Any], text: str) -> str:
    with pytest.raises(Refused) as refused:
        kind.read(text)
    return refused.value.why


def accepts(kind: Kind[Any], text: str) -> bool:
    try:
        kind.read(text)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("name", EVERY)
def test_the_example_of_a_kind_is_one(name: str) -> None:
    kind = EVERY[name]
    assert isinstance(kind.read(kind.example), kind.gives)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("text", INJECTIONS)
def test_cp_13_what_others_could_act_on_is_of_no_kind(name: str, text: str) -> None:
    assert why(EVERY[name], text)


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("text", [*INJECTIONS, *OTHERS])
def test_cp_13_nor_is_it_as_a_part_of_a_name_or_value(name: str, text: str) -> None:
    kind = EXACT[name]
    assert why(kind, text)
    assert not text.strip() or not accepts(kind, text + kind.example)
    # What begins with a hyphen is an option at the beginning alone.
    for behind in (kind.example, f"{kind.example}/", f"{kind.example}:"):
        assert not text.strip() or text.startswith("-") or not accepts(kind, behind + text)


@pytest.mark.parametrize(
    "text", ["fine so far $(id)", "see `id` for more", "the ${{ secrets.X }} of it", "{{ 7 * 7 }} of it all"]
)
def test_cp_13_prose_has_no_expressions_either(text: str) -> None:
    assert "plain words" in why(kinds.reason(), text)


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize(
    "character", [*INVISIBLE, "\u0435", "\uff10", "\u0661", "é", "ש", "\n", "'", '"', "\\", "$", ";", "%", "{", "}"]
)
def test_cp_22_values_are_ascii_of_a_short_list(name: str, character: str) -> None:
    kind = EXACT[name]
    for text in (character, kind.example + character, character + kind.example, kind.example[:1] + character + kind.example[1:]):
        assert not accepts(kind, text)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    "text", ["a" * 70_000, "a/" * 30_000, "a." * 30_000, "1" * 70_000, "a-" * 30_000 + "!", "[" + "1," * 30_000 + "]"]
)
def test_cp_12_long_values_are_refused_by_length(name: str, text: str) -> None:
    assert why(EVERY[name], text)


@given(st.text(max_size=80) | st.from_regex(r"[\w./:@~^,\[\]-]{0,80}"))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    for kind in EVERY.values():
        try:
            value = kind.read(text)
        except Refused as refused:
            assert refused.why
        else:
            assert isinstance(value, kind.gives)


@pytest.mark.parametrize(
    "text", ["main", "main~5", "HEAD^", "HEAD^2~3", "v1.2.0", "release/2026-01", "feature/x_y", "a@b", "fix/#12", "a-b+c"]
)
def test_a_revision_is_what_git_knows(text: str) -> None:
    assert kinds.revision.read(text) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-x", "may hold"),
        ("--all", "may hold"),
        ("a..b", "`..`"),
        ("a...b", "`..`"),
        ("main:x", "may hold"),
        (":/fix", "may hold"),
        ("@", "may hold"),
        ("main@{1}", "may hold"),
        ("a//b", "no part"),
        ("a/", "no part"),
        ("a/.b", "no part"),
        ("a.lock", "no part"),
        ("a.lock/b", "no part"),
        ("a.", "no part"),
        ("+a", "may hold"),
        ("a b", "may hold"),
        ("x" * 251, "250"),
    ],
)
def test_what_is_no_revision_is_told_why(text: str, reason: str) -> None:
    assert reason in why(kinds.revision, text)


@pytest.mark.parametrize("text", ["0", "-1", "+1", "1.5", "1e3", "007", "100000", "\u0661"])
def test_an_amount_is_a_small_whole_number_above_nothing(text: str) -> None:
    assert not accepts(kinds.amount, text)
    assert (kinds.amount.read("1"), kinds.amount.read("99999")) == (1, 99_999)


@settings(deadline=None, max_examples=50)
@given(st.from_regex(r"[A-Za-z0-9_./@#+,-]{1,12}", fullmatch=True))
def test_the_name_of_a_revision_is_one_that_git_would_take(text: str) -> None:
    if accepts(kinds.revision, text):
        done = subprocess.run(["git", "check-ref-format", f"refs/heads/{text}"], check=False)
        assert done.returncode == 0


@pytest.mark.parametrize("text", ["abc123", "9ab4", "9AB41D0", "9ab41d0fe33", "1234567", "9ab41d~2"])
def test_tt_11_a_sha_of_fewer_than_twelve_digits_is_ambiguous(text: str) -> None:
    assert "several commits" in why(kinds.revision, text)
    if text.isalnum():
        assert "several commits" in why(kinds.sha, text)
        assert not accepts(kinds.code, text)


def test_tt_11_a_longer_one_is_taken_in_lower_case() -> None:
    assert (
        kinds.sha.read("9AB41D0FE33A") == kinds.revision.read("9AB41D0FE33A") == kinds.code.read("9AB41D0FE33A") == "9ab41d0fe33a"
    )
    assert kinds.revision.read("9AB41D0FE33A~2") == "9ab41d0fe33a~2"
    assert kinds.sha.read("a" * 40) == "a" * 40
    assert not accepts(kinds.sha, "a" * 65)
    assert not accepts(kinds.sha, "main")


@pytest.mark.parametrize(
    "text", ["prod/../x", "-rf", "x" * 300, "prod\u00fc", "пром", "prod prod", "prod/eu", "prod.eu", "..", "."]
)
def test_lk_10_names_of_environments_are_short_and_plain(text: str) -> None:
    assert why(kinds.environment, text)


def test_cp_09_lk_10_environments_have_no_case() -> None:
    assert kinds.environment.read("Prod-EU_1") == kinds.environment.read("prod-eu_1") == "prod-eu_1"


def test_models_have_a_name_and_perhaps_a_version() -> None:
    assert kinds.model.read("delays") == Model("delays")
    assert kinds.model.read("Delays@12") == Model("Delays", "12")
    assert kinds.model.read("a.b-c@champion") == Model("a.b-c", "champion")
    assert kinds.model.read("a@v1.2.0") == Model("a", "v1.2.0")
    for text in ("@1", "a@", "a@b@c", "a/b", "a@-1", "models:/a/1"):
        assert not accepts(kinds.model, text)


@pytest.mark.parametrize("text", ["train", "fit@de-0.1", "models/dvc.yaml:fit", "pipelines/a/dvc.yaml:fit@x", "a_b-c"])
def test_stages_are_named_as_dvc_names_them(text: str) -> None:
    assert kinds.stage.read(text) == text


@pytest.mark.parametrize(
    "text", ["-f", "--all-pipelines", "/etc/dvc.yaml:x", "../dvc.yaml:x", "a/../dvc.yaml:x", "dvc.lock:x", "a:b", "a@"]
)
def test_what_is_no_stage(text: str) -> None:
    assert why(kinds.stage, text)


@pytest.mark.parametrize(
    "text", ["roc_auc", "data/flights.parquet", "metrics.json:auc", "roc_auc on carrier=US", "f1 on delta=-0.5"]
)
def test_gates_are_named_as_the_report_names_them(text: str) -> None:
    assert kinds.gate.read(text) == text


@pytest.mark.parametrize("text", ["roc_auc -rf", "roc_auc  on x=1", " roc_auc", "roc_auc on x=", "a=..", "/etc/passwd"])
def test_what_is_no_gate(text: str) -> None:
    assert why(kinds.gate, text)


def test_dates_are_days_of_the_calendar() -> None:
    assert kinds.date.read("2028-02-29") == datetime.date(2028, 2, 29)
    assert "no such day" in why(kinds.date, "2027-02-29")
    for text in ("20270228", "2027-2-3", "2027-W01-1", "tomorrow", "2027-02-28T00:00", "0000-01-01", "２０２７-02-28"):
        assert not accepts(kinds.date, text)


def test_logins_are_those_of_people() -> None:
    assert kinds.login.read("@ada") == kinds.login.read("ada") == "ada"
    assert kinds.login.read("ada-l_acme") == "ada-l_acme"
    for text in ("ada[bot]", "-ada", "ada-", "a--b", "@@ada", "acme/team", "a" * 61):
        assert not accepts(kinds.login, text)


def test_commands_are_named_with_or_without_their_slash() -> None:
    assert kinds.command.read("/Train") == kinds.command.read("train") == "train"
    assert not accepts(kinds.command, "//train")


def test_one_of_a_few_words_and_a_suggestion() -> None:
    side = kinds.one_of("SIDE", "base", "head")
    assert side.read("head") == "head"
    with pytest.raises(Refused) as refused:
        side.read("haed")
    assert refused.value.suggestion == "head"
    assert refused.value.why == "it is one of `base`, `head`"


@pytest.mark.parametrize("text", ["", "ok", "just because", "a - - b", "... ... ...", "x " * 400])
def test_az_16_a_reason_takes_three_words(text: str) -> None:
    assert why(kinds.reason(), text)


@pytest.mark.parametrize("character", [each for each in INVISIBLE if not each.isspace()])
def test_cp_22_a_reason_can_be_seen(character: str) -> None:
    assert "cannot be seen" in why(kinds.reason(), f"late data again{character}")


def test_a_reason_is_prose_in_one_line() -> None:
    assert kinds.reason().read("  Late  data, fixed\tin #12; AUC > 0.8 (5 %)") == "Late data, fixed in #12; AUC > 0.8 (5 %)"
    assert kinds.reason().read("数据 迟到 了") == "数据 迟到 了"
    assert kinds.reason(words=1).read("frozen") == "frozen"
    assert "at least 4 words, together in quotes" in why(kinds.reason(words=4), "only three words")


def test_the_number_of_a_version_and_the_name_of_a_model() -> None:
    assert kinds.version.read("3") == kinds.version.read("v3") == 3 and kinds.named.read("a.b-c") == "a.b-c"
    for text in ("", "0", "03", "latest", "-1", "3.0", "1" * 12):
        assert not accepts(kinds.version, text)
    assert not accepts(kinds.named, "delays@3") and not accepts(kinds.named, "")
