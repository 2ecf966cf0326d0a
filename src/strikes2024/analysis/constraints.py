"""What all statements of one counter jointly allow, and which of them cannot all hold.

A counter says many things: a total "so far", "at least" so many, "six since the strikes", "none
since", so many in one country; and single dated events are floors of their own. Each of these
says ``low <= N(end) - N(start) <= high`` for one cumulative count N that never falls: a
difference constraint. What they allow over any interval of days is the shortest path between
two days in the graph of the constraints (Cormen et al., *Introduction to Algorithms*, 24.4).
With whole numbers on the edges the answer is a whole number that the count can really take, so
the bounds are exact. Where statements about parts (countries) must add up to statements about
the whole, the same bounds come from a small integer program.

Statements are a frame, one row a constraint:

``statement_id``
    Rows with one id stand or fall together.
``start``, ``end``
    First and last day covered, both whole. With a time of day the count begins or ends then.
``part``
    Part of the whole that is counted; empty for the whole.
``low``, ``high``
    Fewest and most; missing where the statement sets no limit.
``distinct`` (optional)
    True where ``low`` counts things that no other distinct row counts. Their floors add up: two
    dated attacks in a week are two attacks, while two counts of "at least one" may be the same.
``weight`` (optional)
    How firmly a statement stands. Among equally small sets of statements that must give way,
    the one with the lowest sum is preferred.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array


_COLUMNS = ("statement_id", "start", "end", "part", "low", "high")


def _begins(values: pd.Series) -> NDArray[np.int64]:
    """The first moment of each day, or the moment itself, in seconds."""
    return pd.to_datetime(values).to_numpy().astype("datetime64[s]").astype(np.int64)


def _ends(values: pd.Series) -> NDArray[np.int64]:
    """The last moment of each day, or the moment itself."""
    found = _begins(values)
    return np.where(found % 86_400 == 0, found + 86_400, found)


@dataclass(frozen=True)
class _Problem:
    """Checked statements: ids in order, weights, parts, and the rows of the frame as constraints.

    A constraint says ``low <= N[part, end] - N[part, begin] <= high``, with -1 as the ``part`` for
    the whole; ``owners`` are the positions of the statements behind it.
    """

    ids: list[str]
    weight: NDArray[np.float64]
    parts: list[str]
    closed: bool
    constraints: pd.DataFrame

    @classmethod
    def read(cls, statements: pd.DataFrame, parts: Sequence[str], asked: str = "") -> Self:
        missing = [name for name in _COLUMNS if name not in statements]
        if missing:
            raise ValueError(f"statements lack the columns {', '.join(missing)}")
        frame = statements.reset_index(drop=True)
        begin, end = _begins(frame["start"]), _ends(frame["end"])
        low = pd.to_numeric(frame["low"]).to_numpy(dtype=float, na_value=-np.inf)
        high = pd.to_numeric(frame["high"]).to_numpy(dtype=float, na_value=np.inf)
        for at in np.flatnonzero((begin >= end) | (low > high)):
            row = frame.iloc[at]
            raise ValueError(
                f"statement {row['statement_id']}: start {row['start']:%Y-%m-%d}, end "
                f"{row['end']:%Y-%m-%d}, low {row['low']}, high {row['high']}: expected a start "
                "not after the end and a low not above the high"
            )
        label = frame["part"].astype("string").fillna("")
        named = sorted({*label, *parts, asked} - {""})
        codes = {name: at for at, name in enumerate(named)} | {"": -1}
        owner, ids = pd.factorize(frame["statement_id"].astype(str))
        weight = np.ones(len(ids))
        if "weight" in frame:
            weight[owner] = frame["weight"].to_numpy(dtype=float)
        distinct = np.zeros(len(frame), dtype=bool)
        if "distinct" in frame:
            distinct = frame["distinct"].fillna(False).to_numpy(dtype=bool)
        constraints = pd.DataFrame(
            {
                "part": label.map(codes).to_numpy(dtype=np.int64),
                "begin": begin,
                "end": end,
                "low": low,
                "high": high,
                "owners": [(one,) for one in owner.tolist()],
                "owner": owner,
                "distinct": distinct,
            }
        )
        closed = bool(parts) and set(named) <= set(parts)
        return cls(list(ids), weight, named, closed, constraints)

    def rows(self, kept: NDArray[np.bool_]) -> pd.DataFrame:
        """The constraints of the statements that are kept, floors of distinct ones added up."""
        own = self.constraints[kept[self.constraints["owner"]]]
        distinct = own[own["distinct"]]
        found = [own[~own["distinct"]], distinct[np.isfinite(distinct["high"])]]
        for part in np.unique(distinct["part"]):
            # The whole holds what its parts hold, so its floors count them too.
            inside = distinct if part == -1 else distinct[distinct["part"] == part]
            found.append(_joined_floors(part, inside))
        rows: pd.DataFrame = pd.concat(found, ignore_index=True)
        return rows


def _joined_floors(part: int, rows: pd.DataFrame) -> pd.DataFrame:
    """Floors of distinct things over every run of days that their own intervals join.

    Hall's condition: between two days at least what must have happened between them. Days that no
    interval straddles divide the runs; over several runs the floors add up by themselves.
    """
    rows = rows.sort_values(["begin", "end"], kind="stable")
    begins, ends = rows["begin"].to_numpy(), rows["end"].to_numpy()
    low, owners = rows["low"].to_numpy(), rows["owners"].to_numpy()
    reach = np.maximum.accumulate(ends)
    cuts = np.flatnonzero(begins[1:] >= reach[:-1]) + 1
    found = []
    for first, last in pairwise([0, *cuts, len(rows)]):
        run = slice(first, last)
        for begin in np.unique(begins[run]):
            for end in np.unique(ends[run]):
                held = (begins[run] >= begin) & (ends[run] <= end)
                if held.any():
                    behind = tuple(chain.from_iterable(owners[run][held]))
                    found.append((begin, end, low[run][held].sum(), behind))
    floors = pd.DataFrame(found, columns=["begin", "end", "low", "owners"])
    return floors.assign(part=part, high=np.inf)


# ---- bounds ------------------------------------------------------------------------------------


def interval_bounds(
    statements: pd.DataFrame,
    intervals: pd.DataFrame,
    *,
    part: str = "",
    parts: Sequence[str] = (),
) -> pd.DataFrame:
    """Fewest and most that all statements jointly allow over intervals of days.

    Parameters
    ----------
    statements
        As the module describes them.
    intervals
        ``start`` and ``end``, first and last day of each, or moments.
    part
        The part asked for; empty for the whole.
    parts
        Parts that together are the whole. Without them the whole is at least the sum of the
        parts that statements name.

    Returns
    -------
    pandas.DataFrame
        The columns of ``intervals`` with ``fewest`` and ``most`` (Int64; ``most`` is missing
        where nothing limits it), in the order given.

    Raises
    ------
    ValueError
        Where the statements cannot all hold; :func:`conflict` names the fewest to set aside.

    Notes
    -----
    Method: shortest paths (a linear program for a potential, then Dijkstra from each day asked
    for) where only the whole is spoken of, near-linear in the number of statements; integer
    programs where parts are; HiGHS solves both. Assumes one counter that never falls, and whole
    numbers.
    """
    problem = _Problem.read(statements, parts, part)
    rows = problem.rows(np.ones(len(problem.ids), dtype=bool))
    begin, end = _begins(intervals["start"]), _ends(intervals["end"])
    if len(begin) and (begin >= end).any():
        raise ValueError("an interval ends before it starts: expected start <= end")
    if problem.parts:
        asked = problem.parts.index(part) if part else -1
        fewest, most = _bounds_of_parts(problem, rows, begin, end, asked)
    else:
        fewest, most = _bounds_of_whole(rows, begin, end)
    ends = {"fewest": fewest, "most": np.where(np.isinf(most), np.nan, most)}
    whole = {name: pd.array(np.round(found), dtype="Int64") for name, found in ends.items()}
    return intervals.assign(**whole)


def _impossible() -> ValueError:
    return ValueError("the statements cannot all hold; conflict() names the fewest to set aside")


def _bounds_of_whole(
    rows: pd.DataFrame, begin: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    nodes = np.unique(np.concatenate([rows["begin"], rows["end"], begin, end]))
    if not len(begin):
        return np.empty(0), np.empty(0)
    source, target, cost = _edges(rows, nodes)
    level = _potential(len(nodes), source, target, cost)
    # Graph functions of older SciPy take 32-bit places alone.
    places = (source.astype(np.int32), target.astype(np.int32))
    graph = csr_array((cost + level[source] - level[target], places), shape=(len(nodes),) * 2)
    asked, place = np.unique(np.concatenate([begin, end]), return_inverse=True)
    at = np.searchsorted(nodes, asked)
    far = dijkstra(graph, indices=at)[:, at]
    far += level[at][None, :] - level[at][:, None]
    i, j = place[: len(begin)], place[len(begin) :]
    return np.maximum(-far[j, i], 0.0), far[i, j]


def _edges(
    rows: pd.DataFrame, nodes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Edges s -> t with N(t) <= N(s) + cost, the cheapest of each pair.

    The count never falls: edges back in time cost nothing.
    """
    b, e = np.searchsorted(nodes, rows["begin"]), np.searchsorted(nodes, rows["end"])
    later = np.arange(1, len(nodes))
    edges = pd.DataFrame(
        {
            "source": np.concatenate([b, e, later]),
            "target": np.concatenate([e, b, later - 1]),
            "cost": np.concatenate([rows["high"], -rows["low"], np.zeros(len(later))]),
        }
    )
    edges = edges[np.isfinite(edges["cost"])].groupby(["source", "target"], as_index=False).min()
    return edges["source"].to_numpy(), edges["target"].to_numpy(), edges["cost"].to_numpy()


