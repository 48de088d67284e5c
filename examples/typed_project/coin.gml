## Is a coin fair?
dim toss
data heads: bool[toss]

p ~ beta(2, 2)
heads ~ bernoulli(p)

odds = p / (1 - p)
