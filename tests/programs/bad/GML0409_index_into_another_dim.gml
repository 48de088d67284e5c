dim N, county, state
data where: index(state)[N]
data y: real[N]
a[county] ~ normal(0, 1)
y ~ normal(a[where], 1)