def _potential(
    size: int,
    source: NDArray[np.int64],
    target: NDArray[np.int64],
    cost: NDArray[np.float64],
) -> NDArray[np.float64]:
    """One solution of the constraints, in whole numbers."""
    from scipy.optimize import linprog

    steps = _differences(source, target, size)
    found = linprog(np.zeros(size), A_ub=steps, b_ub=cost, bounds=(None, None))
    if found.status != 0:
        raise _impossible()
    level: NDArray[np.float64] = np.floor(found.x + 1e-6)
    return level


def _differences(first: NDArray[np.int64], last: NDArray[np.int64], size: int) -> "csr_array":
    """A matrix that takes counts at ``size`` moments to what is added between two of them."""
    from scipy.sparse import csr_array

    at, ones = np.arange(len(first)), np.ones(len(first))
    entries = (np.r_[ones, -ones], (np.r_[at, at], np.r_[last, first]))
    return csr_array(entries, shape=(len(first), size))


# ---- parts and wholes, as a linear program -----------------------------------------------------


@dataclass(frozen=True)
class _Program:
    """Rows as ``low <= A x <= high`` over the counts of each part at the end of each day.

    The last block of ``parts`` is what no statement names, unless the parts are all there is.
    """

    matrix: "csr_array"
    rows: pd.DataFrame
    rising: "csr_array"
    nodes: NDArray[np.int64]
    blocks: int

    def difference(self, part: int, begin: int, end: int) -> NDArray[np.float64]:
        width = len(self.nodes)
        goal = np.zeros(width * self.blocks)
        for block in range(self.blocks) if part == -1 else (part,):
            goal[block * width + int(np.searchsorted(self.nodes, end))] += 1
            goal[block * width + int(np.searchsorted(self.nodes, begin))] -= 1
        return goal


