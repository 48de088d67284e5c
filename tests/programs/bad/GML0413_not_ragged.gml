dim patient, visit
data y: real[visit]
m[patient] ~ normal(0, 1)
factor sum(sum(y over visit(patient)) * m over patient)
