## Ratings by judges of wines: each rating has an effect of both.
dim N, judge, wine
data who: index(judge)[N]
data which: index(wine)[N]
data rating: real[N]

mu ~ normal(0, 5)
judge_scale ~ half_normal(1)
wine_scale ~ half_normal(1)
sigma ~ half_normal(1)
@noncentered
severity[judge] ~ normal(0, judge_scale)
@noncentered
quality[wine] ~ normal(0, wine_scale)
rating ~ normal(mu + quality[which] - severity[who], sigma)
