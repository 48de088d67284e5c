/* The words of gml.schedule.noise as normals and uniforms, at the same addresses:
 * threefry under the key of the transition, counter (chain, element / 2), word
 * element % 2. */

/* Words in the places of reals, which may be wider. */
INLINE void store_word(vreal *place, vword word) {
  __builtin_memcpy(place, &word, sizeof word);
}

INLINE vword load_word(const vreal *place) {
  vword word;
  __builtin_memcpy(&word, place, sizeof word);
  return word;
}

/* Elements start .. start + count of the transition; start is even. First all words, then
 * all normals: the constants of both at once are more than there are registers. */
NOINLINE void draw_normals(
  uint32_t key0, uint32_t key1, int64_t first, int64_t start, int64_t count,
  vreal *restrict normals) {
  for (int g = 0; g < G; g++) {
    const vword chain = vword_range((uint32_t)(first + g * VLEN));
    for (int64_t e = 0; e < count; e += 2) {
      vword word0, word1;
      const vword pair = vword_broadcast((uint32_t)((start + e) / 2));
      gml_threefry2x32(key0, key1, chain, pair, &word0, &word1);
      store_word(normals + e * G + g, word0);
      if (e + 1 < count) store_word(normals + (e + 1) * G + g, word1);
    }
  }
  NOT_UNROLLED for (int64_t i = 0; i < count * G; i++)
    normals[i] = gml_normal_of_word(load_word(normals + i));
}

NOINLINE void draw_uniform_number(
  uint32_t key0, uint32_t key1, int64_t first, int64_t element, vwide *restrict uniform) {
  EACH {
    vword word0, word1;
    const vword chain = vword_range((uint32_t)(first + g * VLEN));
    const vword pair = vword_broadcast((uint32_t)(element / 2));
    gml_threefry2x32(key0, key1, chain, pair, &word0, &word1);
    uniform[g] = widen(gml_uniform_of_word(element % 2 ? word1 : word0));
  }
}
