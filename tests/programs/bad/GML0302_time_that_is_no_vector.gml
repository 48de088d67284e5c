data t: real
data y: real
fn decay(t, z: real[S], k) = -k * z
k ~ normal(0, 1)
z = ode(decay, [1.0], 0, t, k)
y ~ normal(z[0, 0], 1)
