## Votes for several parties in districts, more varied than chance alone makes them.
dim district, party
data votes: int<lower=0>[district, party]

share: simplex[party] ~ dirichlet(rep(1.0, party))
concentration ~ gamma(2, 0.1)
for d in district {
  votes[d] ~ dirichlet_multinomial(
    sum(votes[d, p] over p: party),
    concentration * share
  )
}
