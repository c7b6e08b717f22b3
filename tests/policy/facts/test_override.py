"""Parameters in commands: what DVC would take, and nothing that means more than a value."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policy.facts.override import DEFAULT_FILE, MOST, Override, Value, written
from policy.problems import UserProblem

HOSTILE = [
    "lr=$(id)",
    "lr=`id`",
    "lr=; rm -rf",
    "lr=0.1;id",
    "lr=${{ secrets.X }}",
    "lr=${oc.env:AWS_SECRET_ACCESS_KEY}",
    "lr=%0a::set-output name=verdict::passed",
    "lr=::add-mask::x",
    "lr=../../etc/passwd",
    "lr=-o ProxyCommand=id",
    "lr=--help",
    "lr=a b",
    'lr="quoted"',
    "lr='quoted'",
    "lr=a\nb",
    "lr=a\x00b",
    "lr=1|cat",
    "lr=a&&b",
    "lr=a>b",
    "lr=~",
    "lr=*",
    "lr={a: 1}",
    "lr=!!python/object:os.system",
    "lr=http://169.254.169.254/latest",
    "lr=nan",
    "lr=-inf",
    "lr=Infinity",
    "lr=1e400",
    "lr=\u202e1.0",
    "lr=０.1",
    "lr=",
    "lr=[1,[2]]",
    "lr=[1,]",
    "lr=" + "9" * 499,
    "lr=[" + ",".join("1" * 101) + "]",
    "+lr=1",
    "~lr",
    "++lr=1",
    "lr",
    "=1",
    ".lr=1",
    "lr.=1",
    "a..b=1",
    "$lr=1",
    "l r=1",
    "--set=1",
    "../params.yaml:lr=1",
    "/etc/params.yaml:lr=1",
    "a/../../p.yaml:lr=1",
    ".dvc/config.yaml:lr=1",
    ".github/workflows/x.yml:jobs=1",
    "train.py:lr=1",
    "params.yaml:other.yaml:lr=1",
    ":lr=1",
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("lr=0.1", 0.1),
        ("lr=-1e-5", -1e-05),
        ("lr=.5", 0.5),
        ("lr=5.", 5.0),
        ("lr=1e5", 100_000.0),
        ("lr=+3", 3),
        ("lr=0", 0),
        ("lr=True", True),
        ("lr=false", False),
        ("lr=null", None),
        ("lr=adam", "adam"),
        ("lr=007", "007"),
        ("lr=1.2.3", "1.2.3"),
        ("lr=2013-06-30", "2013-06-30"),
        ("lr=org/model@v1", "org/model@v1"),
        ("lr=[1,2.5,true,null,relu]", [1, 2.5, True, None, "relu"]),
        ("lr=[]", []),
    ],
)
def test_a_value_has_the_type_that_dvc_gives_it(text: str, value: Value) -> None:
    found = Override.parse(text)
    assert (found.key, found.file) == ("lr", DEFAULT_FILE)
    assert found.value == value and type(found.value) is type(value)


def test_a_file_and_a_path_of_keys_may_be_named() -> None:
    assert Override.parse("configs/train.params.yml:model.layers.0.size=8") == Override(
        "model.layers.0.size", 8, "configs/train.params.yml"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_cp_13_what_is_more_than_a_value_is_refused(text: str) -> None:
    with pytest.raises(UserProblem) as refused:
        Override.parse(text)
    told = str(refused.value)
    assert told.isascii() and "\n" not in told, "the refusal itself carries nothing on"
    assert len(told) < 400


@given(st.text(max_size=60))
def test_cp_13_whatever_passes_is_plain(text: str) -> None:
    try:
        found = Override.parse(text)
    except UserProblem:
        return
    assert not set(str(found)) & set("$`;&|<>(){}'\"\\ \n\r\t%*?!~#^")
    assert ".." not in str(found) and "::" not in str(found)


scalars = st.one_of(
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.none(),
    st.from_regex(r"[a-hj-m][a-z0-9_]{0,8}", fullmatch=True).filter(lambda word: word != "false"),
)


@given(st.one_of(scalars, st.lists(scalars, max_size=5)))
def test_a_value_that_is_written_and_read_is_the_same(value: Value) -> None:
    again = Override.parse(str(Override("a.b", value, "x.yaml"))).value
    assert again == value and repr(again) == repr(value)


def test_a_value_is_written_as_yaml_has_it() -> None:
    assert yaml.safe_load(written([1, True, None, "a"])) == [1, True, None, "a"]
    assert MOST == 50
