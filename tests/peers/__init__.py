"""Loopback peers that stand in for the platforms."""
