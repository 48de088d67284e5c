## Item response, one parameter an item: the Rasch model.
dim person, item
data correct: bool[person, item]

mean_difficulty ~ normal(0, 1)
spread ~ half_normal(1)
ability[person] ~ normal(0, 1)
@noncentered
difficulty[item] ~ normal(mean_difficulty, spread)
correct ~ bernoulli_logit(ability - difficulty)
