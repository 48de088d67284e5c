"""Roles: what each name is, from what depends on it.

Following SlicStan (Gorinova et al. 2019), but by reachability: a name that the data
or a factor depend on is latent or derived, any other random name is generated.
"""

from __future__ import annotations

from gml.check import mistakes
from gml.check.declarations import Declarations, Entry
from gml.diagnostics.diagnostic import Report
from gml.ir.model import Role
from gml.syntax import ast


def infer_roles(found: Declarations, report: Report) -> dict[str, Role]:
    """The role of every datum, constant, site and definition."""
    depends_on = _dependencies(found)
    reached = _closure(_score_roots(found), depends_on)
    roles = dict.fromkeys((*found.data, *found.constants), Role.KNOWN)
    is_site = {e.name for e in found.entries if isinstance(e.node, ast.Sample)}
    random = (is_site - set(found.data)) | found.incomplete()
    for name in found.names():
        if name in found.data:
            roles[name] = Role.OBSERVED
        elif name in is_site:
            roles[name] = Role.LATENT if name in reached else Role.GENERATED
        elif not _closure([name], depends_on) & random:
            roles[name] = Role.KNOWN
        else:
            roles[name] = Role.DERIVED if name in reached else Role.GENERATED
    for entry in found.entries:
        _check_assertion(entry, roles, report)
    return roles


def dependencies_closure(names: list[str], found: Declarations) -> set[str]:
    """Names, and all that the lines that give them values refer to, and so on."""
    return _closure(names, _dependencies(found))


def _dependencies(found: Declarations) -> dict[str, set[str]]:
    depends_on: dict[str, set[str]] = {}
    for entry in found.entries:
        if entry.name is not None:
            depends_on.setdefault(entry.name, set()).update(entry.references)
    for constant in found.constants.values():
        depends_on[constant.name.name] = set()
    return depends_on


def _score_roots(found: Declarations) -> list[str]:
    """Names used by factors and observations, and asserted parameters."""
    roots: list[str] = []
    for entry in found.entries:
        node = entry.node
        if isinstance(node, ast.Factor):
            roots += entry.references
        elif isinstance(node, ast.Sample):
            if entry.name in found.data:
                roots += entry.references
            elif node.role is ast.Role.PARAM:
                roots.append(node.target.name.name)
    return roots


def _closure(roots: list[str], depends_on: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    stack = list(roots)
    while stack:
        name = stack.pop()
        if name not in reached:
            reached.add(name)
            stack.extend(depends_on.get(name, ()))
    return reached


def _check_assertion(entry: Entry, roles: dict[str, Role], report: Report) -> None:
    node, name = entry.node, entry.name
    if isinstance(node, ast.Factor) or node.role is None or name is None:
        return
    role, span = roles[name], node.target.name.span
    match node.role:
        case ast.Role.PARAM if role is not Role.LATENT:
            why = (
                "declared as data"
                if role is Role.OBSERVED
                else "a definition has no distribution of its own"
            )
            report.add(
                mistakes.role_fails(span, name, "param", "a parameter", role.value, why)
            )
        case ast.Role.GENERATED if role is not Role.GENERATED:
            why = "the score depends on it"
            if role is Role.KNOWN:
                why = "it depends on data alone"
            report.add(
                mistakes.role_fails(
                    span, name, "generated", "generated", role.value, why
                )
            )
        case ast.Role.LOCAL if isinstance(node, ast.Sample):
            why = "`local` keeps a definition out of the output"
            report.add(
                mistakes.role_fails(span, name, "local", "local", role.value, why)
            )
        case _:
            return
