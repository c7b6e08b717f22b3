"""What the user's stages may see, and what is never shown."""

from actions.train.environment import for_stages, secrets


def test_tokens_and_the_runners_channels_are_taken_out() -> None:
    tokens = (
        "GITHUB_TOKEN",
        "GH_TOKEN",
        "ACTIONS_RUNTIME_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "INPUT_TOKEN",
        "ASSAY_TUNE_STORAGE",
    )
    channels = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")
    users = {"PATH": "/bin", "HOME": "/root", "AWS_ACCESS_KEY_ID": "k", "GITHUB_SHA": "s"}
    seen = for_stages({**dict.fromkeys((*tokens, *channels), "x"), **users})
    assert seen == {**users, "PYTHONUNBUFFERED": "1", "DVC_NO_ANALYTICS": "1"}


def test_our_interpreter_stays_ours_and_the_users_modules_theirs() -> None:
    seen = for_stages({"PYTHONHOME": "/ours", "PYTHONEXECUTABLE": "/ours/python", "PYTHONPATH": "src", "PYTHONHASHSEED": "0"})
    assert "PYTHONHOME" not in seen and "PYTHONEXECUTABLE" not in seen
    assert (seen["PYTHONPATH"], seen["PYTHONHASHSEED"]) == ("src", "0")


def test_output_is_not_buffered_unless_the_user_says_so() -> None:
    assert for_stages({})["PYTHONUNBUFFERED"] == "1"
    assert for_stages({"PYTHONUNBUFFERED": ""})["PYTHONUNBUFFERED"] == ""


def test_values_that_sound_secret_are_found() -> None:
    secret = {
        "MY_TOKEN": "tok-123456",
        "DB_PASSWORD": "hunter22",
        "AWS_SECRET_ACCESS_KEY": "aws-secret",
        "SSH_KEY": "line one\nline two",
    }
    address = {"URL": "postgres://ada:pa55word@db.example/x"}
    harmless = {"PWD": "/home/ada/project", "KEYBOARD": "qwertz-layout", "API_KEY": "short"}
    found = secrets({**harmless, **address, **secret})
    assert found == ["aws-secret", "tok-123456", "hunter22", "line one", "line two", "pa55word"]


def test_an_address_that_is_none_does_no_harm() -> None:
    assert secrets({"X": "http://[bad"}) == []
