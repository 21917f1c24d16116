"""Adda: a community assistant for creators on Telegram and Discord."""

__version__ = "0.1.0"
