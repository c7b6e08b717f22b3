"""What GitHub gives once is kept whole, for its owner alone."""

import base64
import os
import subprocess
from pathlib import Path

import pytest

from bot.app.credentials import Credentials, place, write
from bot.gateway.address import DEFAULT
from policy.problems import OutsideProblem, UserProblem

DATA = {
    "id": 7,
    "slug": "assay",
    "html_url": "https://github.com/apps/assay/",
    "pem": "canary\nkey",
    "webhook_secret": "canary-hook",
}


def test_the_file_is_an_environment_that_a_shell_reads(tmp_path: Path) -> None:
    made = Credentials.of(DATA)
    write(tmp_path / "app.env", made, "https://ghes.example/api/v3")
    script = "set -a; . ./app.env; env"
    env = dict(
        line.split("=", 1)
        for line in subprocess.run(
            ["sh", "-c", script], cwd=tmp_path, env={}, capture_output=True, text=True, check=True
        ).stdout.splitlines()
    )
    assert (env["ASSAY_APP_ID"], env["ASSAY_APP_SLUG"], env["ASSAY_WEBHOOK_SECRET"]) == ("7", "assay", "canary-hook")
    assert base64.b64decode(env["ASSAY_PRIVATE_KEY"]).decode() == "canary\nkey"
    assert env["GITHUB_API_URL"] == "https://ghes.example/api/v3"
    assert "GITHUB_API_URL" not in made.lines(DEFAULT)


def test_ap_08_only_the_owner_reads_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write(tmp_path / "app.env", Credentials.of(DATA), DEFAULT)
    finally:
        os.umask(before)
    assert (tmp_path / "app.env").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["app.env"]


def test_what_is_there_is_never_replaced_and_nothing_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "app.env"
    assert place(file) == file
    file.write_text("mine")
    with pytest.raises(UserProblem, match="something already"):
        place(file)
    with pytest.raises(UserProblem, match="They are in") as caught:
        write(file, Credentials.of(DATA), DEFAULT)
    beside = Path(caught.value.next.removeprefix("They are in "))
    assert file.read_text() == "mine" and "ASSAY_APP_ID=7" in beside.read_text()
    assert beside.stat().st_mode & 0o777 == 0o600


def test_a_link_or_a_folder_that_is_not_there_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/nonexistent")
    for path in (tmp_path / "link", tmp_path / "none" / "app.env"):
        with pytest.raises(UserProblem, match="--out"):
            place(path)
    with pytest.raises(UserProblem, match="cannot write"):
        write(tmp_path / "none" / "app.env", Credentials.of(DATA), DEFAULT)


def test_ap_08_an_answer_that_is_none_is_a_problem_without_its_secrets() -> None:
    for wrong in ({}, {**DATA, "id": "canary"}, None, [DATA]):
        with pytest.raises(OutsideProblem) as caught:
            Credentials.of(wrong)  # type: ignore[arg-type]
        assert "canary" not in str(caught.value)
    assert "canary" not in repr(Credentials.of(DATA))
    assert "WEBHOOK" not in Credentials.of({**DATA, "webhook_secret": None}).lines(DEFAULT)


def test_what_people_sign_in_by_is_kept_where_github_gave_it() -> None:
    made = Credentials.of({**DATA, "client_id": "Iv1.7", "client_secret": "canary-client"})
    assert "ASSAY_CLIENT_ID=Iv1.7\nASSAY_CLIENT_SECRET=canary-client\n" in made.lines(DEFAULT)
    assert "CLIENT" not in Credentials.of(DATA).lines(DEFAULT) and "canary" not in repr(made)
