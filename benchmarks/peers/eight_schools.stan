data {
  int N;
  vector[N] y;
  vector<lower=0>[N] sigma;
}
parameters {
  vector[N] z;
  real mu;
  real<lower=0> tau;
}
transformed parameters {
  vector[N] theta = mu + tau * z;
}
model {
  z ~ std_normal();
  mu ~ normal(0, 5);
  tau ~ cauchy(0, 5);
  y ~ normal(theta, sigma);
}
