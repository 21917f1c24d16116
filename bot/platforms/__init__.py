"""Translators between a platform and the core; they decide nothing."""
