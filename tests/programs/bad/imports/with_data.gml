dim N
fn twice(x: real) -> real = 2 * x
