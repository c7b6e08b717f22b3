"""`assay cml`: the command lines of CML's documentation, against a GitHub on loopback."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.assay.conftest import Assay, Done
from tests.bot.cml.conftest import NAME, Scene
from tests.bot.cml.conftest import hasty as hasty
from tests.bot.cml.conftest import scene as scene
from tests.bot.test_images import png

Cml = Callable[..., Done]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def cml(assay: Assay, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cml:
    """Run a verb as a step of a job for the pull request, in a folder with a report and a picture."""
    event = {"pull_request": {"number": scene.number, "head": {"sha": scene.head}}}
    (tmp_path / "event.json").write_text(json.dumps(event))
    work = tmp_path / "work"
    work.mkdir()
    (work / "report.md").write_text("# Report\n\n![](plot.png)\n")
    (work / "plot.png").write_bytes(png(7))
    environ = scene.environ() | {
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_WORKSPACE": str(work),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_WORKFLOW": "train",
        "GITHUB_RUN_ID": "77",
        "GITHUB_HEAD_REF": "change",
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    def run(line: str) -> Done:
        done = assay("cml", *line.split(), cwd=work)
        assert "Traceback" not in done.err
        return done

    return run


def comments(scene: Scene) -> list[str]:
    return [comment.body for comment in scene.github.comments(NAME, scene.number)]


def test_a_comment_is_written_and_then_rewritten_with_its_picture(cml: Cml, scene: Scene) -> None:
    first = cml("comment create report.md")
    assert (first.code, first.err) == (0, "")
    assert f"/{NAME}/issues/{scene.number}#issuecomment-" in first.out
    assert cml("comment update --publish=true --target=pr report.md").out == first.out
    (body,) = comments(scene)
    assert f"![](/{NAME}/blob/" in body
    assert scene.head in body


def test_publish_may_be_turned_off(cml: Cml, scene: Scene) -> None:
    assert cml("comment create --publish=false report.md").code == 0
    assert "![](plot.png)" in comments(scene)[0]


def test_earlier_spellings_still_work(cml: Cml, scene: Scene) -> None:
    assert cml("send-comment --pr --update --no-publish report.md").code == 0
    assert cml(f"send-comment --update --commitSha={scene.head} --no-publish report.md").code == 0
    assert cml(f"comment update --target=commit/{scene.head} --no-publish report.md").code == 0
    assert len(comments(scene)) == len(scene.github.repository(NAME).commit_comments) == 1


def test_options_come_from_the_environment_as_cmls_do(cml: Cml, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CML_COMMENT_WATERMARK_TITLE", "{workflow}-{run}")
    monkeypatch.setenv("CML_COMMENT_PUBLISH", "false")
    assert cml("comment update report.md").code == 0
    assert "CML watermark train-77" in comments(scene)[0]


def test_without_the_right_to_write_contents_the_comment_still_comes(
    cml: Cml, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", scene.github.token(NAME, contents="read", pull_requests="write", issues="write"))
    done = cml("comment create report.md")
    assert done.code == 0
    assert "contents: write" in done.err
    assert "Not shown: `plot.png`" in comments(scene)[0]


def test_ga_14_what_does_not_fit_is_in_the_summary(cml: Cml, scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "work/report.md").write_text("a line of it\n" * 9_000 + "the end\n")
    assert cml("comment create report.md").code == 0
    assert f"/{NAME}/actions/runs/77" in comments(scene)[0]
    assert "the end" in (tmp_path / "summary.md").read_text()


def test_a_check_lands_on_the_head_and_is_neutral_unless_said(cml: Cml, scene: Scene) -> None:
    assert "neutral" in cml("check create report.md --title=Training").err
    assert cml("check create --conclusion=failure --title=Training --log=error report.md").err == ""
    (run,) = scene.github.repository(NAME).checks.values()
    assert (run.head_sha, run.conclusion) == (scene.head, "failure")


def test_an_asset_is_stored_and_its_address_printed(cml: Cml, scene: Scene) -> None:
    done = cml("publish plot.png --md -t Loss")
    assert done.out.startswith(f"![]({scene.github.host}/{NAME}/blob/")
    assert done.out.endswith('?raw=true "Loss")\n')
    assert cml("asset publish report.md --md").out.startswith("[report.md](")


def clone(scene: Scene, tmp_path: Path) -> Path:
    work = tmp_path / "work"
    path = scene.github.repository(NAME).git.path
    subprocess.run(["git", "clone", "-q", "-b", "change", str(path), str(tmp_path / "clone")], check=True)
    (tmp_path / "clone/.git").rename(work / ".git")
    (work / "README.md").write_text("flights\n")
    (work / "dvc.lock").write_text("2\n")
    (work / ".gitignore").write_text("secret\n")
    (work / "secret").write_text("1")
    return work


def test_a_pull_request_is_opened_through_the_api_alone(cml: Cml, scene: Scene, tmp_path: Path) -> None:
    work = clone(scene, tmp_path)
    before = (work / ".git/config").read_text()
    done = cml("pr create --title=Again --body=b .")
    assert (done.code, done.err) == (0, "")
    git = scene.github.repository(NAME).git
    source = f"change-cml-pr-{scene.head[:8]}"
    files = git.run("ls-tree", "-r", "--name-only", source).decode().split()
    assert files == [".gitignore", "README.md", "dvc.lock", "plot.png", "report.md"]
    assert git.run("log", "-1", "--format=%s", source) == f"CML PR for {scene.head[:8]}\n".encode()
    assert (work / ".git/config").read_text() == before
    assert cml("pr .").out == done.out
    assert len(scene.github.repository(NAME).pulls) == 2


def test_skip_ci_is_added_only_when_asked_for(cml: Cml, scene: Scene, tmp_path: Path) -> None:
    clone(scene, tmp_path)
    assert cml("pr create dvc.lock --skip-ci --branch=b --message=m").code == 0
    assert scene.github.repository(NAME).git.run("log", "-1", "--format=%s", "b") == b"m [skip ci]\n"


def test_a_pull_request_is_never_merged_at_once(cml: Cml, scene: Scene, tmp_path: Path) -> None:
    clone(scene, tmp_path)
    done = cml("pr create dvc.lock --squash")
    assert done.code == 2
    assert "Auto merge is not allowed" in done.err
    assert "/pull/" in done.out
    assert all(pull.merged_at is None for pull in scene.github.repository(NAME).pulls.values())
    assert not [seen for seen in scene.github.requests if seen.path.endswith("/merge")]


def test_nothing_changed_is_no_pull_request(cml: Cml, scene: Scene, tmp_path: Path) -> None:
    clone(scene, tmp_path)
    done = cml("pr create README.md")
    assert (done.code, done.out) == (0, "")
    assert "nothing to do" in done.err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("comment create none.md", "cannot read the report"),
        ("comment create --target=tag report.md", "--target"),
        ("comment create --driver=gitlab report.md", "gitlab"),
        ("comment update --rm-watermark report.md", "--rm-watermark"),
        ("pr create --merge --squash x", "--merge and --squash"),
        ("pr create --user-name=a x", "--user-name"),
        ("runner launch", "not taken over"),
        ("comment create", "--help"),
        ("comment create --nonsense report.md", "--nonsense"),
    ],
)
def test_what_cannot_be_done_is_one_line(cml: Cml, line: str, told: str) -> None:
    done = cml(line)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert len(done.err.splitlines()) == 1


def test_without_pygithub_the_extra_to_install_is_named() -> None:
    line = "import sys; sys.modules['github'] = None; from assay.cli import run; run(['cml', 'check', 'create', 'r.md'])"
    done = subprocess.run([sys.executable, "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "assay: `assay cml` needs PyGithub. Install assay[github]\n"


def test_a_watched_report_is_published_until_the_job_ends(cml: Cml, scene: Scene, tmp_path: Path) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "assay", "cml", "comment", "create", "--watch", "--no-publish", "report.md"],
        cwd=tmp_path / "work",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    assert "#issuecomment-" in started.stdout.readline()
    (tmp_path / "work/report.md").write_text("# The last epoch\n")
    started.send_signal(signal.SIGTERM)
    assert "#issuecomment-" in started.communicate(timeout=30)[0]
    assert started.returncode == 0
    (body,) = comments(scene)
    assert body.startswith("# The last epoch")
