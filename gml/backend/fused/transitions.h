/* What transitions need beyond a density: numbers of chains in float64, products. */

typedef int64_t vwide_mask __attribute__((vector_size(VLEN * sizeof(int64_t))));

/* A loop over the elements of a vector of dimensions, for all vectors of the group:
 * element i is that of vector g. */
#define EACH_VECTOR                                                                    \
  for (int64_t d = 0; d < ndim; d++)                                                   \
    for (int64_t g = 0, i = d * G; g < G; g++, i++)

INLINE vreal narrow(vwide x) { return __builtin_convertvector(x, vreal); }

INLINE vint narrow_mask(vwide_mask mask) { return __builtin_convertvector(mask, vint); }

INLINE vwide wide_broadcast(double x) { return x - (vwide){0}; }

INLINE vwide wide_select(vwide_mask mask, vwide a, vwide b) {
  return (vwide)(((vwide_mask)a & mask) | ((vwide_mask)b & ~mask));
}

INLINE vwide wide_choice(vwide_mask mask) {
  return wide_select(mask, wide_broadcast(1), wide_broadcast(0));
}

INLINE vwide_mask wide_less(vwide a, vwide b) { return a < b; }

/* Not for NaN or infinity: x - x is NaN for both. */
INLINE vwide_mask wide_is_finite(vwide x) { return x - x == 0; }

/* As NumPy's: NaN if either is. */
INLINE vwide wide_minimum(vwide a, vwide b) {
  return wide_select((a < b) | (a != a), a, b);
}

/* In the working precision: its argument is an energy error or a log step size. */
INLINE vwide wide_exp(vwide x) { return widen(gml_exp(narrow(x))); }

static void matvec(
  int64_t ndim, const real *restrict matrix, const vreal *restrict vector,
  vreal *restrict product) {
  for (int64_t row = 0; row < ndim; row++) {
    vreal sum[G];
    EACH sum[g] = (vreal){0};
    for (int64_t column = 0; column < ndim; column++) {
      const real factor = matrix[row * ndim + column];
      EACH sum[g] += factor * vector[column * G + g];
    }
    EACH product[row * G + g] = sum[g];
  }
}

static void matvec_transposed(
  int64_t ndim, const real *restrict matrix, const vreal *restrict vector,
  vreal *restrict product) {
  for (int64_t row = 0; row < ndim; row++) {
    vreal sum[G];
    EACH sum[g] = (vreal){0};
    for (int64_t column = 0; column < ndim; column++) {
      const real factor = matrix[column * ndim + row];
      EACH sum[g] += factor * vector[column * G + g];
    }
    EACH product[row * G + g] = sum[g];
  }
}

/* (ndim, chains) arrays of all chains, one row a dimension, to and from a group's. */
static void load_vectors(
  int64_t ndim, int64_t chains, int64_t first, const real *from, vreal *to) {
  for (int64_t d = 0; d < ndim; d++)
    EACH to[d * G + g] = vload(from + d * chains + first + g * VLEN);
}

static void store_vectors(
  int64_t ndim, int64_t chains, int64_t first, const vreal *from, real *to) {
  for (int64_t d = 0; d < ndim; d++)
    EACH vstore(to + d * chains + first + g * VLEN, from[d * G + g]);
}

static void load_numbers(int64_t first, const double *from, vwide *to) {
  EACH __builtin_memcpy(to + g, from + first + g * VLEN, sizeof(vwide));
}

static void store_numbers(int64_t first, const vwide *from, double *to) {
  EACH __builtin_memcpy(to + first + g * VLEN, from + g, sizeof(vwide));
}
