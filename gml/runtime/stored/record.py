"""A run on the disk: what it is, its draws, and where to go on from.

The folder of a run has

    manifest.json        which of the files below count; the rest is swept away
    model.gml, data.npz  and whatever else the caller wants to find again
    warmup.journal       during the warm-up
    tuning.npz           what the warm-up found
    state-ITERATION.npz  where the chains are
    draws-thinT-FIRST-STOP.npz
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
from attrs import asdict, define, evolve, field, frozen

from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.runtime.kept_draws import DrawPart
from gml.runtime.stored.arrays import DamagedError, digest, pack, unpack
from gml.runtime.stored.folder import RunFolder, storing, unreadable
from gml.runtime.stored.journal import JOURNAL, WarmupJournal
from gml.runtime.stored.manifest import (
    MANIFEST,
    Manifest,
    StoredCounts,
    manifest_from_bytes,
    manifest_to_bytes,
)
from gml.runtime.stored.stored_draws import SEGMENT_BYTES, StoredDraws
from gml.runtime.warmup import WarmupReport
from gml.samplers.transition import Fields

# A commit costs some 20 ms, of syncing alone: no more than one a second, unless there
# is much to write; and no less than one in ten, since a draw may take a second.
_LEAST_SECONDS = 1.0
_MOST_SECONDS = 10.0
_MOST_SEGMENTS = 8

_TUNING = "tuning.npz"
_STATE = "state-"


@frozen
class Place:
    """Where the chains are: what the next iteration depends on, beside the tuning."""

    state: Fields
    iteration: int
    gradients: int


@define
class RunRecord:
    """A run that is written down while it goes on.

    Attributes
    ----------
    folder : RunFolder
    manifest : Manifest
        As it is on the disk.
    draws : StoredDraws or None
        None during the warm-up.
    """

    folder: RunFolder
    manifest: Manifest
    draws: StoredDraws | None = None
    clock: Callable[[], float] = time.monotonic
    segment_bytes: int = SEGMENT_BYTES
    _committed_at: float = field(default=0.0)

    # ------------------------------------------------------------ begin, open, close

    @classmethod
    def create(
        cls,
        path: Path,
        identity: Mapping[str, str],
        settings: Mapping[str, Any],
        files: Mapping[str, bytes],
    ) -> RunRecord:
        """Write down that a run begins.

        Parameters
        ----------
        path
            The folder, which is made where it is missing.
        identity, settings
            See `Manifest`.
        files
            What to keep beside the draws: "model.gml", "data.npz".

        Raises
        ------
        GmlError
            If the folder cannot be made or written to, is not ours alone, or holds
            something else.
        """
        folder = RunFolder.create(path)
        try:
            _check_vacant(folder)
            folder.sweep(())
            digests = {name: digest(contents) for name, contents in files.items()}
            record = cls(folder, Manifest(identity, settings, digests))
            with storing(path, "the run has not begun"):
                for name, contents in files.items():
                    folder.write(name, contents)
                record._put_manifest(record.manifest)
        except BaseException:
            folder.close()
            raise
        return record

    @classmethod
    def open(cls, path: Path) -> RunRecord:
        """Find a run that was begun, and the draws that it has.

        Raises
        ------
        GmlError
            If there is none, or what there is cannot be read or trusted.
        """
        folder = RunFolder.open(path)
        try:
            record = cls(folder, _read_manifest(folder))
        except BaseException:
            folder.close()
            raise
        return record

    def close(self) -> None:
        """Let another process have it."""
        self.folder.close()

    def require(self, identity: Mapping[str, str], settings: Mapping[str, Any]) -> None:
        """Refuse to go on with something else than what the run began with.

        Raises
        ------
        GmlError
            Which names what differs.
        """
        notes = [
            f"{name} is now {_short(now)}, and was {_short(was)}"
            for name, now, was in _differences(settings, self.manifest.settings)
        ]
        notes += [
            f"{name}: changed" if _is_hash(was) else f"{name}: {now}, was {was}"
            for name, now, was in _differences(identity, self.manifest.identity)
        ]
        if notes:
            raise GmlError(
                Diagnostic(
                    "GML0809",
                    f"the run in {self.folder.path} was begun otherwise, and its draws "
                    "would not be those of one run",
                    notes=tuple(notes),
                    help="go on with what it was begun with, or delete the folder to "
                    "begin anew",
                ),
                exit_code=2,
            )

    def read_file(self, name: str) -> bytes:
        """A file that was given to `create`."""
        contents = self.folder.read(name)
        if digest(contents) != self.manifest.digests.get(name):
            raise unreadable(self.folder.path / name, "its checksum differs")
        return contents

    # ------------------------------------------------------------------ the warm-up

    def journal(self) -> WarmupJournal:
        """What a warm-up that was killed had done."""
        return WarmupJournal(self.folder, self.clock)

    @property
    def is_sampling(self) -> bool:
        """Whether the warm-up is over."""
        return self.manifest.counts is not None

    def begin_sampling(
        self, report: WarmupReport, place: Place, empty: DrawPart, thin: int
    ) -> StoredDraws:
        """Write down what the warm-up found; `empty` is what draws look like."""
        segment = max(1, self.segment_bytes // max(empty.bytes_per_draw, 1))
        self.draws = StoredDraws(self.folder, empty, thin, segment)
        with self.storing():
            contents = pack({k: np.asarray(v) for k, v in asdict(report).items()})
            self.folder.write(_TUNING, contents)
        digests = {**self.manifest.digests, _TUNING: digest(contents)}
        self.manifest = evolve(self.manifest, digests=digests)
        self.commit(place)
        self.folder.remove([JOURNAL])
        return self.draws

    # ----------------------------------------------------------------- the sampling

    def resume_sampling(
        self, empty: DrawPart
    ) -> tuple[WarmupReport, Place, StoredCounts, StoredDraws]:
        """What the warm-up found, where the chains are, and the draws.

        Raises
        ------
        GmlError
            If a file is missing or damaged.
        """
        counts = self.manifest.counts
        assert counts is not None
        report = self.tuning()
        state = self._arrays(_state_name(counts.iteration))
        self.draws = StoredDraws(
            self.folder,
            empty,
            counts.thin,
            counts.segment_draws,
            counts.num_divergent,
        )
        self.draws.recover(counts.num_draws)
        kept = (MANIFEST, *self.manifest.digests, *self.draws.names())
        self.folder.sweep(kept)
        self._committed_at = self.clock()
        place = Place(dict(state), counts.iteration, counts.gradients)
        return report, place, counts, self.draws

    def tuning(self) -> WarmupReport:
        """What the warm-up found, where it is over."""
        return _report(self._arrays(_TUNING))

    def is_due(self) -> bool:
        """Whether there is so much to write, or it is so long ago, that it is time."""
        assert self.draws is not None
        seconds = self.clock() - self._committed_at
        segments = self.draws.num_rest // self.draws.segment_draws
        return seconds >= _MOST_SECONDS or (
            segments > 0 and (seconds >= _LEAST_SECONDS or segments >= _MOST_SEGMENTS)
        )

    def commit(
        self,
        place: Place,
        *,
        first_rhat: float | None = None,
        timings: Mapping[str, float] | None = None,
        is_complete: bool = False,
    ) -> None:
        """Put everything on the disk, so that the run can go on from here.

        Raises
        ------
        GmlError
            With exit code 4, if that fails. What was committed before still holds.
        """
        draws, before = self.draws, self.manifest.counts
        assert draws is not None
        name = _state_name(place.iteration)
        with self.storing():
            draws.write()
            state = pack(place.state)
            self.folder.write(name, state)
            counts = StoredCounts(
                iteration=place.iteration,
                gradients=place.gradients,
                thin=draws.thin,
                num_draws=draws.num_draws,
                num_divergent=draws.num_divergent,
                segment_draws=draws.segment_draws,
                first_thin=before.first_thin if before else draws.thin,
                first_rhat=first_rhat,
            )
            old = self.manifest.digests
            others = {k: v for k, v in old.items() if not k.startswith(_STATE)}
            manifest = evolve(
                self.manifest,
                counts=counts,
                digests={**others, name: digest(state)},
                timings=dict(timings or self.manifest.timings),
                is_complete=is_complete,
            )
            self._put_manifest(manifest)
            self.folder.remove(draws.take_superseded())
            self.folder.remove(k for k in old if k not in manifest.digests)
        self._committed_at = self.clock()

    def storing(self) -> Any:
        """A context that turns failures to write into a diagnostic."""
        counts = self.manifest.counts
        safe = (
            f"{counts.num_draws} draws a chain are stored there, and stay"
            if counts
            else "the warm-up is not over: there are no draws yet"
        )
        return storing(self.folder.path, safe)

    # ---------------------------------------------------------------------- details

    def _put_manifest(self, manifest: Manifest) -> None:
        self.folder.sync()  # what it names is there before it is
        self.folder.write(MANIFEST, manifest_to_bytes(manifest))
        self.folder.sync()
        self.manifest = manifest

    def _arrays(self, name: str) -> dict[str, Any]:
        contents = self.folder.read(name)
        if digest(contents) != self.manifest.digests.get(name):
            raise unreadable(self.folder.path / name, "its checksum differs")
        try:
            return unpack(contents)
        except DamagedError as error:
            raise unreadable(self.folder.path / name, str(error)) from None


def num_stored_draws(path: Path) -> int:
    """Draws of a chain that a folder holds for certain.

    Raises
    ------
    GmlError
        If no run was begun there.
    """
    with closing(RunRecord.open(path)) as record:
        counts = record.manifest.counts
        return counts.num_draws if counts else 0


def discard_run(path: Path) -> None:
    """Remove a run that has been written elsewhere."""
    RunFolder.open(path).delete()


def _state_name(iteration: int) -> str:
    return f"{_STATE}{iteration:010}.npz"


def _report(arrays: dict[str, Any]) -> WarmupReport:
    kinds = get_type_hints(WarmupReport)
    return WarmupReport(
        **{
            name: kinds[name](array) if kinds[name] in (int, float, str) else array
            for name, array in arrays.items()
        }
    )


def _check_vacant(folder: RunFolder) -> None:
    """Refuse to begin a run where there are draws, or things of somebody else."""
    if MANIFEST not in folder.names():
        if strange := folder.strangers():
            reason = f"it is not empty: there is {strange[0]}"
            raise unreadable(folder.path, reason, "name a folder of its own")
        return
    counts = _read_manifest(folder).counts
    if counts is not None and counts.num_draws:
        message = (
            f"{folder.path} holds a run of {counts.num_draws} draws a chain "
            "that was not finished"
        )
        help = "go on with it by --resume, or delete the folder to begin anew"
        raise GmlError(Diagnostic("GML0811", message, help=help), exit_code=2)


def _read_manifest(folder: RunFolder) -> Manifest:
    path = folder.path / MANIFEST
    if MANIFEST not in folder.names():
        raise unreadable(folder.path, "no run was begun there")
    try:
        return manifest_from_bytes(folder.read(MANIFEST))
    except (DamagedError, TypeError) as error:
        raise unreadable(
            path, str(error), "the segments beside it are npz files: numpy.load"
        ) from None


def _differences(
    now: Mapping[str, Any], before: Mapping[str, Any]
) -> list[tuple[str, Any, Any]]:
    names = [*before, *(name for name in now if name not in before)]
    return [
        (name, now.get(name), before.get(name))
        for name in names
        if now.get(name) != before.get(name)
    ]


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 32 and value.isalnum()


def _short(value: Any) -> str:
    return "not given" if value is None else str(value)
