fn double(x: real) -> real {
  y = 2 * x
}
