dim N, S = 2
data t: real[N]
data y: real[N, S]
data start: real[S]
fn decay(t, z: real[S], k) = [-k * z[0], k * z[2]]
k ~ normal(0, 1)
z = ode(decay, start, 0, t, k)
y ~ normal(z, 1)
