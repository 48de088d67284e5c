"""Which C compiler there is, what it is, and how to run it without waiting for ever."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from attrs import asdict, frozen

from gml.cache import Cache

PROBE_SECONDS = 30.0
COMPILE_SECONDS = 120.0

Notify = Callable[[str], None]
"""Told, in one line, of what will take seconds."""

ZIG_IS_SLOW = "ziglang prepares its C compiler, once: about 5 s"

_LINE = "#include <math.h>\n#include <stdint.h>\nint64_t one(void) { return 1; }\n"
_ZIG = (sys.executable, "-m", "ziglang", "cc")
_ON_ARM = platform.machine() in ("arm64", "aarch64")
# Which of the two a compiler for ARM knows depends on its age.
_TARGETS = (("-mcpu=native",), ("-march=native",), ()) if _ON_ARM else (
    ("-march=native",), (),
)  # fmt: skip


class CompilerUnavailable(Exception):  # noqa: N818 - it is a state, often no error
    """There is no C compiler, or it does not work; the message is one line."""


@frozen
class Compiler:
    """A C compiler that has answered.

    Attributes
    ----------
    command
        How to call it.
    name
        What it says it is: "gcc 12.2.0".
    target
        The flags that make it compile for this machine.
    vector_bytes
        The width of the registers that it then uses.
    """

    command: tuple[str, ...]
    name: str
    target: tuple[str, ...]
    vector_bytes: int

    @property
    def flags(self) -> tuple[str, ...]:
        """All flags but the level of optimisation.

        What is left out matters as much: nothing of -ffast-math, which lets a compiler
        assume that there is no NaN or infinity, and reorder sums.
        """
        wide = ("-mprefer-vector-width=512",) if self.vector_bytes == 64 else ()
        return (
            "-std=gnu11",
            *self.target,
            # gcc and clang split 64-byte loops (that of a square root) without it
            *wide,
            # fewer instructions; one function is compiled once, so that every
            # chain, block and thread still sees the same rounding
            "-ffp-contract=fast",
            # nobody reads errno, and sqrt is then one instruction
            "-fno-math-errno",
            # nobody traps or reads exception flags; values are the same
            "-fno-trapping-math",
            "-fPIC",
            "-shared",
            "-w",  # the text is not the user's
        )


@frozen
class Candidate:
    """A command that may be a compiler."""

    command: tuple[str, ...]

    @property
    def path(self) -> str | None:
        return shutil.which(self.command[0])


def find_compiler(cache: Cache | None, notify: Notify | None = None) -> Compiler:
    """The compiler that $CC names, or else the first that answers.

    Raises
    ------
    CompilerUnavailable
        When none does.
    """
    named = shlex.split(os.environ.get("CC", ""))
    if named:
        candidate = Candidate(tuple(named))
        if candidate.path is None:
            raise CompilerUnavailable(f"$CC is {named[0]}, which is not on the PATH")
        return _identify(candidate, cache, notify)
    failures = []
    for candidate in _usual_candidates():
        try:
            return _identify(candidate, cache, notify)
        except CompilerUnavailable as failure:
            failures.append(failure)
    if failures:
        raise failures[0]
    raise CompilerUnavailable(
        "no C compiler found (cc, gcc, clang; `pip install 'gmlc[cc]'` brings one)"
    )


def _usual_candidates() -> Iterator[Candidate]:
    for name in ("cc", "gcc", "clang"):
        if shutil.which(name) is not None:
            yield Candidate((name,))
    if importlib.util.find_spec("ziglang") is not None:
        yield Candidate(_ZIG)


def _identify(
    candidate: Candidate, cache: Cache | None, notify: Notify | None
) -> Compiler:
    """What the candidate is, remembered for as long as its file stays as it is."""
    name = f"compiler-{_fingerprint(candidate)}.json"
    remembered = cache.read(name) if cache is not None else None
    if remembered is not None:
        try:
            return _from_json(remembered)
        except (ValueError, TypeError, KeyError):
            pass  # spoilt: ask the compiler again
    compiler = _probe(candidate)
    if notify is not None and "ziglang" in candidate.command:
        notify(ZIG_IS_SLOW)
    _try_out(compiler)
    if cache is not None:
        cache.write(name, json.dumps(asdict(compiler)).encode())
    return compiler


def _from_json(text: bytes) -> Compiler:
    fields = json.loads(text)
    return Compiler(
        command=tuple(map(str, fields["command"])),
        name=str(fields["name"]),
        target=tuple(map(str, fields["target"])),
        vector_bytes=int(fields["vector_bytes"]),
    )


def _fingerprint(candidate: Candidate) -> str:
    """Of the command, the file it names, and the processor it compiles for."""
    parts = ["1", *candidate.command, cpu_identity()]
    path = os.path.realpath(candidate.path or candidate.command[0])
    parts.append(path)
    try:
        status = os.stat(path)
        parts += [str(status.st_mtime_ns), str(status.st_size)]
    except OSError:
        pass  # it will fail to run, and say so
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def cpu_identity() -> str:
    """What -march=native depends on, as far as it can be had without a process."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return " ".join((platform.machine(), *os.uname()[:4:3]))
    first = text.split("\n\n", 1)[0]
    kept = r"^(?:vendor_id|cpu family|model|stepping|flags|CPU \w+|Features)\b.*$"
    return "\n".join((platform.machine(), *re.findall(kept, first, re.MULTILINE)))


