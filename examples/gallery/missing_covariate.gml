## A covariate with cells that nobody wrote down, and responses, too.
dim N
data x: real?[N]
data w: real[N]
data y: real?[N]

gamma0 ~ normal(0, 1)
gamma1 ~ normal(0, 1)
spread ~ half_normal(1)
x ~ normal(gamma0 + gamma1 * w, spread)

alpha ~ normal(0, 2)
beta ~ normal(0, 2)
sigma ~ half_normal(1)
y ~ normal(alpha + beta * x, sigma)
