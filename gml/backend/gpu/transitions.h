/* Vectors of a transition: a loop over the dimensions that a lane owns. */
#if LANES == 1
#define DIMENSION(i) (i)
#define EACH_VECTOR UNROLL for (int i = 0; i < OWN; i++)
#define VECTOR_PLACE(row)                                                              \
  (((size_t)(row) * NDIM + (size_t)i) * (size_t)chains + (size_t)chain)
#else
#define DIMENSION(i) (LANES * (i) + lane)
#define EACH_VECTOR                                                                    \
  UNROLL for (int i = 0; i < OWN; i++) if (DIMENSION(i) < NDIM)
#define VECTOR_PLACE(row)                                                              \
  (((size_t)(row) * (size_t)chains + (size_t)chain) * NDIM + (size_t)DIMENSION(i))

#if IS_SHORT
#define SPREAD(vector)
#else
#define SPREAD(vector) spread(vector, whole, lane);
#endif
INLINE void spread(PRIVATE const real *vector, SHARED real *whole, int lane) {
  LANES_SYNC();
  EACH_VECTOR whole[DIMENSION(i)] = vector[i];
  LANES_SYNC();
}
#endif

/* matrix @ vector and matrix.T @ vector. A matrix is followed by its transpose: lanes
 * read one beside the other. */
#if LANES == 1
#define matvec(ndim, matrix, vector, product) rows_times(matrix, vector, product)
#define matvec_transposed(ndim, matrix, vector, product)                               \
  rows_times(matrix + NDIM * NDIM, vector, product)
INLINE void rows_times(
  MATRICES const real *matrix, PRIVATE const real *vector, PRIVATE real *product) {
  UNROLL for (int d = 0; d < NDIM; d++) {
    real sum = 0;
    UNROLL_DIMENSIONS for (int column = 0; column < NDIM; column++)
      sum += matrix[d * NDIM + column] * vector[column];
    product[d] = sum;
  }
}
#elif IS_SHORT
/* A lane has its column of each in registers. */
#define matvec(ndim, matrix, vector, product)                                          \
  column_times(matrix##_columns + NDIM, vector, product)
#define matvec_transposed(ndim, matrix, vector, product)                               \
  column_times(matrix##_columns, vector, product)
INLINE void load_columns(
  MATRICES const real *matrix, PRIVATE real *columns, int lane) {
  UNROLL_DIMENSIONS for (int i = 0; i < 2 * NDIM; i++)
    columns[i] = lane < NDIM ? matrix[i * NDIM + lane] : VZERO;
}
INLINE void column_times(
  PRIVATE const real *column, PRIVATE const real *vector, PRIVATE real *product) {
  /* Four sums, since each addition waits for the one before. */
  real sums[4] = {0, 0, 0, 0};
  EACH_DIMENSION sums[i % 4] += column[i] * SHUFFLE(vector[0], i);
  product[0] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
}
#else
#define matvec(ndim, matrix, vector, product)                                          \
  columns_times(matrix + NDIM * NDIM, vector, product, whole, lane)
#define matvec_transposed(ndim, matrix, vector, product)                               \
  columns_times(matrix, vector, product, whole, lane)
INLINE void columns_times(
  MATRICES const real *columns, PRIVATE const real *vector, PRIVATE real *product,
  SHARED real *whole, int lane) {
  spread(vector, whole, lane);
  EACH_VECTOR {
    real sum = 0;
    UNROLL_DIMENSIONS for (int column = 0; column < NDIM; column++)
      sum += columns[column * NDIM + DIMENSION(i)] * whole[column];
    product[i] = sum;
  }
}
#endif

/* The words of gml.schedule.noise: threefry under the key of the transition, counter
 * (chain, element / 2), word element % 2. */
INLINE vword word_of(uint32_t key0, uint32_t key1, int chain, int element) {
  vword first, second;
  gml_threefry2x32(
    key0, key1, (uint32_t)chain, (uint32_t)(element / 2), &first, &second);
  return element % 2 != 0 ? second : first;
}

/* Where vectors are short each lane makes one word, and gives it to those it is for. */
#define SHARES_WORDS (IS_SHORT && NUM_WORDS <= LANES)
#if SHARES_WORDS
#define OWN_WORD(key0, key1, chain, lane) word_of(key0, key1, chain, lane)
#define WORD(element) SHUFFLE(own_word, smaller(element, LANES - 1))
#else
#define OWN_WORD(key0, key1, chain, lane) 0
#define WORD(element) word_of(key0, key1, chain, element)
#endif

INLINE void draw_normals(
  uint32_t key0, uint32_t key1, vword own_word, int chain, int start,
  PRIVATE real *normals, int lane) {
  (void)own_word;
#if LANES == 1
  (void)lane;
  UNROLL for (int d = 0; d < NDIM; d += 2) { /* start is even */
    vword first, second;
    gml_threefry2x32(
      key0, key1, (uint32_t)chain, (uint32_t)((start + d) / 2), &first, &second);
    normals[d] = gml_normal_of_word(first);
    if (d + 1 < NDIM) normals[d + 1] = gml_normal_of_word(second);
  }
#elif SHARES_WORDS
  (void)key0, (void)key1, (void)chain;
  const vword word = start == 0 ? own_word : WORD(start + lane);
  EACH_VECTOR normals[i] = gml_normal_of_word(word);
#else
  EACH_VECTOR normals[i] = gml_normal_of_word(WORD(start + DIMENSION(i)));
#endif
}

INLINE vwide draw_uniform_number(
  uint32_t key0, uint32_t key1, vword own_word, int chain, int element) {
  (void)key0, (void)key1, (void)own_word, (void)chain;
  return widen(gml_uniform_of_word(WORD(element)));
}
