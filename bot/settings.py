"""Settings, read from the environment and `.env`; `.env.example` is tested against them."""

from __future__ import annotations

import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from storage.address import sqlite_path

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
Network = IPv4Network | IPv6Network


class Settings(BaseSettings):
    """Every setting has a default; an empty value means the default."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True,
        hide_input_in_errors=True,
    )  # fmt: skip

    telegram_token: str = Field("", description="Bot token from @BotFather; empty: Telegram is off")
    discord_token: str = Field("", description="Bot token from Discord's portal; empty: off")
    database_url: str = Field(
        "sqlite:///data/adda.db",
        description="sqlite:///relative.db, sqlite:////absolute.db or postgresql://user@host/name",
    )
    secret_key: str = Field("", description="Seals private columns; empty: read SECRET_KEY_FILE")
    secret_key_file: Path = Field(
        Path("adda.key"),
        description="Made on the first run, mode 600; never in the database's own folder",
    )
    public_url: str = Field(
        "", description="https address of this server; empty: links are given direct, untracked"
    )
    http_host: str = Field("127.0.0.1", description="Address to listen on")
    http_port: int = Field(8080, ge=0, le=65535, description="Port to listen on")
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = Field(
        (), description="Networks whose X-Forwarded-For is believed, with commas"
    )
    country_header: str = Field(
        "", description="Header in which those proxies name the country, such as CF-IPCountry"
    )
    community: str = Field("Adda", description="The creator's name, as fans know it")
    language: Literal["bn", "en"] = Field("bn", description="The community's language: bn or en")
    timezone: str = Field("Asia/Dhaka", description="The community's time zone")
    operator: str = Field("", description="Who runs this bot and how to reach them, for fans")
    telegram_webhook: bool = Field(
        False, description="Receive by webhook at PUBLIC_URL instead of polling"
    )
    telegram_login: bool = Field(
        False,
        description="Link buttons in groups give personal links in one tap; needs PUBLIC_URL's "
        "domain set at @BotFather (/setdomain)",
    )
    telegram_api_base: str = Field(
        "https://api.telegram.org/bot", description="Bot API address, for a server of your own"
    )
    telegram_file_base: str = Field(
        "https://api.telegram.org/file/bot", description="Bot API file address"
    )
    discord_api_base: str = Field("https://discord.com/api/v10", description="Discord API address")
    discord_gateway_url: str = Field("", description="Discord gateway address; empty: ask the API")
    assist_url: str = Field(
        "", description="OpenAI-compatible base address that helps with questions; empty: none is"
    )
    assist_key: str = Field("", repr=False, description="Key for ASSIST_URL, if it wants one")
    assist_embeddings: str = Field(
        "", description="Model whose embeddings help to find answers; empty: off"
    )
    assist_chat: str = Field(
        "", description="Model that puts likely answers together, checked; empty: off"
    )
    assist_daily_budget: int = Field(
        1000, ge=0, description="Requests to ASSIST_URL in a day (UTC), by all processes together"
    )
    assist_timeout: float = Field(
        4.0, ge=0.5, le=30, description="Seconds a question may wait for ASSIST_URL in all"
    )
    beacon_relays: Annotated[tuple[str, ...], NoDecode] = Field(
        (
            "https://api.drand.sh", "https://api2.drand.sh", "https://api3.drand.sh",
            "https://drand.cloudflare.com",
        ),
        description="drand relays that draws take randomness from, with commas; none: it is pasted",
    )  # fmt: skip
    log_format: Literal["text", "json"] = Field("text", description="Log lines: text or json")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least level that is logged"
    )

    @field_validator("trusted_proxies", "beacon_relays", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return (
            [v.strip() for v in value.split(",") if v.strip()] if isinstance(value, str) else value
        )

    @field_validator("country_header")
    @classmethod
    def _name(cls, value: str) -> str:
        if not all(character.isascii() and (character.isalnum() or character == "-")
                   for character in value):  # fmt: skip
            raise ValueError(f"{value!r} is no header's name. Use a name such as CF-IPCountry.")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is no time zone. Use a name such as Asia/Dhaka.")
        return value

    @field_validator(
        "public_url", "telegram_api_base", "telegram_file_base", "discord_api_base",
        "discord_gateway_url",
    )  # fmt: skip
    @classmethod
    def _address(cls, value: str) -> str:
        value = value.rstrip("/")
        parts = urlsplit(value)
        if value and parts.scheme in ("http", "ws") and parts.hostname not in _LOOPBACK:
            raise ValueError(f"{value!r} must be https: plain http is for this machine alone.")
        if value and (parts.scheme not in ("http", "https", "ws", "wss") or not parts.hostname):
            raise ValueError(f"{value!r} is not an address. Write it as https://example.com.")
        return value

    @field_validator("beacon_relays")
    @classmethod
    def _relays(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return () if value == ("none",) else tuple(map(_relay, value))

    @field_validator("assist_url")
    @classmethod
    def _service(cls, value: str) -> str:
        value = value.rstrip("/")
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise ValueError("This is not an address. Write it as https://example.com/v1.")
        if parts.query or parts.fragment:
            raise ValueError("Leave out what comes after ? or #; a key belongs in ASSIST_KEY.")
        if parts.scheme == "http" and not _nearby(parts.hostname):
            raise ValueError(
                f"{value!r} must be https: plain http is for this machine and private networks."
            )
        return value

    @field_validator("assist_key")
    @classmethod
    def _header(cls, value: str) -> str:
        if not value.isascii() or not value.isprintable() or " " in value:
            raise ValueError("The key has a space or a letter no key has. Copy it once more.")
        return value

    @model_validator(mode="after")
    def _key_beside(self) -> Self:
        """The usual key file never lies in the database's folder, where a copy would take both."""
        if "secret_key_file" in self.model_fields_set or self.secret_key_file.exists():
            return self
        if self.database_url.startswith("sqlite:///"):
            folder = sqlite_path(self.database_url).absolute().parent
            if self.secret_key_file.absolute().parent == folder:
                self.secret_key_file = folder.with_name(f"{folder.name}.key")
        return self

    def secret(self) -> str:
        """The operator's secret; the file is made when neither it nor SECRET_KEY exists."""
        if self.secret_key:
            return self.secret_key
        if not self.secret_key_file.exists():
            self.secret_key_file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.secret_key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(32) + "\n")
        return self.secret_key_file.read_text("utf-8").strip()


def _relay(value: str) -> str:
    value = value.rstrip("/")
    parts = urlsplit(value)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError(f"{value!r} must be https: plain http is for this machine alone.")
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError(f"{value!r} is not an address. Write it as https://api.drand.sh.")
    if parts.query or parts.fragment:
        raise ValueError(f"Leave out what comes after ? or # in {value!r}.")
    return value


def _nearby(host: str) -> bool:
    """True for this machine, private addresses, and names that only a private network knows."""
    try:
        address = ip_address(host)
    except ValueError:
        private = (".localhost", ".local", ".lan", ".internal", ".home.arpa")
        return "." not in host or host.endswith(private)
    return address.is_private and not address.is_link_local
