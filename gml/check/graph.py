"""Strongly connected components, in dependency order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def components(
    nodes: Iterable[str], depends_on: Mapping[str, Iterable[str]]
) -> list[list[str]]:
    """Groups of mutually dependent nodes, each after those it depends on.

    Tarjan 1972, SIAM Journal on Computing 1(2), written with an explicit stack so
    that a long chain of definitions needs no deep recursion. Within a group, and
    between independent groups, the order of `nodes` is kept.
    """
    order = {node: position for position, node in enumerate(nodes)}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    on_stack: list[str] = []
    groups: list[list[str]] = []

    def successors(node: str) -> list[str]:
        known = {other for other in depends_on.get(node, ()) if other in order}
        return sorted(known, key=order.__getitem__)

    for root in order:
        if root in index:
            continue
        work = [(root, iter(successors(root)))]
        index[root] = low[root] = len(index)
        on_stack.append(root)
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    cut = on_stack.index(node)
                    groups.append(sorted(on_stack[cut:], key=order.__getitem__))
                    del on_stack[cut:]
            elif following not in index:
                index[following] = low[following] = len(index)
                on_stack.append(following)
                work.append((following, iter(successors(following))))
            elif following in on_stack:
                low[node] = min(low[node], index[following])
    return groups


def cycle(nodes: Iterable[str], depends_on: Mapping[str, Iterable[str]]) -> list[str]:
    """A shortest way around a group of mutually dependent nodes, in order of use."""
    group = list(nodes)
    best = group
    for start in group:
        came_from: dict[str, str] = {}
        queue = [start]
        while queue and start not in came_from:
            node = queue.pop(0)
            for other in sorted(set(depends_on[node]) & set(group), key=group.index):
                if other not in came_from:
                    came_from[other] = node
                    queue.append(other)
        path = [start]
        while (previous := came_from[path[0]]) != start:
            path.insert(0, previous)
        path = [path[-1], *path[:-1]]
        if len(path) < len(best) or best is group:
            best = path
    return best
