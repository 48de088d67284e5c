dim N, school, district
data of: index(school)[N]
data in_: index(district)[school]
data y: real[N]
m ~ normal(0, 1)
d[district] ~ normal(m, 1)
t ~ exponential(1)
@noncentered
a[school] ~ normal(d[in_], t)
y ~ normal(a[of], 1)
