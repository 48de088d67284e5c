## Cormack, Jolly and Seber: animals seen again or not, from their first capture on.
dim animal, occasion
data first: int<lower=0>[animal]
data last: int<lower=0>[animal]
data seen: bool[animal, occasion]

survive ~ beta(1, 1)
detect ~ beta(1, 1)

# The states are summed out by hand: all animals share one recurrence over the occasions
# left, where chains of discrete parameters would be one for each animal.
## probability of not being seen in the last k occasions: gone, or missed each time
unseen[0] = 1.0
for k in 1..occasion {
  unseen[k] = 1 - survive + survive * (1 - detect) * unseen[k - 1]
}

# between the first capture and the last sight an animal is alive
for i in animal {
  factor sum(
    if j > first[i] and j <= last[i]
    then log(survive) + log(if seen[i, j] then detect else 1 - detect)
    else 0
    over j: occasion
  )
  factor sum(
    if k == size(occasion) - 1 - last[i] then log(unseen[k]) else 0
    over k: occasion
  )
}
