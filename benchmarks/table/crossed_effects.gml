## Normal observations with two crossed groups of effects.
dim N, person, item
data who: index(person)[N]
data which: index(item)[N]
data y: real[N]

mu ~ normal(0, 5)
person_scale ~ half_normal(2)
item_scale ~ half_normal(2)
sigma ~ half_normal(2)
ability[person] ~ normal(0, person_scale)
easiness[item] ~ normal(0, item_scale)
y ~ normal(mu + ability[who] + easiness[which], sigma)
