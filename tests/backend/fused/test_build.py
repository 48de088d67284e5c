import ctypes
import errno
import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gml import cache
from gml.backend.fused import build, compiler, objects
from gml.backend.fused.build import (
    CompilerUnavailable,
    compiler_report,
    load_library,
)

CC = shutil.which("cc")
pytestmark = pytest.mark.skipif(CC is None, reason="no C compiler")

ANSWER = "int answer(void) { return 42; }\n"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GML_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("CC", raising=False)
    forget(monkeypatch)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a new process would be."""
    monkeypatch.setattr(build, "_loaded", {})


def answer(source: str = ANSWER) -> int:
    return int(load_library(source, optimisation=0).answer())


def script(path: Path, body: str) -> Path:
    path.write_text("#!/bin/sh\n" + textwrap.dedent(body))
    path.chmod(0o755)
    return path


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Calls":
    """A compiler that notes its calls."""
    log = tmp_path / "calls"
    path = script(tmp_path / "noting-cc", f'echo called >> {log}\nexec {CC} "$@"\n')
    monkeypatch.setenv("CC", str(path))
    return Calls(log, path)


class Calls:
    def __init__(self, log: Path, path: Path) -> None:
        self.log, self.path, self.seen = log, path, 0

    def new(self) -> int:
        total = len(self.log.read_text().split()) if self.log.exists() else 0
        new, self.seen = total - self.seen, total
        return new


def kind_of(path: Path) -> str:
    if path.name.startswith("compiler-"):
        return "compiler"
    return "object" if path.suffix == ".so" else "entry"


def test_a_warm_cache_starts_no_process(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answer() == 42
    assert calls.new() > 0
    forget(monkeypatch)
    monkeypatch.setattr(subprocess, "Popen", None)
    assert answer() == 42


def test_a_library_is_loaded_once() -> None:
    first = load_library(ANSWER, optimisation=0)
    assert load_library(ANSWER, optimisation=0) is first
    assert load_library(ANSWER, optimisation=1) is not first


def test_another_text_is_another_library() -> None:
    assert answer() == 42
    assert answer(ANSWER.replace("42", "43")) == 43


def test_a_compiler_that_was_replaced_is_asked_again(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer()
    calls.new()
    forget(monkeypatch)
    os.utime(calls.path, (1, 1))
    assert answer() == 42
    assert calls.new() > 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:40]),
        lambda path: path.write_bytes(path.read_bytes()[:-1] + b"?"),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
        lambda path: path.chmod(0o666),
    ],
    ids=["truncated", "changed", "empty", "missing", "writable by others"],
)
@pytest.mark.parametrize("kind", ["object", "entry", "compiler"])
def test_a_spoilt_file_in_the_cache_is_made_again(
    spoil: Callable[[Path], None],
    kind: str,
    tmp_path: Path,
    calls: Calls,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert answer() == 42
    calls.new()
    (path,) = (p for p in (tmp_path / "cache").iterdir() if kind_of(p) == kind)
    spoil(path)
    forget(monkeypatch)
    assert answer() == 42
    assert calls.new() > 0
    forget(monkeypatch)
    assert answer() == 42
    assert calls.new() == 0


def test_the_cache_is_ours_alone(tmp_path: Path) -> None:
    answer()
    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "cache").iterdir():
        assert path.stat().st_mode & 0o022 == 0


@pytest.mark.parametrize("mode", [0o770, 0o702])
def test_a_folder_that_others_can_write_is_not_used(mode: int, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(mode)
    assert answer() == 42
    assert list(folder.iterdir()) == []
    assert "another user" in str(compiler_report().cache_problem)


def test_a_folder_of_another_user_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").mkdir(mode=0o700)
    uid = os.geteuid()
    monkeypatch.setattr(cache.os, "geteuid", lambda: uid + 1)
    assert answer() == 42
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    assert answer() == 42


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_disk_and_a_read_only_cache_keep_nothing(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace(source: str, target: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(cache.os, "replace", replace)
    assert answer() == 42
    assert list((tmp_path / "cache").iterdir()) == []


def test_nowhere_to_compile_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(compiler.tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(CompilerUnavailable, match="no folder to compile in: No space"):
        answer()


def test_no_compiler_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(compiler.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CompilerUnavailable, match=r"no C compiler found .*gmlc\[cc\]"):
        answer()
    assert compiler_report().compiler is None


def test_ziglang_is_the_last_resort(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(compiler.importlib.util, "find_spec", lambda name: object())
    candidates = list(compiler._usual_candidates())
    assert [c.command for c in candidates] == [
        (sys.executable, "-m", "ziglang", "cc"),
    ]


def test_a_slow_first_call_is_announced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "fake-python", f'shift 3\nexec {CC} "$@"\n')
    monkeypatch.setenv("CC", f"{tmp_path}/fake-python -m ziglang cc")
    lines: list[str] = []
    load_library(ANSWER, optimisation=0, notify=lines.append)
    forget(monkeypatch)
    load_library(ANSWER, optimisation=0, notify=lines.append)
    assert lines == [compiler.ZIG_IS_SLOW]


def test_a_named_compiler_that_is_missing_is_not_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CC", "no-such-cc -m64")
    with pytest.raises(CompilerUnavailable, match=r"\$CC is no-such-cc, which is not"):
        answer()


def test_a_broken_cc_gives_way_to_gcc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It preprocesses, but cannot link: no headers, or no linker."""
    tools = tmp_path / "bin"
    tools.mkdir()
    preprocess = f'case "$*" in *-dM*) exec {CC} "$@";; esac\n'
    script(tools / "cc", preprocess + "echo cannot find ld >&2\nexit 1\n")
    script(tools / "gcc", f'exec {CC} "$@"\n')
    path = f"{tools}{os.pathsep}/usr/bin{os.pathsep}/bin"
    monkeypatch.setenv("PATH", path)
    assert answer() == 42
    assert compiler_report().command == ("gcc",)


