dim N
data t: real[N]
data y: real[N]
fn decay(t, z: real[S], k) = -k * z
k[N] ~ normal(0, 1)
z = ode(decay, [1.0], 0, t, k)
y[n: N] ~ normal(z[n, 0], 1)
