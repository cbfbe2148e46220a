"""Guideline Assistant: clinical questions answered in the guideline's own words.

from assistant import Assistant, Settings
assistant = Assistant.open(Settings.load())
consultation = assistant.ask("When should I image after a dural puncture?")
"""

from assistant.completion import Audience
from assistant.consultation import Assistant, Consultation, Turn, ingest
from assistant.errors import AssistantError
from assistant.settings import Settings

__all__ = [
    "Assistant",
    "AssistantError",
    "Audience",
    "Consultation",
    "Settings",
    "Turn",
    "ingest",
]
