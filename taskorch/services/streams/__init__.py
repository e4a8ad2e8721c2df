"""Work streams: their guidance, whether tasks are ready for them, and what completed work really holds."""

from taskorch.services.streams.defining import guidance

__all__ = ["guidance"]
