"""What all statements of one counter jointly allow, and which of them cannot all hold.

A counter says many things: a total "so far", "at least" so many, "six since the strikes", "none
since", so many in one country; and single dated events are floors of their own. Each of these
says ``low <= N(end) - N(start) <= high`` for one cumulative count N that never falls: a
difference constraint. What they allow over any interval of days is the shortest path between
two moments in the graph of the constraints (Cormen et al., *Introduction to Algorithms*, 24.4).
Statements about parts (countries) must add up to statements about the whole: there the same bounds
are the ends of an integer program. Both give whole numbers that the count can really take, so the
bounds are exact.

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
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

_SETS = 500  # that are listed at most
_COLUMNS = ("statement_id", "start", "end", "part", "low", "high")


def _begins(values: pd.Series) -> NDArray[np.int64]:
    """The first moment of each day, or the moment itself, in seconds."""
    return pd.to_datetime(values).to_numpy().astype("datetime64[s]").astype(np.int64)


def _ends(values: pd.Series) -> NDArray[np.int64]:
    """The last moment of each day, or the moment itself."""
    found = _begins(values)
    return np.where(found % 86_400 == 0, found + 86_400, found)


class _Problem:
    """Checked statements: ids in order, weights, parts, and the rows of the frame as constraints.

    A constraint says ``low <= N[part, end] - N[part, begin] <= high``, with an empty ``part`` for
    the whole; ``owners`` are the positions of the statements behind it. ``closed`` says that there
    are no other parts.
    """

    def __init__(self, statements: pd.DataFrame, parts: Sequence[str], asked: str = "") -> None:
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
        label = frame["part"].astype("string").fillna("").astype(object)
        self.parts = sorted({*label, *parts, asked} - {""})
        self.closed = bool(parts) and set(self.parts) <= set(parts)
        owner, self.ids = pd.factorize(frame["statement_id"].astype(str))
        self.weight = np.ones(len(self.ids))
        self.weight[owner] = frame.get("weight", 1.0)
        self.constraints = pd.DataFrame(
            {
                "part": label,
                "begin": begin,
                "end": end,
                "low": low,
                "high": high,
                "owners": [(one,) for one in owner.tolist()],
                "owner": owner,
                "distinct": frame.get("distinct", False),
            }
        ).astype({"distinct": bool})

    def names(self, ones: frozenset[int]) -> tuple[str, ...]:
        """The ids of some statements, in order."""
        return tuple(self.ids[at] for at in sorted(ones))

    def rows(self, kept: NDArray[np.bool_]) -> pd.DataFrame:
        """The constraints of the statements that are kept, floors of distinct ones added up."""
        own = self.constraints[kept[self.constraints["owner"]]]
        distinct = own[own["distinct"]]
        found = [own[~own["distinct"]], distinct[np.isfinite(distinct["high"])]]
        for part in distinct["part"].unique():
            # The whole holds what its parts hold, so its floors count them too.
            inside = distinct[distinct["part"] == part] if part else distinct
            found.append(_joined_floors(part, inside))
        rows: pd.DataFrame = pd.concat(found, ignore_index=True)
        return rows


def _joined_floors(part: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Floors of distinct things over every run of days that their own intervals join.

    Hall's condition: between two days at least what must have happened between them. Days that no
    interval straddles divide the runs; over several runs the floors add up by themselves.
    """
    rows = rows.sort_values(["begin", "end"])
    begins, ends = rows["begin"].to_numpy(), rows["end"].to_numpy()
    low, owner = rows["low"].to_numpy(), rows["owner"].to_numpy()
    reach = np.maximum.accumulate(ends)
    cuts = np.flatnonzero(begins[1:] >= reach[:-1]) + 1
    found = []
    for first, last in pairwise([0, *cuts, len(rows)]):
        run = slice(first, last)
        for begin in np.unique(begins[run]):
            for end in np.unique(ends[run]):
                held = (begins[run] >= begin) & (ends[run] <= end)
                if held.any():
                    found.append((begin, end, low[run][held].sum(), tuple(owner[run][held])))
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
    Method: where all statements are about the whole, shortest paths (Johnson 1977: one linear
    program for a potential, then Dijkstra's algorithm), near-linear in the number of statements;
    else one integer program for each end of each interval, for some hundreds of statements. HiGHS
    solves the programs. Assumes one counter that never falls, and whole numbers.
    """
    problem = _Problem(statements, parts, part)
    begin, end = _begins(intervals["start"]), _ends(intervals["end"])
    if len(begin) and (begin >= end).any():
        raise ValueError("an interval ends before it starts: expected start <= end")
    everything = np.ones(len(problem.ids), dtype=bool)
    program = _Program(problem, everything, np.concatenate([begin, end]))
    if problem.parts or not len(begin):
        goals = [program.difference(part, *each) for each in zip(begin, end, strict=True)]
        fewest = np.array([program.least(goal) for goal in goals])
        most = np.array([-program.least(-goal) for goal in goals])
    else:
        fewest, most = _along_paths(program, begin, end)
    ends = {"fewest": fewest, "most": np.where(np.isinf(most), np.nan, most)}
    whole = {name: pd.array(np.round(found), dtype="Int64") for name, found in ends.items()}
    return intervals.assign(**whole)


def _along_paths(
    program: "_Program", begin: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fewest and most where all rows are about the whole.

    An edge from s to t says ``N(t) <= N(s) + cost``.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    nodes = program.nodes
    edges = pd.DataFrame(
        {
            "source": np.r_[program.first, program.last],
            "target": np.r_[program.last, program.first],
            "cost": np.r_[program.high, -program.low],
        }
    )
    edges = edges[np.isfinite(edges["cost"])].groupby(["source", "target"], as_index=False).min()
    # Costs on top of one solution are not below zero, as Dijkstra's algorithm needs them.
    level = program.solution(np.zeros(len(nodes)))
    source, target = (edges[name].to_numpy() for name in ("source", "target"))
    cost = edges["cost"].to_numpy() + level[source] - level[target]
    # Graph functions of older SciPy take 32-bit places alone.
    places = (source.astype(np.int32), target.astype(np.int32))
    graph = csr_array((cost, places), shape=(len(nodes),) * 2)
    asked, place = np.unique(np.concatenate([begin, end]), return_inverse=True)
    at = np.searchsorted(nodes, asked)
    far = dijkstra(graph, indices=at)[:, at] + level[at] - level[at][:, None]
    starts, ends = np.split(place, 2)
    return np.maximum(-far[ends, starts], 0), far[starts, ends]


class _Program:
    """Rows as ``low <= A x <= high`` over the counts of each part at the end of each day.

    The last rows say that no count falls; nobody owns them. ``blocks`` are the parts, and None
    for what no statement names, unless the parts are all there is.
    """

    def __init__(self, problem: _Problem, kept: NDArray[np.bool_], asked: ArrayLike = ()) -> None:
        from scipy.sparse import csr_array, hstack

        rows = problem.rows(kept)
        nodes = np.unique(np.concatenate([rows["begin"], rows["end"], asked])).astype(np.int64)
        days = pd.DataFrame({"begin": nodes[:-1], "end": nodes[1:], "low": 0.0, "high": np.inf})
        self.blocks = problem.parts if problem.closed else [*problem.parts, None]
        rising = [days.assign(part=part) for part in self.blocks]
        self.nodes, self.rows = nodes, pd.concat([rows, *rising], ignore_index=True)
        self.low, self.high = self.rows["low"].to_numpy(), self.rows["high"].to_numpy()
        self.first, self.last = (np.searchsorted(nodes, self.rows[end]) for end in ("begin", "end"))
        # A row adds up the counts at its end and takes away those at its beginning.
        at, ones = np.arange(len(self.rows)), np.ones(len(self.rows))
        entries = (np.r_[ones, -ones], (np.r_[at, at], np.r_[self.last, self.first]))
        whole = csr_array(entries, shape=(len(at), len(nodes)))
        # In the block of another part it has only zeros.
        inside = [self.rows["part"].isin([part, ""]).to_numpy()[:, None] for part in self.blocks]
        self.matrix = hstack([whole.multiply(own) for own in inside], format="csr")

    def difference(self, part: str, begin: int, end: int) -> NDArray[np.float64]:
        """The goal of a part's events between two moments."""
        first, last = np.searchsorted(self.nodes, [begin, end])
        goal = np.zeros((len(self.blocks), len(self.nodes)))
        own = [part in (block, "") for block in self.blocks]
        goal[own, last] += 1
        goal[own, first] -= 1
        return goal.ravel()

    def least(self, goal: NDArray[np.float64]) -> float:
        """Least value of a goal in whole numbers, minus infinity where nothing limits it.

        Raises ``ValueError`` where the rows cannot all hold.
        """
        if not self._limited(goal):
            self.solution(np.zeros(len(goal)))
            return -math.inf
        return float(np.rint(goal @ self.solution(goal)))

    def solution(self, goal: NDArray[np.float64]) -> NDArray[np.float64]:
        """Counts that make a limited goal least, in whole numbers.

        Raises ``ValueError`` where the rows cannot all hold.
        """
        low, high = self.low, self.high
        # No count need exceed all that the rows name together.
        enough = 1 + low[np.isfinite(low)].clip(0).sum() + high[np.isfinite(high)].sum()
        # First with fractions: most programs have a whole solution then already, and older versions
        # of the solver err more seldom.
        for whole in (False, True):
            found = self._solved(goal, low, high, enough, whole=whole)
            if found.status != 0:
                raise ValueError(
                    "the statements cannot all hold; conflict() names the fewest to set aside"
                )
            if np.allclose(found.x, np.rint(found.x), rtol=0, atol=1e-9):
                break
        counts: NDArray[np.float64] = np.rint(found.x)
        return counts

    def _limited(self, goal: NDArray[np.float64]) -> bool:
        """Tell whether no direction that leaves every row as it is lowers a goal for ever.

        Asked of the solver itself, a goal without limit may be called impossible or solved,
        depending on its version; a step of at most one in each count always has a least value.
        """
        floors, ceilings = (np.where(np.isfinite(end), 0, end) for end in (self.low, self.high))
        return not goal.any() or self._solved(goal, floors, ceilings, 1).fun > -1e-6

    def _solved(
        self,
        goal: NDArray[np.float64],
        low: NDArray[np.float64],
        high: NDArray[np.float64],
        most: float,
        *,
        whole: bool = False,
    ) -> Any:
        """Minimise a goal over counts from 0 at the first moment to ``most`` at any."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        ceiling = np.full(len(goal), most)
        ceiling[:: len(self.nodes)] = 0
        return milp(
            goal,
            constraints=LinearConstraint(self.matrix, low, high),
            bounds=Bounds(0, ceiling),
            integrality=np.full(len(goal), int(whole)),
        )


# ---- conflicts ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Conflict:
    """Statements that cannot all hold.

    ``sets`` are the smallest sets of statements without which all others can hold, 500 of them at
    most; ``gives_way`` is the one with the lowest weight, ``size`` the number of statements in it.
    ``clashes`` are sets of statements of which at least one must give way, none larger than it need
    be, and enough of them to explain ``size``. All are ids in the order of the statements; empty
    where nothing contradicts.
    """

    gives_way: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]
    clashes: tuple[tuple[str, ...], ...]

    @property
    def size(self) -> int:
        """The least number of statements whose giving way lets all others hold."""
        return len(self.gives_way)


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
        Ids in the order of the statements; none where all can hold.

    Notes
    -----
    Method: as :func:`conflict`. Assumes what :func:`interval_bounds` assumes.
    """
    problem = _Problem(statements, parts)
    return problem.names(_lightest(problem, []) or frozenset())


def conflict(statements: pd.DataFrame, *, parts: Sequence[str] = ()) -> Conflict:
    """The smallest sets of statements that must give way so that all others can hold, and why.

    Parameters
    ----------
    statements, parts
        As for :func:`interval_bounds`.

    Notes
    -----
    Method: implicit hitting sets (Reiter 1987; Moreno-Centeno and Karp 2013). A linear program
    (Farkas) finds statements that clash; an integer program finds the fewest that hit all clashes
    known so far; the two alternate until the rest can hold. The result is exact. Assumes what
    :func:`interval_bounds` assumes.
    """
    problem = _Problem(statements, parts)
    clashes: list[frozenset[int]] = []
    sets: list[frozenset[int]] = []
    while len(sets) < _SETS and (found := _lightest(problem, clashes, sets)):
        sets.append(found)
    names = problem.names
    gives_way = names(sets[0]) if sets else ()
    return Conflict(gives_way, tuple(sorted(map(names, sets))), tuple(sorted(map(names, clashes))))


def _lightest(
    problem: _Problem, clashes: list[frozenset[int]], known: Sequence[frozenset[int]] = ()
) -> frozenset[int] | None:
    """The lightest smallest set that lets the rest hold, but for those known; None if none is left.

    The clashes found on the way are added to ``clashes``.
    """
    while (found := _hitting_set(clashes, problem.weight, known)) is not None:
        kept = np.ones(len(problem.ids), dtype=bool)
        kept[list(found)] = False
        before = len(clashes)
        # Clashes that share no statement are found in one go.
        while clash := _clash(problem, kept):
            clashes.append(clash)
            kept[list(clash)] = False
        if len(clashes) == before:
            break
    return found


def _hitting_set(
    clashes: Sequence[frozenset[int]],
    weight: NDArray[np.float64],
    known: Sequence[frozenset[int]],
) -> frozenset[int] | None:
    """The fewest statements of which each clash has one, but for sets known; the lightest."""
    from scipy.optimize import LinearConstraint, milp

    if not clashes:
        return frozenset()
    used = sorted(frozenset().union(*clashes))

    def rows(sets: Sequence[frozenset[int]]) -> NDArray[np.float64]:
        return np.array([[one in each for one in used] for each in sets])

    limits = [LinearConstraint(rows(clashes), 1, np.inf)]
    if known:
        size = len(known[0])
        limits.append(LinearConstraint(rows(known), -np.inf, size - 1))
        limits.append(LinearConstraint(np.ones(len(used)), -np.inf, size))
    # One more statement always costs more than any difference of weights.
    rank = np.unique(weight, return_inverse=True)[1][used].astype(float)
    found = milp(
        1 + rank + rank.sum(),
        constraints=limits,
        bounds=(0, 1),
        integrality=np.ones(len(used)),
        options={"mip_rel_gap": 0},
    )
    if found.status != 0:
        return None
    return frozenset(one for one, taken in zip(used, found.x, strict=True) if taken > 0.5)


def _clash(problem: _Problem, kept: NDArray[np.bool_]) -> frozenset[int]:
    """A set of kept statements that cannot all hold, none to spare; empty if all can."""
    blamed = _blamed(problem, kept)
    for one in sorted(blamed):
        trial = np.zeros(len(kept), dtype=bool)
        trial[list(blamed - {one})] = True
        if one in blamed and (fewer := _blamed(problem, trial)):
            blamed = fewer
    return blamed


def _blamed(problem: _Problem, kept: NDArray[np.bool_]) -> frozenset[int]:
    """Statements that together cannot hold; empty if all kept ones can.

    By Farkas: every limit may be broken at a price, and the dual of the cheapest solution is above
    zero for the limits that force one. Parts and wholes that only fractions could reconcile blame
    all.
    """
    from scipy.optimize import linprog
    from scipy.sparse import eye_array, hstack, vstack

    if not kept.any():
        return frozenset()
    program = _Program(problem, kept)
    upper, lower = np.flatnonzero(program.high < np.inf), np.flatnonzero(program.low > -np.inf)
    limits = vstack([program.matrix[upper], -program.matrix[lower]])
    # What no statement says, that counts never fall, cannot be broken and comes last.
    owners = program.rows["owners"].iloc[np.r_[upper, lower]].dropna().tolist()
    price = eye_array(limits.shape[0], len(owners))
    found = linprog(
        np.r_[np.zeros(limits.shape[1]), np.ones(len(owners))],
        A_ub=hstack([limits, -price]),
        b_ub=np.r_[program.high[upper], -program.low[lower]],
        bounds=(0, None),
    )
    if found.fun > 1e-6:
        broken = np.abs(found.ineqlin.marginals[: len(owners)]) > 1e-7
        return frozenset(one for at in np.flatnonzero(broken) for one in owners[at])
    if len(problem.parts) > 1:
        try:
            program.solution(np.zeros(limits.shape[1]))
        except ValueError:
            return frozenset(np.flatnonzero(kept).tolist())
    return frozenset()
