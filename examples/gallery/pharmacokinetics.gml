## A drug taken by mouth: each patient absorbs and clears it at rates of their own.
dim patient, N, compartment = 2, rate = 2
data t: real<lower=0>[N]
data dose: real<lower=0>[patient]
data concentration: real<lower=0>[patient, N]

fn one_compartment(t, z: real[S], absorb, clear) = [
  -absorb * z[0],
  absorb * z[0] - clear * z[1]
]

typical[rate] ~ normal(0, 1)
spread[rate] ~ lognormal(-1, 0.5)
volume ~ lognormal(1, 0.5)
sigma ~ half_normal(0.3)
log_rate[i: patient, r: rate] ~ normal(typical[r], spread[r])

# absorption is the faster of the two: else either could be either
local clear[i: patient] = exp(log_rate[i, 0])
local absorb[i: patient] = clear[i] + exp(log_rate[i, 1])
local start[i: patient, c: compartment] = if c == 0 then dose[i] else 0
local amount = ode(one_compartment, start, 0, t, absorb, clear)
for i in patient {
  for n in N {
    concentration[i, n] ~ lognormal(log(max(amount[i, n, 1], 1e-9) / volume), sigma)
  }
}
