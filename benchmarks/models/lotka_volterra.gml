## Hares and the lynxes that eat them, counted each year with multiplicative errors.
dim N, species = 2, coefficient = 4
data ts: real[N]
data y_init: real<lower=0>[species]
data y: real<lower=0>[N, species]

const centre: real[coefficient] = [1, 0.05, 1, 0.05]
const spread: real[coefficient] = [0.5, 0.05, 0.5, 0.05]

## of hares and lynxes, growth is what is born less what dies
fn growth(t, z: real[S], theta: real[C]) = [
  (theta[0] - theta[1] * z[1]) * z[0],
  (theta[3] * z[0] - theta[2]) * z[1]
]

theta[coefficient]: real<lower=0> ~ normal(centre, spread)
z_init[species] ~ lognormal(log(10), 1)
sigma[species] ~ lognormal(-1, 1)

z = ode(growth, z_init, 0, ts, theta)
y_init ~ lognormal(log(z_init), sigma)
y ~ lognormal(log(z), sigma)
