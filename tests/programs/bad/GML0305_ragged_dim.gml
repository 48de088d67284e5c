dim patient, visit(patient)
data y: real[visit]
mu ~ normal(0, 1)
y ~ normal(mu, 1)
