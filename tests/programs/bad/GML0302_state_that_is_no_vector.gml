dim N
data t: real[N]
data y: real[N]
fn decay(t, z: real[S], k) = -k * z
k ~ normal(0, 1)
z = ode(decay, 1.0, 0, t, k)
y ~ normal(z, 1)
