"""Tests: they talk to the bot and look at what was said."""