def _probe(candidate: Candidate) -> Compiler:
    """Ask for the macros that the compiler itself defines; nothing compiled is run."""
    failure = CompilerUnavailable(f"{candidate.command[0]} does not work")
    for target in _TARGETS:
        arguments = (*target, "-dM", "-E", "-x", "c", os.devnull)
        try:
            text = run_compiler((*candidate.command, *arguments), PROBE_SECONDS)
        except CompilerTooSlow:
            raise
        except CompilerUnavailable as error:
            failure = error
            continue
        macros = dict(re.findall(r"^#define (\w+) (.*)$", text, re.MULTILINE))
        if "__GNUC__" not in macros:
            name = candidate.command[0]
            raise CompilerUnavailable(f"{name} is neither gcc nor clang")
        width = _vector_bytes(macros)
        return Compiler(candidate.command, _name(macros), target, width)
    raise failure


def _try_out(compiler: Compiler) -> None:
    """Compile and link a line: some machines have a gcc, but no headers or linker."""
    with private_folder() as folder:
        # -O3, as kernels are: ziglang builds its libraries anew for each kind of level
        command = (*compiler.command, "-O3", *compiler.flags)
        compile_to(f"{folder}/line.so", command, _LINE)


def _name(macros: dict[str, str]) -> str:
    family = "clang" if "__clang__" in macros else "gcc"
    numbers = re.search(r"\d+(\.\d+)*", macros.get("__VERSION__", ""))
    return f"{family} {numbers.group()}" if numbers else family


def _vector_bytes(macros: dict[str, str]) -> int:
    """As vector_math/types.h decides."""
    if "__AVX512F__" in macros:
        return 64
    return 32 if "__AVX2__" in macros else 16


def private_folder() -> tempfile.TemporaryDirectory[str]:
    """A new folder of this user alone, to compile in.

    Raises
    ------
    CompilerUnavailable
        When there is nowhere to make it.
    """
    try:
        return tempfile.TemporaryDirectory(prefix="gmlc-", ignore_cleanup_errors=True)
    except OSError as error:
        message = f"no folder to compile in: {error.strerror}"
        raise CompilerUnavailable(message) from error


def compile_to(path: str, command: Sequence[str], source: str) -> None:
    """Run a compiler's command on a C text.

    Raises
    ------
    CompilerUnavailable
        When it cannot be run, fails, or takes longer than it may.
    """
    run_compiler((*command, "-x", "c", "-o", path, "-", "-lm"), COMPILE_SECONDS, source)


class CompilerTooSlow(CompilerUnavailable):
    """It had not answered in the time that it was given."""


def run_compiler(command: Sequence[str], seconds: float, text: str = "") -> str:
    """What the command prints, given a text to read.

    It runs as a process group of its own: a compiler is several processes, and when
    one is to be ended, all are.

    Raises
    ------
    CompilerUnavailable
        When it cannot be run, fails, or takes longer than it may.
    """
    name = command[0]
    environment = os.environ | {"LC_ALL": "C"}
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise CompilerUnavailable(f"cannot run {name}: {error.strerror}") from error
    with process:
        try:
            printed, complaint = process.communicate(text, timeout=seconds)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                message = f"{name} had not finished after {seconds:g} s"
                raise CompilerTooSlow(message) from error
            raise
    if process.returncode != 0:
        raise CompilerUnavailable(f"{name} failed: {_reason(process, complaint)}")
    return printed


def _reason(process: subprocess.Popen[str], complaint: str) -> str:
    """The line of a compiler's complaint that says the most."""
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()] or lines
    if not errors:
        return f"exit status {process.returncode}"
    return errors[0] if len(errors[0]) <= 160 else errors[0][:157] + "..."
