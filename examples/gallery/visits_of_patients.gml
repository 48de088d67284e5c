## Patients with as many visits as they made: a ragged dim.
dim patient, visit(patient)
data year: real[visit]
data pressure: real[visit]
data age: real[patient]

alpha ~ normal(0, 2)
by_age ~ normal(0, 1)
slope ~ normal(0, 1)
tau ~ half_normal(1)
sigma ~ half_normal(1)
@noncentered
level[patient] ~ normal(alpha + by_age * age, tau)
pressure ~ normal(level[visit] + slope * year, sigma)
