## Radon in houses: counties vary about what the uranium of their soil says.
dim house, county
data where: index(county)[house]
data basement: bool[house]
data uranium: real[county]
data log_radon: real[house]

gamma0 ~ normal(0, 2)
gamma1 ~ normal(0, 1)
beta ~ normal(0, 1)
tau ~ half_normal(1)
sigma ~ half_normal(1)

@noncentered
alpha[county] ~ normal(gamma0 + gamma1 * uranium, tau)
log_radon ~ normal(alpha[where] + beta * basement, sigma)
