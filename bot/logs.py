"""One line an event in the log; never a token, never a fan's text."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
# Telegram carries the token in the address, so a library's error may quote it.
_TOKENS = re.compile(r"\b\d{6,12}:[A-Za-z0-9_-]{30,}\b|\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}\b")


def _hide_tokens(_logger: Any, _name: str, event: structlog.types.EventDict) -> Any:
    return {k: _TOKENS.sub("…", v) if isinstance(v, str) else v for k, v in event.items()}


def set_up(level: str, form: str) -> None:
    """Write to standard error: `form` "text" for people, "json" for machines."""
    json = form == "json"
    shown: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _hide_tokens,
    ]
    structlog.configure(
        processors=[*shared, shown],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # What libraries log goes the same way, from "warning" on.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processor=shown, foreign_pre_chain=shared)
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
