## Two normal components: posteriordb's low_dim_gauss_mix-low_dim_gauss_mix.
dim N, component = 2
data y: real[N]

mu: ordered[component] ~ normal(0, 2)
sigma[component] ~ half_normal(2)
theta ~ beta(5, 5)

for n in N {
  factor log_add_exp(
    log(theta) + normal(mu[0], sigma[0]).logpdf(y[n]),
    log1p(-theta) + normal(mu[1], sigma[1]).logpdf(y[n])
  )
}
