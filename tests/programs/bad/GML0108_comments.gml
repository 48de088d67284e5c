// priors
mu ~ normal(0, 1); tau ~ half_normal(1);
/* of two
 * lines */
y ~ normal(mu, tau)
