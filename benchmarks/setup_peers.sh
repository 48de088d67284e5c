#!/bin/sh
# Installs the systems that benchmarks/peers.py and benchmarks/models_table.py compare
# with, apart from the project's own environment:
#
#   PYTHON312=python3.12 sh benchmarks/setup_peers.sh
#
# GenJAX pins an older JAX and a nightly of TensorFlow Probability, so it gets an
# environment of its own. CmdStan is not on PyPI; PyStan's wheels bring Stan with them
# and need a C++ compiler (g++) when a model is built.
set -eu
python="${PYTHON312:-python3.12}"
root="$(cd "$(dirname "$0")/.." && pwd)/build"

install() {
  folder="$root/$1"
  shift
  test -x "$folder/bin/python" || "$python" -m venv "$folder"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@" ||
    echo "setup_peers: $* could not be installed; its rows will be skipped" >&2
}

mkdir -p "$root"
install peers 'jax[cpu]' numpyro blackjax
install peers pymc nutpie numba
install peers pystan 'setuptools<81' # PyStan imports pkg_resources
install genjax genjax blackjax
