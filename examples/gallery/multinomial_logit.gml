## The choice among three ways to travel; the first is the baseline.
dim N, P, way = 3, other = 2
data X: real[N, P]
data chosen: index(way)[N]

alpha[other] ~ normal(0, 2)
beta[other, P] ~ normal(0, 1)
for n in N {
  utility[n, w: way] = if w == 0 then 0 else alpha[w - 1] + sum(
    beta[w - 1, p] * X[n, p]
    over p: P
  )
}
chosen[n: N] ~ categorical_logit(utility[n])