def test_what_a_failing_compiler_complains_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "echo note: one >&2\necho 'x.c:1: error: no good' >&2\necho more >&2\nexit 1"
    monkeypatch.setenv("CC", str(script(tmp_path / "bad-cc", body)))
    with pytest.raises(CompilerUnavailable) as caught:
        answer()
    assert str(caught.value).endswith("bad-cc failed: x.c:1: error: no good")


def test_an_error_in_the_text_is_one_line() -> None:
    with pytest.raises(CompilerUnavailable, match=r"^cc failed: .*error.*$"):
        answer("int answer(void) { return nonsense; }\n")


def test_something_that_is_no_compiler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", str(script(tmp_path / "true-cc", "exit 0")))
    with pytest.raises(CompilerUnavailable, match="neither gcc nor clang"):
        answer()


def test_a_file_that_cannot_be_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "odd-cc"
    path.write_bytes(b"\x7fELF")
    path.chmod(0o755)
    monkeypatch.setenv("CC", str(path))
    with pytest.raises(CompilerUnavailable, match=r"cannot run .*odd-cc"):
        answer()


def ends(status: Path) -> bool:
    """Whether a killed process is gone soon: the kernel ends it when it next runs."""
    for _ in range(100):
        try:
            if status.read_text().split()[2] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_a_hanging_compiler_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child"
    body = f"sleep 100 &\necho $! > {child}\nwait\n"
    monkeypatch.setenv("CC", str(script(tmp_path / "slow-cc", body)))
    monkeypatch.setattr(compiler, "PROBE_SECONDS", 0.3)
    with pytest.raises(CompilerUnavailable, match=r"had not finished after 0\.3 s"):
        answer()
    assert ends(Path(f"/proc/{child.read_text().strip()}/stat"))


def test_an_object_that_does_not_load_is_made_again(
    tmp_path: Path, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole, and with the right hash, but of another system."""
    answer()
    calls.new()
    stored = cache.open_cache()
    assert stored is not None
    (path,) = (tmp_path / "cache").glob("*.so")
    assert objects.store_object(
        stored, path.name.partition("-")[0], b"of another system"
    )
    forget(monkeypatch)
    assert answer() == 42
    assert calls.new() == 1


def test_two_first_runs_at_once() -> None:
    program = (
        "from gml.backend.fused.build import load_library\n"
        f"print(load_library({ANSWER!r}).answer())"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    assert [run.communicate()[0].strip() for run in runs] == [b"42", b"42"]


def test_where_the_cache_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache.cache_path() == tmp_path / "cache"
    monkeypatch.delenv("GML_CACHE_DIR")
    monkeypatch.setattr(cache.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/there")
    assert cache.cache_path() == Path("/there/gmlc")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/me")
    assert cache.cache_path() == Path("/home/me/.cache/gmlc")
    monkeypatch.setattr(cache.sys, "platform", "darwin")
    assert cache.cache_path() == Path("/home/me/Library/Caches/gmlc")


def test_the_report_names_what_compiles() -> None:
    report = compiler_report()
    assert report.compiler is not None
    assert report.compiler.split()[0] in ("gcc", "clang")
    assert report.vector_bits in (128, 256, 512)
    assert "-ffp-contract=fast" in report.flags
    assert report.problem is None
    assert report.cache_problem is None
    width = load_library(
        "#ifdef __AVX512F__\n#define W 512\n#elif defined(__AVX2__)\n#define W 256\n"
        "#else\n#define W 128\n#endif\nint width(void) { return W; }\n"
    )
    assert width.width() == report.vector_bits


def test_nan_and_infinity_survive_the_flags() -> None:
    text = (
        "double nan_or(double x) { return x != x ? 1 : x - x == 0 ? 2 : 3; }\n"
        "double order(double a, double b, double c) { return (a + b) + c; }\n"
    )
    library = load_library(text)
    library.nan_or.restype = library.order.restype = ctypes.c_double
    library.nan_or.argtypes = [ctypes.c_double]
    library.order.argtypes = [ctypes.c_double] * 3
    results = [library.nan_or(x) for x in (float("nan"), 1.0, float("inf"))]
    assert results == [1, 2, 3]
    assert library.order(1e16, 1.0, -1e16) == (1e16 + 1.0) - 1e16
