dim T
s[0] = 1
for t in T {
  s[t + 1] = 2 * s[t]
}
