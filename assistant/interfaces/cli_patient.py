"""The commands of the patient's side: ``check`` and ``pathways``. No store, no model."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.case.facts import FACTS_FILE, Facts, load_facts
from assistant.errors import QuestionError, ReadError, SettingsError
from assistant.interfaces.cli_correct import read_corrections
from assistant.pathways.loading import (
    PATHWAYS_FOLDER,
    load_pathways,
    read_documents,
    read_pathways,
)
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.checking.examination import Examination
    from assistant.pathways.proof import PathwayFault

DONE, FAILED = 0, 1


def check(arguments: argparse.Namespace, settings: Settings) -> int:
    """Read a case, hold it against the pathways, print the verdict."""
    from assistant.checking.examination import Examiner
    from assistant.interfaces.render_patient import examination_json, examination_text

    text = sys.stdin.read() if arguments.case == "-" else arguments.case
    limit = settings.max_question_characters
    if not text.strip():
        raise QuestionError("The case is empty. Describe the patient.")
    if len(text) > limit:
        raise QuestionError(
            f"The case has {len(text):,} characters; at most {limit:,} can be read. "
            "Shorten it to what matters for the decision."
        )
    examiner = Examiner.load(settings.corpus, on=settings.day())
    corrections = read_corrections(arguments.correct, examiner.reader.facts)
    general = examiner.examine(text, corrections=corrections)
    examination = (
        examiner.examine(text, about_patient=True, corrections=corrections)
        if _has_findings(general)
        else general
    )
    verdict = examiner.check(examination)
    if arguments.json:
        _print_json(examination_json(examination, verdict))
    else:
        print(examination_text(examination, verdict))
    return DONE


def _has_findings(examination: "Examination") -> bool:
    """Whether anything is said of a patient: the command is for cases, however curt."""
    from assistant.language.assertion import Assertion

    said = {Assertion.PRESENT, Assertion.ABSENT, Assertion.POSSIBLE, Assertion.HISTORICAL}
    return any(
        evidence.assertion in said
        for finding in examination.case.findings.values()
        for evidence in finding.evidence
    )


def list_pathways(arguments: argparse.Namespace, settings: Settings) -> int:
    """Every pathway, the strongest first."""
    pathways = load_pathways(settings.corpus, load_facts(settings.corpus).measures).pathways
    if arguments.json:
        _print_json(
            [
                {
                    "id": p.id,
                    "title": p.title,
                    "version": p.version,
                    "rank": p.rank,
                    "rules": len(p.rules),
                }
                for p in pathways
            ]
        )
    else:
        for pathway in pathways:
            print(f"{pathway.id:26} {len(pathway.rules):3} rules  {pathway.title}")
    return DONE


def show_pathway(arguments: argparse.Namespace, settings: Settings) -> int:
    """One pathway with its quotations."""
    from assistant.interfaces.render_patient import pathway_json, pathway_text

    pathways = load_pathways(settings.corpus, load_facts(settings.corpus).measures).pathways
    found = [pathway for pathway in pathways if pathway.id == arguments.id]
    if not found:
        known = ", ".join(pathway.id for pathway in pathways) or "none"
        raise SettingsError(f"There is no pathway '{arguments.id}'. There are: {known}.")
    if arguments.json:
        _print_json(pathway_json(found[0]))
    else:
        print(pathway_text(found[0]))
    return DONE


def validate(arguments: argparse.Namespace, settings: Settings) -> int:
    """Load and prove the pathways at each path; 1 where a fault is found."""
    from assistant.pathways.proof import PathwayFault, prove

    faults: list[PathwayFault] = []
    rules = 0
    for path in arguments.paths or [settings.corpus]:
        corpus, files = _find(path, settings)
        facts = load_facts(corpus)
        loaded = read_pathways(corpus, facts.measures, files=files)
        rules += len(loaded.pathways.rules)
        faults += [
            PathwayFault(fault.path, fault.line, "loading", fault.message, {})
            for fault in loaded.faults
        ]
        if not loaded.faults:
            faults += prove(facts, loaded.pathways)
        if files is None:
            faults += _other_faults(corpus, facts)
    if arguments.json:
        _print_json({"rules": rules, "faults": [asdict(fault) for fault in faults]})
    else:
        for fault in faults:
            place = fault.path if fault.line is None else f"{fault.path}:{fault.line}"
            print(f"{place}: {fault.property}: {fault.message}")
        if not faults:
            print(f"No fault found in {rules} rules.")
    return FAILED if faults else DONE


def _other_faults(corpus: Path, facts: Facts) -> "list[PathwayFault]":
    """What is wrong with the cues and calculators that go with the pathways."""
    from assistant.language.assertion import load_cues
    from assistant.pathways.calculators import load_calculators
    from assistant.pathways.proof import PathwayFault

    faults = []
    loaders: tuple[Callable[[], object], ...] = (
        lambda: load_cues(corpus),
        lambda: load_calculators(corpus, facts, read_documents(corpus), strict=True),
    )
    for load in loaders:
        try:
            load()
        except ReadError as error:
            faults.append(PathwayFault(error.path, None, "loading", error.reason, {}))
    return faults


def _find(path: Path, settings: Settings) -> tuple[Path, list[Path] | None]:
    """The corpus that a path belongs to, and the files to read where they are not all of it."""
    if not path.exists():
        raise SettingsError(f"{path}: there is nothing there. Give a corpus folder or a file.")
    if (path / FACTS_FILE).is_file():
        return path, None
    files = [path] if path.is_file() else sorted(path.glob("*.yaml"))
    if not files:
        raise SettingsError(f"{path}: neither a corpus folder ({FACTS_FILE}) nor pathway files.")
    above = [folder for folder in path.resolve().parents if (folder / FACTS_FILE).is_file()]
    corpus = above[0] if above else settings.corpus
    own = {found.resolve() for found in (corpus / PATHWAYS_FOLDER).glob("*.yaml")}
    others = [found for found in sorted(own) if found.name not in {file.name for file in files}]
    return corpus, [*others, *(file.resolve() for file in files)]


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
