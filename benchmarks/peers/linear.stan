data {
  int N, P;
  matrix[N, P] X;
  vector[N] y;
  vector[P] beta_location;
  vector<lower=0>[P] beta_scale;  // 0: flat
  real<lower=0> half_cauchy, half_normal;  // sigma's prior; 0: not this one
}
parameters {
  vector[P] beta;
  real<lower=0> sigma;
}
model {
  if (beta_scale[1] > 0) beta ~ normal(beta_location, beta_scale);
  if (half_cauchy > 0) sigma ~ cauchy(0, half_cauchy);
  if (half_normal > 0) sigma ~ normal(0, half_normal);
  y ~ normal_id_glm(X, 0, beta, sigma);
}
