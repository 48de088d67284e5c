data {
  int N, P;
  matrix[N, P] X;
  array[N] int<lower=0, upper=1> y;
}
parameters {
  vector[P] beta;
}
model {
  beta ~ std_normal();
  y ~ bernoulli_logit_glm(X, 0, beta);
}
