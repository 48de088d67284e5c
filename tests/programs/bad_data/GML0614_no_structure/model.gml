dim patient, visit(patient)
data y: real[visit]
data t: real[visit]
data u: real[patient]
b ~ normal(0, 1)
y ~ normal(b * t + u[visit], 1)
