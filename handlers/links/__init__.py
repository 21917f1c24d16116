"""Sponsored links: disclosed first, counted honestly, reported to the brand."""
