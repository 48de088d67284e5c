dim N, cut = 2, level = 3
data y: index(level)[N]
data x: real[N]
c: ordered[cut] ~ normal(0, 2)
b ~ normal(0, 1)
for n in N {
  local_eta[n] = b * x[n]
  factor log(
    if y[n] == 0 then inv_logit(c[0] - local_eta[n])
    else if y[n] == 1
    then inv_logit(c[1] - local_eta[n]) - inv_logit(c[0] - local_eta[n])
    else inv_logit(local_eta[n] - c[1])
  )
}
