"""Eight schools in PyMC and nutpie as a user writes it: from nothing to the table."""

import arviz_stats
import numpy as np
import nutpie
import pymc as pm

y = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
sigma = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])

with pm.Model() as model:
    mu = pm.Normal("mu", 0, 5)
    tau = pm.HalfCauchy("tau", 5)
    z = pm.Normal("z", 0, 1, shape=8)
    theta = pm.Deterministic("theta", mu + tau * z)
    pm.Normal("y", theta, sigma, observed=y)

compiled = nutpie.compile_pymc_model(model, backend="numba")
trace = nutpie.sample(compiled, chains=4, cores=2, seed=1, progress_bar=False)
print(arviz_stats.summary(trace))
