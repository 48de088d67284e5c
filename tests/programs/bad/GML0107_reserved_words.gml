data = 3
x = 2 * in
import std
infer {
  hmc(x)
}
