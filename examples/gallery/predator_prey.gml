## Hares and the lynxes that eat them, with errors that multiply.
dim N, species = 2
data t: real[N]
data y: real<lower=0>[N, species]

fn growth(t, z: real[S], birth, hunt, death, feed) = [
  (birth - hunt * z[1]) * z[0],
  (feed * z[0] - death) * z[1]
]

birth ~ lognormal(-0.5, 0.5)
hunt ~ lognormal(-3, 1)
death ~ lognormal(-0.5, 0.5)
feed ~ lognormal(-3, 1)
start[species] ~ lognormal(2.5, 1)
sigma ~ half_normal(0.5)

z = ode(growth, start, 0, t, birth, hunt, death, feed)
y ~ lognormal(log(z), sigma)
