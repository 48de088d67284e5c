dim N
data y: real[N]
u_a ~ normal(0, 1)
a ~ exponential(1)
d_u_a ~ normal(0, 1)
d_score ~ normal(0, 1)
t_0[N] ~ normal(0, 1)
r_0 ~ normal(0, 1)
tmp ~ normal(0, 1)
y ~ normal(a * u_a + d_u_a * d_score + t_0 * r_0 + tmp, 1)
