dim N, county
data where: int[N]
data y: real[N]
a[county] ~ normal(0, 1)
y ~ normal(a[where], 1)
