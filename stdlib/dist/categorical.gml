## A position in a dim, drawn with the probabilities p.
dist categorical(p: simplex[K]) on index(K) {
  logpmf(x) = log(p[x])
  sample() = draw_index(p over K)
  check categorical([0.2, 0.3, 0.5]).logpmf(0) ~= -1.6094379124341003
  check categorical([0.2, 0.3, 0.5]).logpmf(2) ~= -0.6931471805599453
}
