"""The one file that says what a stored run consists of, renamed into place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from attrs import asdict, field, frozen

from gml.runtime.stored.arrays import DamagedError, digest

FORMAT = 2
"""Of everything in the folder; a reader of another number refuses."""

MANIFEST = "manifest.json"


@frozen
class StoredCounts:
    """Where the sampling phase stands.

    Attributes
    ----------
    iteration, gradients : int
        Of one chain, the warm-up included.
    thin : int
        Iterations a kept draw.
    num_draws, num_divergent : int
        Kept draws of a chain; divergent transitions of all.
    segment_draws : int
        Draws of a whole segment.
    first_thin, first_rhat
        What the run began with, and R-hat before it lengthened itself.
    """

    iteration: int
    gradients: int
    thin: int
    num_draws: int
    num_divergent: int
    segment_draws: int
    first_thin: int
    first_rhat: float | None = None


@frozen
class Manifest:
    """What a stored run is, and where it stands.

    Attributes
    ----------
    identity : mapping
        What the draws depend on, by names that a user knows: hashes and versions.
    settings : mapping
        What the run was asked to do.
    digests : mapping
        Of the files that are named by what they hold: model, data, tuning, state.
    counts : StoredCounts or None
        None during the warm-up.
    timings : mapping
        Seconds that all processes have spent so far.
    is_complete : bool
        Whether all draws are there.
    """

    identity: Mapping[str, str]
    settings: Mapping[str, Any]
    digests: Mapping[str, str] = field(factory=dict)
    counts: StoredCounts | None = None
    timings: Mapping[str, float] = field(factory=dict)
    is_complete: bool = False


def manifest_to_bytes(manifest: Manifest) -> bytes:
    """As JSON, with a digest of itself."""
    body = {"format": FORMAT, **asdict(manifest)}
    text = json.dumps(body, indent=1, sort_keys=True)
    sealed = {"digest": digest(text.encode()), **body}
    return (json.dumps(sealed, indent=1, sort_keys=True) + "\n").encode()


def manifest_from_bytes(contents: bytes) -> Manifest:
    """Read it again.

    Raises
    ------
    DamagedError
        Where it is not what was written, or was written by another version.
    """
    try:
        body = dict(json.loads(contents))
        expected = body.pop("digest")
        text = json.dumps(body, indent=1, sort_keys=True)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DamagedError("it is cut off or overwritten") from error
    if expected != digest(text.encode()):
        raise DamagedError("its checksum differs")
    number = body.pop("format", None)
    if number != FORMAT:
        raise DamagedError(f"it has format {number}, and this gmlc reads {FORMAT}")
    counts = body.pop("counts")
    return Manifest(counts=StoredCounts(**counts) if counts else None, **body)
