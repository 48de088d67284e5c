from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _nothing_is_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed loses nothing unsynced, and waiting takes the time."""
    monkeypatch.setattr(os, "fsync", lambda number: None)
