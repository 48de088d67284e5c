dim patient, visit(patent)
data y: real[visit]
m ~ normal(0, 1)
y ~ normal(m, 1)
