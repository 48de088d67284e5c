## Answers on a scale of five: ordered cut points on a latent line.
dim N, P, cut = 4
data X: real[N, P]
data answer: int<lower=0, upper=4>[N]

beta[P] ~ normal(0, 1)
c: ordered[cut] ~ normal(0, 3)

## probability of an answer above each cut
local above[n: N, k: cut] = inv_logit(sum(X[n, p] * beta[p] over p: P) - c[k])
for n in N {
  factor log(
    (if answer[n] == 0 then 1 else above[n, max(answer[n] - 1, 0)])
    - (if answer[n] == 4 then 0 else above[n, min(answer[n], 3)])
  )
}
