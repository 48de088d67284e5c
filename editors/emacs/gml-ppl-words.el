;;; gml-ppl-words.el --- Words of GML  -*- lexical-binding: t -*-

;;; Commentary:

;; Generated from the grammar and the library by `make highlighting'.
;; Do not edit.

;;; Code:

(defconst gml-ppl-words-types
  '("bool" "cholesky_corr" "cholesky_cov" "corr_matrix" "cov_matrix" "index"
    "int" "ordered" "positive_ordered" "real" "row_stochastic" "simplex"
    "sum_to_zero" "unit_vector")
  "Words of GML: types.")

(defconst gml-ppl-words-constants
  '("false" "true")
  "Words of GML: constants.")

(defconst gml-ppl-words-declaring
  '("check" "const" "data" "dim" "dist" "factor" "fn" "generated" "import"
    "local" "model" "param" "reparam")
  "Words of GML: declaring.")

(defconst gml-ppl-words-control
  '("else" "for" "if" "in" "on" "over" "return" "then")
  "Words of GML: control.")

(defconst gml-ppl-words-logical
  '("and" "not" "or")
  "Words of GML: logical.")

(defconst gml-ppl-words-members
  '("cdf" "iccdf" "icdf" "log_ccdf" "log_cdf" "logpdf" "logpmf" "mean"
    "sample" "variance")
  "Words of GML: members.")

(defconst gml-ppl-words-distributions
  '("bernoulli" "bernoulli_logit" "beta" "beta_binomial" "beta_neg_binomial"
    "beta_proportion" "binomial" "binomial_logit" "categorical"
    "categorical_logit" "cauchy" "censored" "chi_square" "dirichlet"
    "dirichlet_multinomial" "discrete_uniform" "exp_mod_normal" "exponential"
    "flat" "frechet" "gamma" "geometric" "gumbel" "half_cauchy" "half_normal"
    "half_student_t" "hurdle" "hurdle_poisson" "hypergeometric"
    "inv_chi_square" "inv_gamma" "inv_wishart" "kumaraswamy" "laplace"
    "lkj_corr" "lkj_corr_cholesky" "logistic" "loglogistic" "lognormal"
    "mixture" "multi_normal" "multi_normal_cholesky" "multi_normal_prec"
    "multi_student_t" "multi_student_t_cholesky" "multinomial"
    "multinomial_logit" "neg_binomial" "neg_binomial_2" "neg_binomial_2_log"
    "normal" "ordered_logistic" "ordered_probit" "pareto" "pareto_type_2"
    "poisson" "poisson_log" "rayleigh" "scaled_inv_chi_square"
    "skew_double_exponential" "skew_normal" "std_normal" "student_t"
    "truncated" "uniform" "von_mises" "weibull" "wiener" "wishart"
    "zero_inflated" "zero_inflated_neg_binomial_2" "zero_inflated_poisson")
  "Words of GML: distributions.")

(defconst gml-ppl-words-functions
  '("Phi" "abs" "atan" "beta_binomial_term" "binomial_logit_drop"
    "binomial_logit_term" "binomial_peak" "binomial_term" "ceil" "cholesky"
    "cos" "digamma" "draw_binomial" "draw_exponential" "draw_gamma"
    "draw_hypergeometric" "draw_index" "draw_normal" "draw_poisson"
    "draw_uniform" "draw_von_mises" "erf" "erfc" "exp" "expm1" "expm1_excess"
    "floor" "gap" "gauss_terms" "hankel_terms" "infinity" "int" "inv_logit"
    "kummer_terms" "lbeta" "lgamma" "lkj_normaliser" "log" "log1m" "log1m_exp"
    "log1m_inv_logit" "log1p" "log1p_excess" "log1p_exp" "log1p_square"
    "log_add_exp" "log_bessel_i0_scaled" "log_beta_i" "log_cauchy_cdf"
    "log_choose" "log_diagonal" "log_first_passage" "log_gamma_nearer_tail"
    "log_gamma_p" "log_gamma_q" "log_inv_logit" "log_mills_ratio"
    "log_multi_gamma" "log_normal_cdf" "log_ratio" "log_sigmoid"
    "log_student_t_cdf" "logit" "logsumexp" "matern32" "matern32_weight"
    "matern52" "matern52_weight" "max" "mean" "min" "normal_cdf"
    "normal_quantile" "normal_quantile_of_log" "peak_drop" "periodic"
    "poisson_peak" "pow" "prod" "rate_drop" "real" "rep" "sd" "sigmoid" "sin"
    "sine_basis" "sine_frequency" "size" "softplus" "solve_lower"
    "solve_lower_transposed" "sqrt" "square" "squared_exponential"
    "squared_exponential_weight" "stirling_error" "sum" "tail_point"
    "tail_weight" "tan" "tanh" "trigamma" "undefined" "variance" "xlog1py"
    "xlogy")
  "Words of GML: functions.")

(provide 'gml-ppl-words)
;;; gml-ppl-words.el ends here
