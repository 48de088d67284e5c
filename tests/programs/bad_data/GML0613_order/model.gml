dim N, county
data where: index(county)[N]
data u: real[county]
data y: real[N]
a ~ normal(0, 1)
y ~ normal(a * u[where], 1)