def _program(problem: _Problem, rows: pd.DataFrame, asked: NDArray[np.int64]) -> _Program:
    from scipy.sparse import block_diag, hstack

    nodes = np.unique(np.concatenate([rows["begin"], rows["end"], asked]))
    width, blocks = len(nodes), len(problem.parts) + (not problem.closed)
    whole = _differences(
        np.searchsorted(nodes, rows["begin"]), np.searchsorted(nodes, rows["end"]), width
    )
    # In the block of another part a row has only zeros.
    inside = [rows["part"].isin([block, -1]).to_numpy() for block in range(blocks)]
    matrix = hstack([whole.multiply(own[:, None]) for own in inside], format="csr")
    later = np.arange(1, width)
    rising = block_diag([_differences(later - 1, later, width)] * blocks, format="csr")
    return _Program(matrix, rows, rising, nodes, blocks)


def _bounds_of_parts(
    problem: _Problem,
    rows: pd.DataFrame,
    begin: NDArray[np.int64],
    end: NDArray[np.int64],
    part: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    program = _program(problem, rows, np.concatenate([begin, end]))
    fewest, most = np.zeros(len(begin)), np.full(len(begin), np.inf)
    for at, (first, last) in enumerate(zip(begin, end, strict=True)):
        goal = program.difference(part, int(first), int(last))
        fewest[at] = _optimum(program, goal)
        most[at] = -_optimum(program, -goal)
    return fewest, most


def _optimum(program: _Program, goal: NDArray[np.float64]) -> float:
    """Least value of a goal, minus infinity where nothing limits it."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    ceiling = np.full(len(goal), np.inf)
    ceiling[:: len(program.nodes)] = 0
    # First with fractions: a HiGHS of 2024 calls some whole-number programs solved that have no
    # limit, and most have a whole solution then already.
    for whole in (0, 1):
        found = milp(
            goal,
            constraints=[
                LinearConstraint(program.matrix, program.rows["low"], program.rows["high"]),
                LinearConstraint(program.rising, 0, np.inf),
            ],
            bounds=Bounds(0, ceiling),
            integrality=np.full(len(goal), whole),
        )
        if found.status != 0:
            break
        if whole or np.allclose(found.x, np.rint(found.x), rtol=0, atol=1e-9):
            return float(np.rint(found.fun))
    # HiGHS may not tell without limit from impossible; a goal of nothing cannot be without limit.
    if not goal.any():
        raise _impossible()
    _optimum(program, np.zeros(len(goal)))
    return -math.inf


# ---- conflicts ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Conflict:
    """Statements that cannot all hold.

    ``clashes`` are sets of statements of which at least one must give way, none larger than it
    need be, and enough of them to explain ``size``. ``size`` is the least number of statements
    whose giving way lets all others hold; ``sets`` are all sets of that size that do
    (``complete`` is false where they are too many to list), ``gives_way`` the one with the
    lowest weight, ``disputed`` every statement that is in one of them. All are ids in the order
    of the statements; empty where nothing contradicts.
    """

    size: int
    gives_way: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]
    disputed: tuple[str, ...]
    clashes: tuple[tuple[str, ...], ...]
    complete: bool = True


def without(statements: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """Statements other than those with the given ids.

    Parameters
    ----------
    statements
        One constraint a row, as the module describes them.
    ids
        The ``statement_id`` of those to leave out.

    Returns
    -------
    pandas.DataFrame
        The same columns.

    Notes
    -----
    Method: a selection. Assumes the columns that the module describes.
    """
    return statements[~statements["statement_id"].isin(list(ids))].reset_index(drop=True)


def give_way(statements: pd.DataFrame, *, parts: Sequence[str] = ()) -> tuple[str, ...]:
    """The statements to set aside so that all others can hold: the fewest, the lightest of these.

    Parameters
    ----------
    statements
        One constraint a row, as the module describes them.
    parts
        Parts that add up to the whole.

    Returns
    -------
    tuple of str
        Ids in the order of the statements; none where all can hold. :func:`conflict` says whether
        others would do as well.

    Notes
    -----
    Method: as :func:`conflict`. Assumes what :func:`interval_bounds` assumes.
    """
    search = _Search(_Problem.read(statements, parts))
    return tuple(search.problem.ids[at] for at in sorted(search.solve() or ()))


def conflict(statements: pd.DataFrame, *, parts: Sequence[str] = (), limit: int = 500) -> Conflict:
    """The smallest sets of statements that must give way so that all others can hold.

    Parameters
    ----------
    statements, parts
        As for :func:`interval_bounds`.
    limit
        How many smallest sets to list at most.

    Notes
    -----
    Method: implicit hitting sets (Reiter 1987; Moreno-Centeno and Karp 2013). A linear program
    (Farkas) finds statements that clash; an integer program finds the fewest that hit all clashes
    known so far; the two alternate until the rest can hold. The result is exact. Assumes what
    :func:`interval_bounds` assumes.
    """
    search = _Search(_Problem.read(statements, parts))
    gives_way = search.solve() or frozenset()
    size = len(gives_way)
    found: list[frozenset[int]] = []
    complete = True
    for one in search.all_of(size):
        if len(found) == limit:
            complete = False
            break
        found.append(one)
    disputed = frozenset().union(*found)
    if not complete:
        disputed = search.disputed(size)

    def names(ones: frozenset[int]) -> tuple[str, ...]:
        return tuple(search.problem.ids[at] for at in sorted(ones))

    return Conflict(
        size,
        names(gives_way),
        tuple(sorted(map(names, found))) if size else (),
        names(disputed),
        tuple(sorted(map(names, search.clashes))),
        complete,
    )


class _Search:
    """Clashes found so far, and the sets that hit them all."""

    def __init__(self, problem: _Problem) -> None:
        self.problem = problem
        self.clashes: list[frozenset[int]] = []

    def solve(
        self,
        forced: frozenset[int] = frozenset(),
        cuts: Sequence[frozenset[int]] = (),
        size: int | None = None,
    ) -> frozenset[int] | None:
        """The lightest smallest set that lets the rest hold, or None if it is above ``size``.

        ``forced`` must be in it; none of ``cuts`` may be all of it.
        """
        while True:
            found = self._hitting_set(forced, cuts, size)
            if found is None:
                return None
            kept = np.ones(len(self.problem.ids), dtype=bool)
            kept[list(found)] = False
            fresh = False
            # Clashes that share no statement are found in one go.
            while clash := _clash(self.problem, kept):
                self.clashes.append(clash)
                kept[list(clash)] = False
                fresh = True
            if not fresh:
                return found

    def all_of(self, size: int) -> Iterator[frozenset[int]]:
        """Every smallest set, one after the other."""
        cuts: list[frozenset[int]] = []
        while (found := self.solve(cuts=cuts, size=size)) is not None:
            yield found
            if not size:
                return
            cuts.append(found)

    def disputed(self, size: int) -> frozenset[int]:
        """Every statement that is in some smallest set."""
        known: set[int] = set()
        for one in sorted(frozenset().union(*self.clashes)):
            if one not in known:
                known |= self.solve(forced=frozenset([one]), size=size) or frozenset()
        return frozenset(known)

    def _hitting_set(
        self, forced: frozenset[int], cuts: Sequence[frozenset[int]], size: int | None
    ) -> frozenset[int] | None:
        from scipy.optimize import Bounds, LinearConstraint, milp

        used = sorted(frozenset().union(*self.clashes, forced))
        if not used:
            return frozenset() if not any(cuts) else None
        place = {one: at for at, one in enumerate(used)}

        def row(ones: frozenset[int]) -> NDArray[np.float64]:
            line = np.zeros(len(used))
            line[[place[one] for one in ones]] = 1
            return line

        # One more statement always costs more than any difference of weights.
        rank = np.unique(self.problem.weight, return_inverse=True)[1][used].astype(float)
        limits = [LinearConstraint(row(clash), 1, np.inf) for clash in self.clashes]
        limits += [LinearConstraint(row(cut), -np.inf, len(cut) - 1) for cut in cuts]
        if size is not None:
            limits.append(LinearConstraint(np.ones(len(used)), -np.inf, size))
        low = np.zeros(len(used))
        low[[place[one] for one in forced]] = 1
        found = milp(
            1 + rank + rank.sum(),
            constraints=limits,
            bounds=Bounds(low, 1),
            integrality=np.ones(len(used)),
            options={"mip_rel_gap": 0},
        )
        if found.status != 0:
            return None
        return frozenset(one for one in used if found.x[place[one]] > 0.5)


def _clash(problem: _Problem, kept: NDArray[np.bool_]) -> frozenset[int]:
    """A set of kept statements that cannot all hold, none to spare; empty if all can."""
    blamed = _blamed(problem, kept)
    fractions = bool(blamed)
    if not blamed and len(problem.parts) > 1 and not _whole_numbers_exist(problem, kept):
        # Parts and wholes that only fractions could reconcile.
        blamed = frozenset(np.flatnonzero(kept).tolist())
    for one in sorted(blamed):
        if one not in blamed:
            continue
        rest = blamed - {one}
        trial = np.zeros(len(kept), dtype=bool)
        trial[list(rest)] = True
        if fewer := _blamed(problem, trial):
            blamed, fractions = fewer, True
        elif not fractions and not _whole_numbers_exist(problem, trial):
            blamed = rest
    return blamed


def _blamed(problem: _Problem, kept: NDArray[np.bool_]) -> frozenset[int]:
    """Statements that together cannot hold; empty if all kept ones can.

    By Farkas: every limit may be broken at a price, and the dual of the cheapest solution is above
    zero for the limits that force one.
    """
    from scipy.optimize import linprog
    from scipy.sparse import eye_array, hstack, vstack

    rows = problem.rows(kept)
    if not len(rows):
        return frozenset()
    program = _program(problem, rows, np.empty(0, dtype=np.int64))
    low, high = rows["low"].to_numpy(), rows["high"].to_numpy()
    upper, lower = np.isfinite(high), np.isfinite(low)
    limits = vstack([program.matrix[upper], -program.matrix[lower], -program.rising])
    cap = np.concatenate([high[upper], -low[lower], np.zeros(program.rising.shape[0])])
    elastic = int(upper.sum() + lower.sum())
    price = eye_array(limits.shape[0], elastic, format="csr")
    found = linprog(
        np.concatenate([np.zeros(limits.shape[1]), np.ones(elastic)]),
        A_ub=hstack([limits, -price], format="csr"),
        b_ub=cap,
        bounds=(0, None),
    )
    owners = [*rows["owners"][upper], *rows["owners"][lower]]
    if found.fun > 1e-6:
        guilty = np.flatnonzero(np.abs(found.ineqlin.marginals[:elastic]) > 1e-7)
        return frozenset(one for at in guilty for one in owners[at])
    return frozenset()


def _whole_numbers_exist(problem: _Problem, kept: NDArray[np.bool_]) -> bool:
    rows = problem.rows(kept)
    if not len(rows):
        return True
    program = _program(problem, rows, np.empty(0, dtype=np.int64))
    try:
        _optimum(program, np.zeros(len(program.nodes) * program.blocks))
    except ValueError:
        return False
    return True
