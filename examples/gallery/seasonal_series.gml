## A trend, and months that add up to nothing.
dim T, month = 12
data when: index(month)[T]
data year: real[T]
data y: real[T]

alpha ~ normal(0, 5)
slope ~ normal(0, 1)
spread ~ half_normal(1)
season: sum_to_zero[month] ~ normal(0, spread)
sigma ~ half_normal(1)
y ~ normal(alpha + slope * year + season[when], sigma)
