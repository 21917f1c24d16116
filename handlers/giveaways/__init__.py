"""Giveaways: one pool over all platforms, drawn so that anybody can check it."""
