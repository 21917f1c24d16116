"""What Telegram and Discord can do, as data; tests hold it against the libraries' constants."""

from bot.platforms.base import Capabilities, Pace

TELEGRAM = Capabilities(
    text=4096,
    unit="utf16",
    caption=1024,
    label=64,
    row=3,
    rows=30,
    url=2048,
    toast=200,
    private=("toast", "dm"),
    fields=0,
    suggestions=0,
    acknowledge=None,
    ticket_life=900.0,
    idempotent=False,
    moment="words",
    pace=Pace(chat_per_second=1.0, group_per_minute=20.0, overall_per_second=30.0),
)

DISCORD = Capabilities(
    text=2000,
    unit="codepoint",
    caption=2000,
    label=80,
    row=3,
    rows=5,
    url=512,
    toast=0,
    private=("ephemeral", "dm"),
    fields=5,
    suggestions=25,
    acknowledge=3.0,
    ticket_life=840.0,  # a token lives 15 minutes; the last one is not worth a race
    idempotent=True,
    moment="unix",
    markdown=True,
    pace=Pace(chat_per_second=5.0, overall_per_second=45.0),
)
