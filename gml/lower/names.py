"""Array names of a density: the user's, unless the compiler needs them itself."""

from __future__ import annotations

from gml.ir.traverse import fresh_name

RESERVED = frozenset({"score", "score_constant"})


def array_names(names: list[str]) -> dict[str, str]:
    """Array of each user name; `u_x`, `d_x` and the like stay free for the compiler."""
    taken = set(RESERVED)
    result: dict[str, str] = {}
    everything = set(names)
    for name in names:
        clashes = name in RESERVED or any(
            name == f"{prefix}_{other}"
            for prefix in ("u", "d", "stick")
            for other in everything
        )
        result[name] = fresh_name(f"{name}_own", taken) if clashes else name
        taken.add(result[name])
    return result
