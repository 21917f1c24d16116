"""Settings: one list of them in the code, `.env.example` and the README; bad values in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from bot.commands.explain import setting_errors
from bot.settings import Settings

ROOT = Path(__file__).parent.parent


def settings_table(settings: type[Settings]) -> str:
    """The README's table: name, default, description."""
    head = "| Setting | Default | What it is |\n| --- | --- | --- |\n"
    return head + "".join(
        f"| `{name.upper()}` | {_cell(_default(field))} | {field.description} |\n"
        for name, field in settings.model_fields.items()
    )


def env_example(settings: type[Settings]) -> str:
    """`.env.example`: each setting's description as a comment above its default."""
    return "\n".join(
        f"# {field.description}\n{name.upper()}={_default(field)}\n"
        for name, field in settings.model_fields.items()
    )


def _default(field: FieldInfo) -> str:
    match field.default:
        case bool() as yes:
            return str(yes).lower()
        case tuple() as items:
            return ",".join(map(str, items))
        case value:
            return str(value)


def _cell(text: str) -> str:
    return f"`{text}`" if text else ""


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `.env` and no variable of this machine has a say."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def complaints(**given: str) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate(given)
    return setting_errors(caught.value)


def test_the_example_file_has_every_setting_with_its_default_and_what_it_is() -> None:
    assert (ROOT / ".env.example").read_text("utf-8") == env_example(Settings)


def test_the_example_file_used_as_it_is_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text("utf-8"), "utf-8")
    assert Settings() == Settings.model_construct()


def test_the_readme_has_the_table_of_settings_and_no_other_setting() -> None:
    rows = re.findall(r"^\| `[A-Z_]+` \|.*$", (ROOT / "README.md").read_text("utf-8"), re.M)
    assert rows == settings_table(Settings).splitlines()[2:]


def test_every_setting_says_what_it_is_in_a_line_that_fits_a_table() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert not set(field.description) & set("|\n"), name


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PORT", "")
    assert Settings().http_port == 8080


def test_the_environment_counts_more_than_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("COMMUNITY='মিতু'\nHTTP_PORT=9000\nSOMETHING_ELSE=1\n", "utf-8")
    monkeypatch.setenv("HTTP_PORT", "9001")
    settings = Settings()
    assert (settings.community, settings.http_port) == ("মিতু", 9001)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("http_port", "eighty", "HTTP_PORT: 'eighty' is not a whole number."),
        ("http_port", "70000", "HTTP_PORT: 70000 is too large; the most is 65535."),
        ("http_port", "-1", "HTTP_PORT: -1 is too small; the least is 0."),
        ("language", "fr", "LANGUAGE: 'fr' is not known. Use 'bn' or 'en'."),
        (
            "timezone",
            "Mars/Base",
            "TIMEZONE: 'Mars/Base' is no time zone. Use a name such as Asia/Dhaka.",
        ),
        (
            "public_url",
            "http://links.example.com",
            "PUBLIC_URL: 'http://links.example.com' must be https: "
            "plain http is for this machine alone.",
        ),
        (
            "discord_api_base",
            "discord",
            "DISCORD_API_BASE: 'discord' is not an address. Write it as https://example.com.",
        ),
        (
            "beacon_relays",
            "https://api.drand.sh, http://relay.example",
            "BEACON_RELAYS: 'http://relay.example' must be https: "
            "plain http is for this machine alone.",
        ),
        (
            "beacon_relays",
            "api.drand.sh",
            "BEACON_RELAYS: 'api.drand.sh' is not an address. Write it as https://api.drand.sh.",
        ),
        (
            "beacon_relays",
            "https://me@api.drand.sh",
            "BEACON_RELAYS: 'https://me@api.drand.sh' is not an address. ",
        ),
        (
            "beacon_relays",
            "https://api.drand.sh/?a=1",
            "BEACON_RELAYS: Leave out what comes after ? or # in 'https://api.drand.sh/?a=1'.",
        ),
        (
            "trusted_proxies",
            "10.0.0.0/8, me",
            "TRUSTED_PROXIES: 'me' is not a network. Use for example 127.0.0.1 or 10.0.0.0/8.",
        ),
        (
            "country_header",
            "CF IPCountry:",
            "COUNTRY_HEADER: 'CF IPCountry:' is no header's name. Use a name such as CF-IPCountry.",
        ),
        (
            "telegram_webhook",
            "maybe",
            "TELEGRAM_WEBHOOK: 'maybe' is neither yes nor no. Use true or false.",
        ),
        ("log_level", "loud", "LOG_LEVEL: 'loud' is not known. Use "),
    ],
)
def test_a_wrong_value_gets_one_sentence_that_names_the_setting(
    name: str, value: str, sentence: str
) -> None:
    said = complaints(**{name: value})
    assert len(said) == 1
    assert said[0].startswith(sentence)


def test_each_wrong_setting_gets_its_own_sentence() -> None:
    said = complaints(http_port="x", language="x", timezone="x")
    assert {line.partition(":")[0] for line in said} == {"HTTP_PORT", "LANGUAGE", "TIMEZONE"}


def test_plain_http_is_taken_for_this_machine_alone() -> None:
    for address in ("http://127.0.0.1:8081/bot", "http://localhost:8081", "http://[::1]:1/x"):
        assert Settings.model_validate({"telegram_api_base": address}).telegram_api_base == address


def test_relays_are_a_list_with_commas_and_none_is_a_word_since_empty_means_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = "https://one.example/, http://127.0.0.1:9,"
    relays = ("https://one.example", "http://127.0.0.1:9")
    assert Settings.model_validate({"beacon_relays": given}).beacon_relays == relays
    monkeypatch.setenv("BEACON_RELAYS", "none")
    assert Settings().beacon_relays == ()
    monkeypatch.setenv("BEACON_RELAYS", "")
    assert "https://api.drand.sh" in Settings().beacon_relays


def test_the_key_file_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    settings = Settings.model_validate({"secret_key_file": tmp_path / "keys" / "adda.key"})
    first = settings.secret()
    assert len(first) >= 40
    assert settings.secret() == first
    assert (tmp_path / "keys" / "adda.key").stat().st_mode & 0o777 == 0o600


def test_a_secret_in_the_settings_makes_no_key_file(tmp_path: Path) -> None:
    settings = Settings.model_validate({"secret_key": "a secret of the operator's own"})
    assert settings.secret() == "a secret of the operator's own"
    assert list(tmp_path.iterdir()) == []


def test_the_usual_key_file_never_lies_in_the_databases_folder(tmp_path: Path) -> None:
    beside = Settings.model_validate({"database_url": "sqlite:///adda.db"})
    assert beside.secret_key_file == tmp_path.with_name(f"{tmp_path.name}.key")
    assert Settings.model_validate({}).secret_key_file == Path("adda.key")
    (tmp_path / "adda.key").write_text("an old one stays where it is", "utf-8")
    old = Settings.model_validate({"database_url": "sqlite:///adda.db"})
    assert old.secret_key_file == Path("adda.key")
