## A position in a dim, drawn with probabilities proportional to exp(logits).
dist categorical_logit(logits: real[K]) on index(K) {
  logpmf(x) = logits[x] - logsumexp(logits over K)
  sample() = draw_index(exp(logits - max(logits over K)) over K)
  check categorical_logit([0.0, 0.0]).logpmf(1) ~= -0.6931471805599453
  check categorical_logit([1000.0, 0.0]).logpmf(1) ~= -1000
}
