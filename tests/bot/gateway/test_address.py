"""Every kind of GitHub is found, and no other."""

import pytest

from bot.gateway.address import base_url, belongs, server_url
from policy.problems import UserProblem


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "https://api.github.com"),
        ({"GITHUB_API_URL": "https://api.github.com/"}, "https://api.github.com"),
        ({"GITHUB_API_URL": "https://ghes.example/api/v3"}, "https://ghes.example/api/v3"),
        ({"GITHUB_API_URL": "https://ghes.example/api/v3/"}, "https://ghes.example/api/v3"),
        ({"GITHUB_API_URL": "http://localhost:8080"}, "http://localhost:8080"),
        ({"GITHUB_SERVER_URL": "https://github.com"}, "https://api.github.com"),
        ({"GITHUB_SERVER_URL": "https://ghes.example:8443/"}, "https://ghes.example:8443/api/v3"),
        ({"GITHUB_SERVER_URL": "https://octo.ghe.com"}, "https://api.octo.ghe.com"),
        ({"GITHUB_API_URL": "https://api.octo.ghe.com", "GITHUB_SERVER_URL": "https://octo.ghe.com"}, "https://api.octo.ghe.com"),
    ],
)
def test_ap_07_the_api_is_found_from_the_environment(environ: dict[str, str], expected: str) -> None:
    assert base_url(environ) == expected


@pytest.mark.parametrize(
    "given", ["ghes.example", "file:///etc/passwd", "https://", "https://u:p@ghes.example", "https://x/?a=b"]
)
def test_ap_07_what_is_no_address_is_a_problem(given: str) -> None:
    with pytest.raises(UserProblem, match="not an address"):
        base_url({"GITHUB_API_URL": given})


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "https://github.com"),
        ({"GITHUB_API_URL": "https://api.github.com/"}, "https://github.com"),
        ({"GITHUB_API_URL": "https://ghes.example:8443/api/v3/"}, "https://ghes.example:8443"),
        ({"GITHUB_API_URL": "https://api.octo.ghe.com"}, "https://octo.ghe.com"),
        ({"GITHUB_API_URL": "https://api.example/api/v3"}, "https://api.example"),
        ({"GITHUB_API_URL": "http://localhost:8080"}, "http://localhost:8080"),
        (
            {"GITHUB_API_URL": "https://ghes.example/api/v3", "GITHUB_SERVER_URL": "https://pages.example/"},
            "https://pages.example",
        ),
    ],
)
def test_ap_07_the_pages_are_found_from_the_address_of_the_api(environ: dict[str, str], expected: str) -> None:
    assert server_url(environ) == expected


BASE = "https://ghes.example/api/v3"


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        (f"{BASE}/repos/a/b?page=2", True),
        ("https://ghes.example:443/api/v3/repositories/1/issues?page=2", True),
        ("https://evil.example/api/v3/repos/a/b", False),
        ("https://ghes.example.evil.example/api/v3/x", False),
        ("https://ghes.example@evil.example/api/v3/x", False),
        ("http://ghes.example/api/v3/repos/a/b", False),
        ("https://ghes.example:444/api/v3/repos/a/b", False),
        ("https://ghes.example/other", False),
        ("https://ghes.example/api/v3/../../admin", False),
        ("http://169.254.169.254/latest/meta-data", False),
    ],
)
def test_ap_07_only_addresses_of_the_same_api_are_followed(url: str, ours: bool) -> None:
    assert belongs(url, BASE) is ours
