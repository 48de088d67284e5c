dim N
data t: real[N]
data y: real[N]
data start: real[N]
fn decay(t, z: real[S]) = -z
s ~ half_normal(1)
z = ode(decay, start, 0, t)
y ~ normal(z, s)
