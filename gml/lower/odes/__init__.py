"""Solutions of ordinary differential equations as statements.

A step of a method is a list of Lets; a loop of unknown length takes steps from one time
of output to the next, with as long ones as the error allows. Chains run in lockstep:
one that has arrived, or whose step is refused, keeps what it carries.

Beside the state run its derivatives in each argument that depends on the position, by
the very same steps: they are the derivatives of what is computed, the lengths of the
steps taken as given. `tangent` says so where the solution is read.

`problem.py` has the arrays of one solution, `explicit.py` the step of each method,
`solution.py` the loops around it.
"""

from gml.lower.odes.problem import Problem, varying_arrays
from gml.lower.odes.solution import solution_statements

__all__ = ["Problem", "solution_statements", "varying_arrays"]
