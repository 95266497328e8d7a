"""Gradio with everything that reports home switched off; the only module that imports it.

Gradio and huggingface_hub read these variables while they are imported, so they are set before.
"""

from __future__ import annotations

import os
from typing import Any

from qa.web.failures import QUIET_TRACEBACK

__all__ = ["events_of", "gr"]

os.environ.update(
    {
        # Else creating a page looks up hosts outside.
        "GRADIO_ANALYTICS_ENABLED": "False",
        # Else each event pays for a summary of all events before it.
        "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
        "GRADIO_RUN_HISTORY": "False",
        "GRADIO_SSR_MODE": "False",
        "GRADIO_MCP_SERVER": "False",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
    }
)

import gradio as gr
import gradio.routes

# It prints the failure of an event whole, and its message may hold what the browser sent.
gradio.routes.traceback = QUIET_TRACEBACK


def events_of(page: gr.Blocks) -> dict[int, tuple[Any, ...]]:
    """The numbers of a page's events, each with the models of the values it is given: pydantic's,
    or None where a component takes plain values."""
    return {
        number: tuple(getattr(one, "data_model", None) for one in event.inputs)
        for number, event in page.fns.items()
    }
