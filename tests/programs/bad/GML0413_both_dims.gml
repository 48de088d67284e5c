dim patient, visit(patient)
data y: real[visit]
m[patient] ~ normal(0, 1)
factor sum(sum(y * m over visit(patient)) over patient)
