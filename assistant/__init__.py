"""Guideline Assistant: clinical questions answered in the guideline's own words.

from assistant import Assistant, Settings
assistant = Assistant.open(Settings.load())
consultation = assistant.ask("When should I image after a dural puncture?")
"""

from assistant.answering.model import MODEL_FILE, Model
from assistant.answering.weighing import Weighed
from assistant.completion import Audience
from assistant.consultation import Assistant, Consultation, ingest
from assistant.errors import AssistantError
from assistant.followups import Turn
from assistant.settings import Settings
from assistant.spans import Span

__all__ = [
    "MODEL_FILE",
    "Assistant",
    "AssistantError",
    "Audience",
    "Consultation",
    "Model",
    "Settings",
    "Span",
    "Turn",
    "Weighed",
    "ingest",
]
