"""A feature that says back what it hears."""

from bot.feature import Context, Feature
from bot.model import Reply, Said, Say

echo = Feature("echo")


@echo.said()
async def echoed(_ctx: Context, said: Said) -> Reply:
    return Reply(Say("text", text=said.text))
