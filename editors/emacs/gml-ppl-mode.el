;;; gml-ppl-mode.el --- Major mode for GML models  -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: languages, statistics

;;; Commentary:

;; Colours and indentation for models of GML, a language for probabilistic
;; models; `gml-ppl-format-buffer' runs `gmlc fmt', and with Eglot the language
;; server `gmlc lsp' serves the rest:
;;
;;   (add-to-list 'load-path "PATH/TO/editors/emacs")
;;   (require 'gml-ppl-mode)
;;   (add-hook 'gml-ppl-mode-hook #'eglot-ensure)

;;; Code:

(require 'gml-ppl-words)
(require 'subr-x)

(defgroup gml-ppl nil
  "Models of GML."
  :group 'languages
  :prefix "gml-ppl-")

(defcustom gml-ppl-command "gmlc"
  "The compiler, as a name on the path or a file."
  :type 'string)

(defcustom gml-ppl-indent-offset 2
  "Columns for each open bracket."
  :type 'integer
  :safe #'integerp)

(defface gml-ppl-distribution-face '((t :inherit font-lock-builtin-face))
  "Face of the distributions of the library.")

(defvar gml-ppl-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "." table)
    (modify-syntax-entry ?_ "_" table)
    (dolist (char '(?+ ?- ?* ?/ ?^ ?~ ?= ?< ?> ?! ?? ?@ ?.))
      (modify-syntax-entry char "." table))
    table)
  "Syntax table of `gml-ppl-mode'.")

(defun gml-ppl--called (words)
  "A pattern for WORDS where a bracket follows."
  (concat (regexp-opt words 'symbols) "\\s-*("))

(defvar gml-ppl-font-lock-keywords
  `((,(concat "\\(?::\\|->\\|\\_<on\\_>\\)\\s-*"
              (regexp-opt gml-ppl-words-types 'symbols))
     1 font-lock-type-face)
    ("^\\s-*\\(@\\s-*[[:alpha:]_]\\(?:\\sw\\|\\s_\\)*\\)" 1 font-lock-preprocessor-face)
    (,(concat "\\." (regexp-opt gml-ppl-words-members 'symbols))
     1 font-lock-function-name-face)
    (,(regexp-opt gml-ppl-words-constants 'symbols) . font-lock-constant-face)
    (,(regexp-opt (append gml-ppl-words-declaring gml-ppl-words-control
                          gml-ppl-words-logical)
                  'symbols)
     . font-lock-keyword-face)
    (,(gml-ppl--called gml-ppl-words-distributions) 1 'gml-ppl-distribution-face)
    (,(gml-ppl--called gml-ppl-words-functions) 1 font-lock-builtin-face)
    ("\\_<\\([[:alpha:]_]\\(?:\\sw\\|\\s_\\)*\\)\\s-*(" 1 font-lock-function-name-face))
  "What `gml-ppl-mode' colours.")

(defun gml-ppl--font-lock-syntactic-face (state)
  "The face of the comment or text that STATE is in."
  (cond ((nth 3 state) 'font-lock-string-face)
        ((save-excursion (goto-char (nth 8 state)) (looking-at "##\\(?:[^#]\\|$\\)"))
         'font-lock-doc-face)
        (t 'font-lock-comment-face)))

(defun gml-ppl-indent-line ()
  "Indent a line by the brackets that are open before it."
  (interactive)
  (let* ((closing (save-excursion
                    (back-to-indentation)
                    (looking-at-p "[])}]")))
         (depth (save-excursion (car (syntax-ppss (line-beginning-position)))))
         (column (* gml-ppl-indent-offset (max 0 (if closing (1- depth) depth))))
         (behind (> (current-column) (current-indentation))))
    (if behind
        (save-excursion (indent-line-to column))
      (indent-line-to column))))

(defun gml-ppl-format-buffer ()
  "Give the model of this buffer the canonical layout."
  (interactive)
  (let ((result (generate-new-buffer " *gmlc fmt*"))
        (errors (make-temp-file "gmlc")))
    (unwind-protect
        (if (zerop (call-process-region (point-min) (point-max) gml-ppl-command
                                        nil (list result errors) nil
                                        "fmt" "--quiet" "-"))
            (replace-buffer-contents result)
          (message "%s" (with-temp-buffer
                          (insert-file-contents errors)
                          (string-trim (buffer-string)))))
      (kill-buffer result)
      (delete-file errors))))

(defun gml-ppl--is-model-p ()
  "Whether this buffer is a model, and not another kind of .gml file."
  (save-excursion
    (goto-char (point-min))
    (and (not (re-search-forward "^\\s-*<\\?xml\\|^\\s-*graph\\s-*\\[" 8000 t))
         (or (= (point-min) (point-max))
             (re-search-forward
              "^\\s-*\\(?:dim\\|data\\|const\\|param\\|factor\\|fn\\|dist\\|@\\|for\\)\\_>\\|\\s-~\\s-"
              nil t)))))

;;;###autoload
(define-derived-mode gml-ppl-mode prog-mode "GML"
  "Major mode for models of GML."
  (setq-local comment-start "# ")
  (setq-local comment-start-skip "#+\\s-*")
  (setq-local indent-line-function #'gml-ppl-indent-line)
  (setq-local electric-indent-chars (append "})]" electric-indent-chars))
  (setq-local font-lock-defaults
              '(gml-ppl-font-lock-keywords
                nil nil nil nil
                (font-lock-syntactic-face-function
                 . gml-ppl--font-lock-syntactic-face))))

;;;###autoload
(add-to-list 'magic-mode-alist
             (cons (lambda ()
                     (and buffer-file-name
                          (string-match-p "\\.gml\\'" buffer-file-name)
                          (gml-ppl--is-model-p)))
                   'gml-ppl-mode))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               `((gml-ppl-mode :language-id "gml-ppl") . (,gml-ppl-command "lsp"))))

(provide 'gml-ppl-mode)
;;; gml-ppl-mode.el ends here
