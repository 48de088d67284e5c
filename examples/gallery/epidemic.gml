## Pupils in bed through a flu: susceptible, infected, recovered.
dim day, state = 3
data t: real<lower=0>[day]
data pupils: real<lower=0>
data in_bed: int<lower=0>[day]

fn epidemic(t, z: real[S], beta, gamma) = [
  -beta * z[0] * z[1],
  beta * z[0] * z[1] - gamma * z[1],
  gamma * z[1]
]

beta ~ half_normal(2)
gamma ~ half_normal(1)
phi ~ gamma(2, 0.1)
local start[
  s: state
] = if s == 0 then 1 - 1 / pupils else if s == 1 then 1 / pupils else 0
## shares of the pupils
z = ode(epidemic, start, 0, t, beta, gamma)
for d in day {
  in_bed[d] ~ neg_binomial_2(pupils * max(z[d, 1], 1e-9), phi)
}
reproduction = beta / gamma
