## One trial that comes true with log odds eta. Mean inv_logit(eta).
dist bernoulli_logit(eta: real) on bool {
  # -log(1 + exp(eta)) for a failure, -log(1 + exp(-eta)) for a success
  logpmf(x) = -softplus((1 - 2 * x) * eta)
  sample() = draw_uniform() < sigmoid(eta)
  mean = sigmoid(eta)
  variance = sigmoid(eta) * sigmoid(-eta)
  check bernoulli_logit(0).logpmf(true) ~= -0.6931471805599453
  check bernoulli_logit(-1.3).logpmf(true) ~= -1.5410084538329922
  check bernoulli_logit(-1.3).logpmf(false) ~= -0.24100845383299221
  check bernoulli_logit(1000).logpmf(false) ~= -1000
  check bernoulli_logit(-1.3).mean() ~= 0.2141650169574414
  check bernoulli_logit(-1.3).variance() ~= 0.16829836246906024
}
