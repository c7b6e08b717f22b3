"""What the service is told, from where, and what it refuses."""

import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.settings import Settings, key_is_usable, load, missing
from policy.problems import UserProblem

SECRET = "correct-horse-battery-staple"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("ASSAY_", "GITHUB_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def key() -> str:
    made = rsa.generate_private_key(65537, 2048)
    return made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def refused(**given: Any) -> str:
    with pytest.raises(UserProblem) as problem:
        load(**given)
    return str(problem.value)


def test_a_secret_is_all_it_takes_and_it_says_what_is_missing() -> None:
    settings = load(webhook_secret=SECRET)
    assert (settings.role, settings.host, settings.port, settings.github_api_url) == (
        "both",
        "127.0.0.1",
        8000,
        "https://api.github.com",
    )
    assert settings.database_url.get_secret_value() == "sqlite:///assay.sqlite3"
    assert settings.secrets == {"current": SECRET.encode()}
    assert [line.partition(":")[0] for line in missing(settings)] == [
        "no GitHub App (ASSAY_APP_ID and ASSAY_PRIVATE_KEY not set)",
        "no database server",
    ]


def test_what_is_missing_is_said_as_it_is(key: str) -> None:
    token = load(webhook_secret=SECRET, github_token="ghp_x")
    assert "GITHUB_TOKEN stands in for it" in missing(token)[0]
    half = load(webhook_secret=SECRET, app_id=5)
    assert missing(half)[0].startswith("no GitHub App (ASSAY_PRIVATE_KEY not set)")
    whole = load(webhook_secret=SECRET, app_id=5, private_key=key, app_slug="assay", database_url="postgresql://db/assay")
    assert whole.app and missing(whole) == []
    assert "ASSAY_APP_SLUG" in missing(load(webhook_secret=SECRET, app_id=5, private_key=key))[0]


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("", "is empty"), ("   ", "is empty"), ("\t\n", "is empty"), ("development", "is well known"),
        ("changeme", "is well known"), ("CHANGEME", "is well known"), ("changemechangeme", "is well known"),
        ("It's a Secret to Everybody", "is well known"),
        ("0123456789abcdef", "is well known"), ("fifteen-charact", "fewer than 16"), ("short", "fewer than 16"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "repeats"), ("abababababababababab", "repeats"),
    ],
)  # fmt: skip
def test_wh_09_without_a_real_secret_there_is_no_start(secret: str, said: str) -> None:
    told = refused(webhook_secret=secret)
    assert told.startswith("ASSAY_WEBHOOK_SECRET: the webhook secret ") and said in told
    assert "openssl rand -hex 32" in told
    if secret.strip():
        assert said in refused(webhook_secret=SECRET, webhook_secret_old=secret)
        assert secret.strip() not in told or said == "is empty"


def test_wh_09_the_old_secret_may_be_missing_and_the_new_one_may_not() -> None:
    assert load(webhook_secret=SECRET, webhook_secret_old="").secrets == {"current": SECRET.encode()}
    assert "ASSAY_WEBHOOK_SECRET:" in refused(webhook_secret_old=SECRET)


