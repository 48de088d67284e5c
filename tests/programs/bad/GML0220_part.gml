import imports.effects
dim J
data y: real[J]
a ~ effects.efects(J)
y ~ normal(a.v, 1)
