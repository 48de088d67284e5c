## Item response, two parameters an item: some tell abilities apart better than others.
dim person, item
data correct: bool[person, item]

ability[person] ~ normal(0, 1)
difficulty[item] ~ normal(0, 1)
discrimination[item] ~ lognormal(0, 0.5)
correct ~ bernoulli_logit(discrimination * (ability - difficulty))
