dim J
data y: real[J]
model first(G) {
  b ~ second(G)
}
model second(G) {
  a ~ first(G)
}
c ~ first(J)
y ~ normal(0, 1)
