## Growth by group: a line with an intercept for each.
dim N, group
data x: real[N]
data where: index(group)[N]
data y: real?[N]

slope ~ normal(0, 1)
scale ~ half_normal(1)
level[group] ~ normal(0, scale)
sigma ~ half_normal(1)

y ~ normal(level[where] + slope * x, sigma)
is_growing = slope > 0
