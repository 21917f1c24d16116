"""The optional tier: a language service helps where the default is not sure, and never instead."""
