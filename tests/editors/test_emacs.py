"""Emacs: colours, indentation, formatting and the server, in Emacs itself."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.editors.conftest import needed
from tests.editors.oracle import MODELS, ROOT, disagreements

LISP = ROOT / "editors" / "emacs"
_CLASSES = {
    "font-lock-doc-face": "doc",
    "font-lock-comment-face": "comment",
    "font-lock-comment-delimiter-face": "comment",
    "font-lock-string-face": "string",
    "font-lock-constant-face": "constant",
    "font-lock-keyword-face": "keyword",
    "font-lock-type-face": "type",
    "font-lock-preprocessor-face": "decorator",
    "gml-ppl-distribution-face": "distribution",
    "font-lock-builtin-face": "function",
    "font-lock-function-name-face": "function",
    None: "name",
}
# Emacs gives these one face, or none.
_MERGED = {
    "declaration": "keyword",
    "control": "keyword",
    "logical": "keyword",
    "member": "function",
    "number": "name",
}


@pytest.fixture(scope="session")
def emacs():
    """Evaluate forms in Emacs with the mode loaded; what they print."""
    program = needed("emacs")

    def run(*forms: str) -> str:
        arguments = [part for form in forms for part in ("--eval", form)]
        return subprocess.run(
            [
                program,
                "-Q",
                "--batch",
                "-L",
                str(LISP),
                "-l",
                "gml-ppl-mode",
                *arguments,
            ],
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        ).stdout

    return run


_FACES = """
(let (all)
  (dolist (file '{files})
    (with-temp-buffer
      (insert-file-contents file)
      (gml-ppl-mode)
      (font-lock-ensure)
      (let (runs (place (point-min)))
        (while (< place (point-max))
          (let ((end (or (next-single-property-change place 'face) (point-max)))
                (face (get-text-property place 'face)))
            (push (vector place end (format "%s" face)) runs)
            (setq place end)))
        (push (vconcat (nreverse runs)) all))))
  (princ (json-encode (vconcat (nreverse all)))))
"""


def test_every_program_here(emacs):
    files = "({})".format(" ".join(f'"{path}"' for path in MODELS))
    shown = json.loads(emacs("(require 'json)", _FACES.replace("{files}", files)))
    for path, runs in zip(MODELS, shown, strict=True):
        text = path.read_text("utf-8")
        seen = {
            offset - 1: _CLASSES.get(None if face == "nil" else face, "other")
            for start, end, face in runs
            for offset in range(start, end)
        }
        assert disagreements(text, seen.__getitem__, _MERGED) == [], path


def test_it_compiles_without_a_warning(tmp_path):
    copies = [tmp_path / path.name for path in LISP.glob("*.el")]
    for copy in copies:
        copy.write_text((LISP / copy.name).read_text("utf-8"), "utf-8")
    subprocess.run(
        [
            needed("emacs"), "-Q", "--batch", "-L", str(tmp_path),
            "--eval", "(setq byte-compile-error-on-warn t)",
            "-f", "batch-byte-compile", *map(str, sorted(copies, reverse=True)),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip


def test_indentation(emacs, tmp_path):
    wanted = (
        "for t in 1..T {\n  x[t] = f(\n    a,  # (\n    b,\n  )\n  y = 1\n}\nz = 2\n"
    )
    path = tmp_path / "m.gml"
    path.write_text("\n".join(line.strip() for line in wanted.split("\n")), "utf-8")
    form = f'(with-temp-buffer (insert-file-contents "{path}") (gml-ppl-mode) '
    form += "(indent-region (point-min) (point-max)) (princ (buffer-string)))"
    assert emacs(form) == wanted


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("dim N\ndata y: real[N]\n", "gml-ppl-mode"),
        ("# priors\nmu ~ normal(0, 1)\n", "gml-ppl-mode"),
        ("<?xml version='1.0'?>\n<gml:Point/>\n", "nxml-mode"),
        ("graph [\n  node [ id 1 ]\n]\n", "fundamental-mode"),
    ],
)
def test_models_are_told_from_other_gml_files(emacs, tmp_path, text, mode):
    path = tmp_path / "m.gml"
    path.write_text(text, "utf-8")
    assert emacs(f'(find-file "{path}")', "(princ major-mode)") == mode


def gmlc(folder):
    """The compiler of this checkout, as a program."""
    command = folder / "gmlc"
    command.write_text(
        f'#!/bin/sh\ncd {ROOT} && exec {sys.executable} -m gml "$@"\n', "utf-8"
    )
    command.chmod(0o755)
    return command


def test_formatting(emacs, tmp_path):
    tidied = (
        '(with-temp-buffer (insert "{}") (gml-ppl-mode) (gml-ppl-format-buffer) '
        "(princ (buffer-string)))"
    )
    shown = emacs(
        f'(setq gml-ppl-command "{gmlc(tmp_path)}")',
        tidied.format(r"dim  N\nmu~normal( 0,1 )\n"),
        tidied.format(r"x = (1\n"),
    )
    assert shown == "dim N\nmu ~ normal(0, 1)\nx = (1\n"


# Emacs 29 has Eglot; Debian has it for those before, in folders that -Q leaves out.
_EGLOT = """
(progn
  (dolist (folder (file-expand-wildcards "/usr/share/emacs/site-lisp/elpa*/*"))
    (add-to-list 'load-path folder))
  (setq gml-ppl-command "{command}" eglot-sync-connect 60)
  (if (not (require 'eglot nil t))
      (princ "no eglot")
    (find-file "{path}")
    (apply #'eglot--connect (eglot--guess-contact))
    (let ((left 600))
      (while (and (> left 0) (not (flymake-diagnostics)))
        (accept-process-output nil 0.1)
        (flymake-start)
        (setq left (1- left))))
    (princ (mapconcat #'flymake-diagnostic-text (flymake-diagnostics) "\\n"))
    (goto-char (point-min))
    (search-forward "norml")
    (replace-match "normal")
    (eglot-format-buffer)
    (princ (concat "\\n---\\n" (buffer-string)))
    (set-buffer-modified-p nil)
    (eglot-shutdown (eglot--current-server-or-lose))))
"""


def test_the_server_in_eglot(emacs, tmp_path):
    path = tmp_path / "m.gml"
    path.write_text("dim  N\nmu~norml(0, 1)\n", "utf-8")
    form = _EGLOT.replace("{command}", str(gmlc(tmp_path))).replace("{path}", str(path))
    shown = emacs(form)
    if shown == "no eglot":
        pytest.skip("this emacs has no Eglot")
    mistake, _, text = shown.partition("\n---\n")
    assert "unknown distribution `norml`" in mistake
    assert "did you mean `normal`?" in mistake
    assert text == "dim N\nmu ~ normal(0, 1)\n"
