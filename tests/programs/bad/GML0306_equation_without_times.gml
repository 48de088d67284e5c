data y: real
fn decay(t, z: real[S], k) = -k * z
k ~ normal(0, 1)
z = ode(decay, [1.0], 0)
y ~ normal(k, 1)
