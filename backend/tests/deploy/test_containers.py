"""The compose file and the images' recipes, judged by their own validators."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
SECRETS = {"POSTGRES_PASSWORD": "a" * 32, "DASHBOARD_COOKIE_KEY": "b" * 32}


def compose(
    *arguments: str, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment}
    command = [BIN / "docker-compose", "--env-file", "/dev/null", "config", *arguments]
    return subprocess.run(
        command, cwd=folder, env=clean, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, object]]:
    done = compose("--format", "json", **SECRETS)
    assert done.stderr == ""
    return json.loads(done.stdout)["services"]


def test_compose_file_is_valid():
    done = compose("-q", **SECRETS)
    assert done.stderr == ""


@pytest.mark.parametrize("missing", SECRETS)
def test_compose_refuses_to_start_without_a_secret_and_says_how_to_make_it(missing):
    done = compose("-q", **{name: value for name, value in SECRETS.items() if name != missing})
    # The validator's exit code is 0 whatever it found; it speaks on stderr.
    assert f"put {missing}=$(openssl rand -hex 32) into .env" in done.stderr


def test_every_part_is_there(services):
    assert set(services) == {"db", "migrate", "api", "worker", "dashboard", "prometheus"}


def test_database_and_metrics_are_not_published_and_the_rest_on_loopback(services):
    published = {
        (name, port["target"], port["host_ip"])
        for name, service in services.items()
        for port in service.get("ports", [])
    }
    assert published == {
        ("api", 8000, "127.0.0.1"),
        ("dashboard", 8501, "127.0.0.1"),
        ("prometheus", 9090, "127.0.0.1"),
    }


def test_nothing_runs_as_root_or_with_more_than_it_needs(services):
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        if "build" not in service:
            assert not service["user"].startswith("0"), name


def test_api_and_worker_wait_for_the_migration(services):
    for name in ("api", "worker"):
        assert services[name]["depends_on"]["migrate"]["condition"] == (
            "service_completed_successfully"
        )


def test_api_and_worker_have_the_same_files(services):
    recipe = (ROOT / "backend" / "Dockerfile").read_text()
    for name in ("api", "worker"):
        [volume] = services[name]["volumes"]
        assert (volume["source"], f"DATA_DIR={volume['target']}" in recipe) == ("files", True)


def test_every_lasting_service_has_a_health_check(services):
    assert {name for name, service in services.items() if "healthcheck" not in service} == {
        "migrate"
    }


def test_env_example_names_every_variable_of_the_compose_file():
    text = (ROOT / "docker-compose.yml").read_text()
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))
    example = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == used
    assert re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE) == [
        (name, "") for name in SECRETS
    ]


def test_further_settings_reach_the_backend_from_a_file(tmp_path):
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    (tmp_path / "learntrace.env").write_text("RATE_LIMIT_EVENTS=250\nDATABASE_URL=ignored\n")
    done = compose("--format", "json", folder=tmp_path, **SECRETS)
    assert done.stderr == ""
    services = json.loads(done.stdout)["services"]
    for name in ("api", "worker", "migrate"):
        assert services[name]["environment"]["RATE_LIMIT_EVENTS"] == "250"
        assert services[name]["environment"]["DATABASE_URL"].startswith("postgresql://")
    assert "RATE_LIMIT_EVENTS" not in services["dashboard"]["environment"]


@pytest.mark.parametrize("recipe", ["backend/Dockerfile", "dashboard/Dockerfile"])
def test_recipe_passes_the_linter_and_ends_without_root(recipe):
    linted = subprocess.run(
        [BIN / "hadolint", ROOT / recipe], capture_output=True, text=True, check=False
    )
    assert (linted.returncode, linted.stdout) == (0, "")
    text = (ROOT / recipe).read_text()
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE) == ["10001:10001"]
    assert "--require-hashes" in text


def test_what_the_recipes_copy_reaches_the_build():
    let_in = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    for recipe in ("backend/Dockerfile", "dashboard/Dockerfile"):
        for source in re.findall(
            r"^COPY (?!--from)(\S+)", (ROOT / recipe).read_text(), re.MULTILINE
        ):
            assert (ROOT / source).exists()
            assert any(source == name or source.startswith(f"{name}/") for name in let_in)
