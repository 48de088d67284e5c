dim N, county
data where: index(county)[N]
data y: real[N]
a[county] ~ normal(0, 1)
y ~ normal(a[where], 1)
