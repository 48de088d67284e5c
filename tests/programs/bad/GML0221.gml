import imports.with_data
data y: real
y ~ normal(0, with_data.twice(1.0))
