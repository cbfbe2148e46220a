"""Fixtures shared by every room's tests."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant import Assistant, Settings, ingest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Chroma server of our own."""
    port = free_port()
    beside_python = Path(sys.executable).parent / "chroma"
    command = str(beside_python) if beside_python.exists() else shutil.which("chroma")
    assert command, "the 'chroma' command comes with chromadb"
    folder = tmp_path_factory.mktemp("server")
    process = subprocess.Popen(
        [command, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"ANONYMIZED_TELEMETRY": "False"},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{url}/api/v2/heartbeat", timeout=1).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        else:
            raise RuntimeError("the Chroma server did not start")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _write_library(above: Path) -> Path:
    folder = above / "documents"
    folder.mkdir()
    (folder / "zebra-fever.md").write_text(ZEBRA_FEVER, encoding="utf-8")
    (folder / "marble-cough.txt").write_text(MARBLE_COUGH, encoding="utf-8")
    (above / "sources.yaml").write_text(
        "trial-1: {title: A trial of stripes, kind: rct, status: verified-primary, year: 2020}\n"
        "page-1: {title: A page on stripes, kind: web-page, status: unconfirmed}\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Two small invented guidelines, safe to read in a test."""
    return _write_library(tmp_path)


@pytest.fixture(scope="session")
def write_library() -> Callable[[Path], Path]:
    """Writes the same into a folder."""
    return _write_library


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The library that comes with the program."""
    return ROOT / "corpus"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A store of the test's own and the embedder without weights."""
    return Settings(store=str(tmp_path / "store"), embedder="hashing")


@pytest.fixture
def assistant(library: Path, settings: Settings) -> Assistant:
    report = ingest([library], settings)
    assert not report.failed
    return Assistant.open(settings)


ZEBRA_FEVER = """---
id: zebra-fever
title: Zebra fever
population: adults with stripes
updated: 2026-01-02
review: {status: submitted, by: null, on: null}
---

## Treatment of zebra fever

Give 30 mL of stripe syrup twice a day for zebra fever. [@trial-1] Do not give stripe syrup to
children under 2 years. [@page-1]

Look for:

- pale stripes
- reversed stripes

## How long zebra fever lasts

Zebra fever lasts 9 days in most adults. [@trial-1]

The dose of stripe syrup in pregnancy is not covered by this library.
"""

MARBLE_COUGH = """Marble cough

Diagnosis
Marble cough is heard as a rolling sound in the chest. Order a marble scan within 48 hours.

Treatment
- Rest for 3 days
- Avoid cold marbles
"""
