/* ---- for callers: group after group, each its own block of every array.
 * position and gradient: [group][dimension][chain of the group]; score: [group][chain];
 * workspace: gml_workspace_size(data) bytes. All aligned to vectors.
 */

int64_t gml_group_size(void) { return G * VLEN; }

int64_t gml_num_dimensions(const struct data *data) { return num_dimensions(data); }

int64_t gml_workspace_size(const struct data *data) {
  return workspace_elements(data) * G * (int64_t)sizeof(vreal);
}

/* One group, for transitions, which are compiled apart: they are the same for all
 * models. */
void gml_group_score_and_grad(
  const struct data *data, const vreal *position, vwide *score, vreal *gradient,
  vreal *workspace) {
  score_and_grad(data, position, score, gradient, workspace);
}

#ifndef GML_NO_SCORE
void gml_group_score(
  const struct data *data, const vreal *position, vwide *score, vreal *workspace) {
  score_only(data, position, score, workspace);
}

void gml_score(
  const struct data *data,
  int64_t num_groups,
  const real *position,
  double *score,
  real *workspace) {
  const int64_t block = num_dimensions(data) * G;
  for (int64_t i = 0; i < num_groups; i++)
    score_only(
      data, (const vreal *)position + i * block, (vwide *)score + i * G, (vreal *)workspace);
}
#endif

void gml_score_and_grad(
  const struct data *data,
  int64_t num_groups,
  const real *position,
  double *score,
  real *gradient,
  real *workspace) {
  const int64_t block = num_dimensions(data) * G;
  for (int64_t i = 0; i < num_groups; i++)
    score_and_grad(
      data, (const vreal *)position + i * block, (vwide *)score + i * G,
      (vreal *)gradient + i * block, (vreal *)workspace);
}