def test_what_the_registry_signs_with_is_as_strong_and_names_a_repository() -> None:
    given = {"webhook_secret": SECRET, "registry_repository": "acme/flights"}
    assert load(**given).registry_secrets == {}
    found = load(**given, mlflow_webhook_secret=SECRET[::-1], mlflow_webhook_secret_old=SECRET)
    assert found.registry_secrets == {"mlflow": SECRET[::-1].encode(), "mlflow_old": SECRET.encode()}
    assert SECRET[::-1] in found.every_secret()
    assert "ASSAY_MLFLOW_WEBHOOK_SECRET" in refused(**given, mlflow_webhook_secret="short")
    assert "ASSAY_REGISTRY_REPOSITORY" in refused(webhook_secret=SECRET, mlflow_webhook_secret=SECRET)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ASSAY_WEBHOOK_SECRET": SECRET, "ASSAY_WEBHOOK_SECRET_OLD": SECRET[::-1], "ASSAY_APP_ID": "12", "ASSAY_MAX_QUEUE": "5",
        "ASSAY_ROLE": "worker", "GITHUB_API_URL": "https://ghe.example/api/v3", "GITHUB_TOKEN": "ghp_x", "ASSAY_APP_SLUG": "",
        "ASSAY_TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.1", "ASSAY_ALLOW_GITHUB_ONLY": "true", "ASSAY_UNHEARD_OF": "x",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    settings = load()
    assert (settings.app_id, settings.max_queue, settings.role, settings.app_slug) == (12, 5, "worker", "")
    assert (settings.github_api_url, settings.server) == ("https://ghe.example/api/v3", "https://ghe.example")
    assert settings.github_token.get_secret_value() == "ghp_x"
    assert settings.trusted_proxies == ("10.0.0.0/8", "192.0.2.1") and settings.allow_github_only
    assert settings.secrets == {"current": SECRET.encode(), "old": SECRET[::-1].encode()}
    assert load(role="web", max_queue=None).role == "web", "what is given wins over the environment"
    assert load(role="web", max_queue=None).max_queue == 5


def test_secrets_come_from_files_without_the_newline_at_their_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: str
) -> None:
    for name, text in {"ASSAY_WEBHOOK_SECRET": SECRET, "ASSAY_PRIVATE_KEY": key, "GITHUB_TOKEN": "ghp_x"}.items():
        (tmp_path / name).write_text(f"{text}\n", "utf-8")
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / name))
    monkeypatch.setenv("ASSAY_APP_ID", "5")
    settings = load()
    assert settings.webhook_secret.get_secret_value() == SECRET
    assert settings.github_token.get_secret_value() == "ghp_x"
    assert settings.app and key_is_usable(settings)


