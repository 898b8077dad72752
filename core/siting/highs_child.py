"""Reads a mixed-integer program from a file, solves it with HiGHS, writes the answer. Run as a script, alone."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np


def solver() -> Any:
    """`scipy.optimize.milp` where scipy has it, else `highspy`, else None."""
    try:
        from scipy.optimize import milp
    except ImportError:
        pass
    else:
        return milp
    try:
        import highspy
    except ImportError:
        return None
    return highspy


def run(task: str, result: str) -> None:
    """Solve the program of the file ``task`` and write ``status``, ``values`` and ``bound`` to ``result``."""
    with np.load(task) as given:
        problem = dict(given)
    solve = solver()
    if solve is None:
        status, values, bound = "failed", None, -np.inf
    elif callable(solve):
        status, values, bound = _with_scipy(solve, problem)
    else:
        status, values, bound = _with_highspy(solve, problem)
    np.savez(result, status=status, values=np.empty(0) if values is None else values, bound=bound)


def _with_scipy(milp: Any, problem: dict[str, np.ndarray]) -> tuple[str, np.ndarray | None, float]:
    from scipy import sparse
    from scipy.optimize import Bounds, LinearConstraint

    matrix = sparse.csc_matrix((problem["data"], problem["indices"], problem["indptr"]), shape=problem["shape"])
    # The HiGHS 1.2 of scipy 1.10 may call a program infeasible when its presolve errs: asked again without it.
    for presolve in (True, False):
        answer = milp(
            problem["cost"],
            integrality=problem["integer"].astype(int),
            bounds=Bounds(0, problem["upper"]),
            constraints=LinearConstraint(matrix, problem["low"], problem["high"]),
            options={
                "time_limit": float(problem["seconds"]),
                "mip_rel_gap": 1e9 if problem["first_found"] else 0.0,
                "presolve": presolve,
            },
        )
        if answer.status != 2:
            break
    status = {0: "optimal", 1: "limit", 2: "infeasible"}.get(answer.status, "failed")
    bound = getattr(answer, "mip_dual_bound", None)
    if bound is None or (status == "optimal" and not np.isfinite(bound)):
        bound = answer.fun if status == "optimal" else -np.inf
    return status, answer.x, bound


def _with_highspy(highspy: Any, problem: dict[str, np.ndarray]) -> tuple[str, np.ndarray | None, float]:
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("time_limit", float(problem["seconds"]))
    model.setOptionValue("mip_rel_gap", 1e9 if problem["first_found"] else 0.0)
    rows, columns = (int(v) for v in problem["shape"])
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = problem["cost"], np.zeros(columns), problem["upper"]
    lp.row_lower_, lp.row_upper_ = problem["low"], problem["high"]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = problem["indptr"], problem["indices"]
    lp.a_matrix_.value_ = problem["data"]
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(flag)] for flag in problem["integer"]]
    model.passModel(lp)
    model.run()
    names = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        highspy.HighsModelStatus.kTimeLimit: "limit",
    }
    info = model.getInfo()
    found = info.primal_solution_status == 2
    values = np.array(model.getSolution().col_value) if found else None
    return names.get(model.getModelStatus(), "failed"), values, info.mip_dual_bound


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2])
