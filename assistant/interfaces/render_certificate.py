"""An answer's certificate → JSON, sealed."""

from collections.abc import Mapping
from typing import Any

from assistant.case.correcting import Correction
from assistant.certificate import FORMAT, Certificate, seal
from assistant.truth import Truth


def with_certificate(plain: Mapping[str, Any], certificate: Certificate | None) -> dict[str, Any]:
    """An answer's JSON with what ``verify`` needs; as it is where there is no certificate."""
    if certificate is None:
        return dict(plain)
    proof = certificate_json(certificate)
    sealed = {**plain, "certificate": proof}
    proof["seal"] = seal(sealed)
    return sealed


def corrections_json(corrections: Mapping[str, Correction]) -> dict[str, str | float]:
    """Each fact as the reader said it is: true, false, unknown, or a number."""
    return {
        fact: value.value if isinstance(value, Truth) else value
        for fact, value in sorted(corrections.items())
    }


def certificate_json(certificate: Certificate) -> dict[str, Any]:
    """Everything but the seal."""
    given = certificate.given
    return {
        "format": FORMAT,
        "settings": {
            "embedder": given.embedder,
            "role": given.role,
            "documents": None if given.documents is None else list(given.documents),
            "history": [
                {"role": role, "content": content, "corrections": corrections_json(corrections)}
                for role, content, corrections in given.history
            ],
            "corrections": corrections_json(given.corrections),
            "date": given.date,
        },
        "draft": {"quotes": list(certificate.draft), "direct": list(certificate.draft_direct)},
        "documents": dict(certificate.documents),
        "pathways": [
            {
                "id": pathway.id,
                "version": pathway.version,
                "sha256": pathway.sha256,
                "rules": {rule: truth.value for rule, truth in pathway.rules.items()},
            }
            for pathway in certificate.pathways
        ],
        "versions": dict(certificate.versions),
    }