def test_a_secret_that_is_given_twice_or_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSAY_WEBHOOK_SECRET_FILE", str(tmp_path / "nowhere"))
    assert refused().startswith(f"ASSAY_WEBHOOK_SECRET_FILE: cannot read {tmp_path / 'nowhere'} (No such file")
    (tmp_path / "nowhere").write_bytes(b"\xff\xfe")
    assert "it is not text" in refused()
    monkeypatch.setenv("ASSAY_WEBHOOK_SECRET", SECRET)
    assert "given twice" in refused()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", 'webhook_secret = "{0}"\nmax_queue = 7\ngithub_api_url = "{1}"\ntrusted_proxies = ["10.0.0.0/8"]\n'),
        ("a.yaml", "webhook_secret: {0}\nmax_queue: 7\ngithub_api_url: {1}\ntrusted_proxies: [10.0.0.0/8]\n"),
        ("a.yml", "webhook_secret: {0}\nmax_queue: 7\ngithub_api_url: {1}\ntrusted_proxies: 10.0.0.0/8\n"),
    ],
)
def test_the_settings_file_is_read_and_gives_way(name: str, text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text.format(SECRET, "https://ghe.example/api/v3"), "utf-8")
    monkeypatch.setenv("ASSAY_SETTINGS", str(tmp_path / name))
    settings = load()
    assert (settings.max_queue, settings.github_api_url, settings.trusted_proxies) == (
        7,
        "https://ghe.example/api/v3",
        ("10.0.0.0/8",),
    )
    monkeypatch.setenv("ASSAY_MAX_QUEUE", "8")
    assert load().max_queue == 8
    assert load(max_queue=9).max_queue == 9


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.toml", "webhook_secret = hunter2hunter2", "cannot be read as TOML"),
        ("a.yaml", "a: [hunter2", "cannot be read as YAML"),
        ("a.yaml", "- hunter2", "holds no names"), ("a.json", "{}", "not a kind of settings file"),
        ("a.toml", 'max_queu = "hunter2"', "`max_queu` is no setting"), ("a.toml", 'max_queue = "hunter2"', "ASSAY_MAX_QUEUE: "),
        ("a.toml", "port = 70000", "ASSAY_PORT: "), ("a.toml", 'role = "hunter2"', "ASSAY_ROLE: "),
        ("a.toml", 'trusted_proxies = "hunter2"', "ASSAY_TRUSTED_PROXIES: "), ("a.toml", "app_id = -1", "ASSAY_APP_ID: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_name_and_never_by_its_value(
    name: str, text: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.setenv("ASSAY_SETTINGS", str(tmp_path / name))
    told = refused(webhook_secret=SECRET)
    assert said in told
    if "trusted" not in text:
        assert "hunter2" not in told


def test_a_settings_file_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSAY_SETTINGS", str(tmp_path / "no.toml"))
    assert "ASSAY_SETTINGS: cannot read" in refused(webhook_secret=SECRET)


@pytest.mark.parametrize("given", ["not a key", "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----"])
def test_a_key_that_does_not_sign_is_told_and_not_quoted(given: str) -> None:
    told = refused(webhook_secret=SECRET, app_id=5, private_key=given)
    assert told.startswith("ASSAY_PRIVATE_KEY: ") and "hunter2" not in told
    assert not key_is_usable(Settings(webhook_secret=SECRET, private_key=given))


def test_an_address_that_is_none_is_told() -> None:
    assert "GITHUB_API_URL" in refused(webhook_secret=SECRET, github_api_url="ftp://x")


def test_ap_08_no_repr_shows_a_secret(key: str) -> None:
    hidden = {"webhook_secret": SECRET, "webhook_secret_old": SECRET[::-1], "private_key": key, "github_token": "ghp_" + "a" * 36}
    settings = load(**hidden, app_id=5, database_url="postgresql://assay:hunter2@db/assay")
    for shown in (repr(settings), str(settings), settings.model_dump_json(), f"{settings.model_dump()}"):
        for value in [*hidden.values(), "hunter2"]:
            assert value not in shown
    assert sorted(settings.every_secret()) == sorted([*(value.strip() for value in hidden.values()), "hunter2"])


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(webhook_secret=SECRET).port = 5  # type: ignore[misc]


# --- pages ---

PAGES = {
    "client_id": "Iv1.x",
    "client_secret": "s" * 40,
    "public_url": "https://assay.example/",
    "session_key": "0123456789abcdef" * 2,
}


def test_pages_need_four_settings_and_say_which_are_not_there() -> None:
    whole = load(webhook_secret=SECRET, **PAGES)
    assert whole.unset_for_pages == [] and whole.public_url == "https://assay.example"
    for name in PAGES:
        some = load(webhook_secret=SECRET, **{each: value for each, value in PAGES.items() if each != name})
        assert some.unset_for_pages == [f"ASSAY_{name.upper()}"]
        told = [line for line in missing(some) if line.startswith("no pages")]
        assert bool(told) == (name != "client_id") and all(f"ASSAY_{name.upper()}" in line for line in told)
    assert not [line for line in missing(load(webhook_secret=SECRET)) if "pages" in line], "without any there is nothing to say"


@pytest.mark.parametrize(
    "url",
    [
        "assay.example",
        "ftp://assay.example",
        "http://assay.example",
        "https://a.example/path",
        "https://u@a.example",
        "https://a.example?x",
    ],
)
def test_a_public_address_is_https_and_has_no_path(url: str) -> None:
    assert refused(webhook_secret=SECRET, public_url=url).startswith("settings: ASSAY_PUBLIC_URL: ")


def test_on_this_machine_the_public_address_may_do_without_https() -> None:
    assert load(webhook_secret=SECRET, public_url="http://127.0.0.1:8000").public_url == "http://127.0.0.1:8000"
    # As a browser writes where a form comes from.
    assert load(webhook_secret=SECRET, public_url="https://Assay.example:443/").public_url == "https://assay.example"


@pytest.mark.parametrize("key", ["short", "a" * 64, "abcde" * 10])
def test_a_weak_session_key_is_refused_and_not_quoted(key: str) -> None:
    told = refused(webhook_secret=SECRET, session_key=key)
    assert "ASSAY_SESSION_KEY" in told and key not in told and "openssl rand" in told


def test_operators_are_ids_and_logins_with_commas_between() -> None:
    assert load(webhook_secret=SECRET, operators="4711, olga,").operators == ("4711", "olga")
