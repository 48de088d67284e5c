dim school
data y: real[school]
theta[shcool] ~ normal(0, 1)
y ~ normal(theta, 1)
