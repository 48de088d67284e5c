data {
  int N, P;
  matrix[N, P] X;
  vector[N] y;
  real<lower=0> beta_scale, sigma_scale;  // 0: flat
}
parameters {
  vector[P] beta;
  real<lower=0> sigma;
}
model {
  if (beta_scale > 0) beta ~ normal(0, beta_scale);
  if (sigma_scale > 0) sigma ~ cauchy(0, sigma_scale);
  y ~ normal_id_glm(X, 0, beta, sigma);
}
