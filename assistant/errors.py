"""Everything that can go wrong, in one tree.

AssistantError
├── SettingsError            an option, argument or setting cannot be used
├── QuestionError            the question is empty or too long
├── ReadError                a document could not be read (its path and why)
├── UnknownDocumentError     no document has that id
├── VerificationError        a quotation is not in its document, word for word
├── CertificateError         a saved answer cannot be read
├── EvaluationError          a gold set or question set cannot be used
├── ReviewRefusedError       it cannot be submitted, started, approved or rejected, and why
└── StoreError               the store cannot serve
    ├── StoreMissingError        there is nothing there yet
    ├── StoreStaleError          written by another splitter, embedder or version
    ├── StoreUnreachableError    the server does not answer, or the folder is not a store
    ├── StoreBusyError           another process is writing
    ├── DatabaseError            the review database does not answer, or is of another version
    └── EmbedderError            the model's weights are absent or not the expected ones

A message says what is wrong, where, and what to do next.
"""


class AssistantError(Exception):
    """The root: anything this program tells a person in plain words."""


class SettingsError(AssistantError):
    """An option, argument or setting cannot be used."""


class QuestionError(AssistantError):
    """The question is empty or too long."""


class ReadError(AssistantError):
    """A document could not be read."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class UnknownDocumentError(AssistantError):
    """No document has that id."""


class VerificationError(AssistantError):
    """A quotation is not in its document, word for word."""


class CertificateError(AssistantError):
    """A saved answer cannot be read: it is no JSON, lacks a key or has one of another type."""


class EvaluationError(AssistantError):
    """A gold set or question set cannot be used."""


class ReviewRefusedError(AssistantError):
    """It cannot be submitted, started, approved or rejected."""


class StoreError(AssistantError):
    """The store cannot serve."""


class StoreMissingError(StoreError):
    """There is nothing there yet."""


class StoreStaleError(StoreError):
    """The store was written by another splitter, embedder or version."""


class StoreUnreachableError(StoreError):
    """The server does not answer, or the folder is not a store."""


class StoreBusyError(StoreError):
    """Another process is writing."""


class DatabaseError(StoreError):
    """The review database does not answer, or is of another version."""


class EmbedderError(StoreError):
    """The model's weights are absent or not the expected ones."""
