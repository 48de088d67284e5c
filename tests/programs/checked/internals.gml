data y: real
score ~ normal(0, 1)
u_x ~ normal(score, 1)
x ~ normal(u_x, 1)
d_mu ~ normal(0, 1)
mu ~ normal(d_mu, 1)
stick_p ~ normal(0, 1)
score_constant ~ normal(0, 1)
y ~ normal(score + x + mu + stick_p + score_constant, 1)
