/* ---- what a program calls: see the top of this file ---- */

int64_t gml_model_ndim(void) { return num_dimensions(&model_data); }

static void *aligned_part(char **room, int64_t bytes) {
  char *part = *room;
  *room += (bytes + 63) / 64 * 64;
  return part;
}

static int run_model(
  int64_t num_chains, const double *position, double *score, double *gradient) {
  const int64_t ndim = num_dimensions(&model_data), lanes = G * VLEN;
  const int64_t array = ndim * lanes * (int64_t)sizeof(real);
  const int64_t workspace = gml_workspace_size(&model_data);
  char *memory = malloc((size_t)(2 * array + workspace + lanes * 8 + 5 * 64));
  if (!memory) return 1;
  char *room = memory + (64 - (uintptr_t)memory % 64) % 64;
  real *p = aligned_part(&room, array), *d = aligned_part(&room, array);
  double *s = aligned_part(&room, lanes * 8);
  real *w = aligned_part(&room, workspace);
  for (int64_t first = 0; first < num_chains; first += lanes) {
    const int64_t left = num_chains - first, count = left < lanes ? left : lanes;
    for (int64_t i = 0; i < ndim; i++)
      for (int64_t c = 0; c < lanes; c++)
        p[i * lanes + c] = (real)position[i * num_chains + first + (c < count ? c : 0)];
    if (gradient)
      gml_score_and_grad(&model_data, 1, p, s, d, w);
    else
      gml_score(&model_data, 1, p, s, w);
    for (int64_t c = 0; c < count; c++) score[first + c] = s[c] + SCORE_CONSTANT;
    for (int64_t i = 0; gradient && i < ndim; i++)
      for (int64_t c = 0; c < count; c++)
        gradient[i * num_chains + first + c] = d[i * lanes + c];
  }
  free(memory);
  return 0;
}

int gml_model_score(int64_t num_chains, const double *position, double *score) {
  return run_model(num_chains, position, score, 0);
}

int gml_model_score_and_grad(
  int64_t num_chains, const double *position, double *score, double *gradient) {
  return run_model(num_chains, position, score, gradient);
}
