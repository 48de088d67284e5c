## Trials of a treatment: the log odds ratio varies from trial to trial.
dim trial
data treated: int<lower=0>[trial]
data treated_deaths: int<lower=0>[trial]
data control: int<lower=0>[trial]
data control_deaths: int<lower=0>[trial]

effect ~ normal(0, 1)
tau ~ half_normal(0.5)
baseline[trial] ~ normal(-1, 1.5)
@noncentered
difference[trial] ~ normal(effect, tau)
control_deaths ~ binomial_logit(control, baseline)
treated_deaths ~ binomial_logit(treated, baseline + difference)
