data y: real
parameters {
  real mu;
}
y ~ normal(mu, 1)
