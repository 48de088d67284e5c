"""Eight schools in NumPyro as a user would write it: from nothing to the table."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random

numpyro.set_host_device_count(4)
y = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
sigma = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])


def model():
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("school", 8):
        z = numpyro.sample("z", dist.Normal(0, 1))
        theta = numpyro.deterministic("theta", mu + tau * z)
        numpyro.sample("y", dist.Normal(theta, sigma), obs=y)


mcmc = numpyro.infer.MCMC(
    numpyro.infer.NUTS(model),
    num_warmup=1000,
    num_samples=1000,
    num_chains=4,
    progress_bar=False,
)
mcmc.run(random.PRNGKey(1))
mcmc.print_summary(exclude_deterministic=False)
