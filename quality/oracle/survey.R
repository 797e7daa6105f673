# What R says of a survey's answers: psych (alpha and items), lavaan (omega, factor model, full information) and R itself
# (t tests, Holm, studentized range, regressions). Debian: r-base-core r-cran-psych r-cran-lavaan r-cran-jsonlite.
#
#   Rscript survey.R CASE.json...    for CASE.csv beside each writes CASE.expected.json
#
# A case: {"low": 1, "high": 5, "scales": {"EFF": ["EFF1", "EFF2-"]}, "outcome": "LOY", "group": "wave"}
suppressMessages({library(lavaan); library(psych); library(jsonlite)})

quietly <- function(expression) suppressMessages(suppressWarnings(expression))
or_null <- function(expression) tryCatch(quietly(expression), error = function(e) NULL)
of_matrix <- function(S) { k <- ncol(S); k / (k - 1) * (1 - sum(diag(S)) / sum(S)) }

full_information <- function(x) {
  names <- colnames(x)
  pairs <- outer(names, names, paste, sep = " ~~ ")
  model <- paste(c(pairs[lower.tri(pairs, diag = TRUE)], paste(names, "~ 1")), collapse = "\n")
  fit <- lavaan(model, data = x, missing = "fiml", em.h1.iter.max = 20000, em.h1.tol = 1e-10,
                control = list(rel.tol = 1e-14, iter.max = 20000, eval.max = 40000), se = "none", test = "none")
  stopifnot(lavInspect(fit, "converged"))
  lavInspect(fit, "implied")$cov
}

omega_of <- function(x) {
  fit <- cfa(paste("f =~", paste(colnames(x), collapse = " + ")), data = x, std.lv = TRUE, se = "none")
  stopifnot(lavInspect(fit, "converged"))
  estimate <- lavInspect(fit, "est")
  theta <- diag(estimate$theta)
  if (any(theta < 0)) return(NULL)
  sum(estimate$lambda)^2 / (sum(estimate$lambda)^2 + sum(theta))
}

scale_of <- function(x) {
  whole <- x[complete.cases(x), , drop = FALSE]
  scores <- rowMeans(x, na.rm = TRUE)
  scores <- scores[!is.nan(scores)]
  k <- ncol(x)
  result <- list(n = nrow(whole), rows = length(scores), mean = mean(scores), items = list())
  if (length(scores) >= 30) result$mean_interval <- as.numeric(t.test(scores)$conf.int)
  if (nrow(whole) > k) {
    reliability <- or_null(psych::alpha(whole, check.keys = FALSE, warnings = FALSE))
    result$alpha <- reliability$total$raw_alpha
    result$omega <- if (k > 2) or_null(omega_of(whole))
    if (nrow(whole) == nrow(x)) {
      df <- c(nrow(x) - 1, (nrow(x) - 1) * (k - 1))
      result$alpha_interval <- 1 - (1 - result$alpha) * qf(c(.975, .025), df[1], df[2])
    }
  }
  result$alpha_pairwise <- of_matrix(cov(x, use = "pairwise.complete.obs"))
  result$alpha_fiml <- or_null(of_matrix(full_information(x)))
  for (item in colnames(x)) {
    given <- x[[item]][!is.na(x[[item]])]
    entry <- list(n = length(given), mean = mean(given), sd = sd(given))
    if (nrow(whole) > k && !is.null(reliability)) {
      entry$rest_correlation <- reliability$item.stats[item, "r.drop"]
      if (k > 2) entry$alpha_if_dropped <- reliability$alpha.drop[item, "raw_alpha"]
    }
    result$items[[item]] <- entry
  }
  result
}

factor_model_of <- function(data, scales) {
  model <- paste(names(scales), "=~", sapply(scales, paste, collapse = " + "), collapse = "\n")
  fit <- cfa(model, data = data, se = "none")
  stopifnot(lavInspect(fit, "converged"))
  # lavaan's own stopping rule leaves the fourth decimal open where the likelihood is flat: once more from there.
  again <- quietly(cfa(model, data = data, se = "none", start = fit))
  if (lavInspect(again, "converged") && fitMeasures(fit, "df") > 0) fit <- again
  measures <- fitMeasures(fit)
  standard <- inspect(fit, "std.all")
  loadings <- rowSums(standard$lambda)
  theta <- diag(lavInspect(fit, "est")$theta)
  loadings <- as.list(loadings[theta[names(loadings)] >= 0])
  list(n = lavInspect(fit, "nobs"), chi2 = measures[["chisq"]], df = measures[["df"]], cfi = measures[["cfi"]],
       tli = measures[["tli"]], rmsea = measures[["rmsea"]],
       rmsea_interval = c(measures[["rmsea.ci.lower"]], measures[["rmsea.ci.upper"]]), srmr = measures[["srmr"]],
       loadings = loadings, correlations = apply(standard$psi, 1, as.list))
}

# Every order of entering the predictors, each step by lm().
orders_of <- function(items) {
  if (length(items) < 2) return(list(items))
  unlist(lapply(items, function(first) lapply(orders_of(setdiff(items, first)), function(rest) c(first, rest))), recursive = FALSE)
}
drivers_of <- function(scores, outcome) {
  data <- data.frame(scores, outcome = outcome, check.names = FALSE)
  data <- data[complete.cases(data), ]
  names <- setdiff(colnames(data), "outcome")
  r2 <- function(set) if (length(set) == 0) 0 else summary(lm(reformulate(set, "outcome"), data))$r.squared
  shares <- setNames(numeric(length(names)), names)
  orders <- orders_of(names)
  for (order in orders) for (i in seq_along(order)) {
    shares[order[i]] <- shares[order[i]] + r2(order[seq_len(i)]) - r2(order[seq_len(i - 1)])
  }
  R <- cor(data)
  e <- eigen(R[names, names, drop = FALSE])
  L <- e$vectors %*% diag(sqrt(e$values), length(names)) %*% t(e$vectors)
  johnson <- as.numeric(L^2 %*% (solve(L) %*% R[names, "outcome"])^2)
  list(r2 = r2(names), lmg = as.list(shares / length(orders)), johnson = as.list(setNames(johnson, names)))
}

groups_of <- function(scores, group) {
  levels <- sort(unique(group[!is.na(group)]))
  if (length(levels) == 2) {
    tests <- lapply(scores, function(y) t.test(y[which(group == levels[1])], y[which(group == levels[2])]))
    holm <- p.adjust(sapply(tests, function(test) test$p.value), "holm")
    mapply(function(test, holm) list(t = unname(test$statistic), df = unname(test$parameter), p = test$p.value, p_holm = unname(holm)),
           tests, holm, SIMPLIFY = FALSE)
  } else lapply(scores, function(y) list(pairs = unlist(lapply(seq_along(levels), function(i) lapply(seq_along(levels)[seq_along(levels) > i], function(j) {
    test <- t.test(y[which(group == levels[i])], y[which(group == levels[j])])
    p <- ptukey(abs(test$statistic) * sqrt(2), length(levels), test$parameter, lower.tail = FALSE)
    reach <- qtukey(.95, length(levels), test$parameter) * test$stderr / sqrt(2)
    difference <- unname(test$estimate[1] - test$estimate[2])
    list(groups = c(levels[i], levels[j]), difference = difference, t = unname(test$statistic), df = unname(test$parameter), p = unname(p),
         interval = c(difference - reach, difference + reach))
  })), recursive = FALSE)))
}

for (file in commandArgs(TRUE)) {
  case <- read_json(file, simplifyVector = TRUE)
  data <- read.csv(sub("json$", "csv", file), na.strings = c("", "NA"), check.names = FALSE)
  turned <- unlist(case$scales)[grepl("-$", unlist(case$scales))]
  for (item in sub("-$", "", turned)) data[[item]] <- case$low + case$high - data[[item]]
  scales <- lapply(case$scales, function(items) sub("-$", "", items))
  scores <- data.frame(lapply(scales, function(items) { y <- rowMeans(data[items], na.rm = TRUE); ifelse(is.nan(y), NA, y) }), check.names = FALSE)
  expected <- list(scales = lapply(scales, function(items) scale_of(data[items])),
                   factor_model = or_null(factor_model_of(data, scales)))
  if (!is.null(case$outcome)) expected$drivers <- drivers_of(scores, data[[case$outcome]])
  if (!is.null(case$group)) expected$groups <- groups_of(scores, data[[case$group]])
  write_json(expected, sub("json$", "expected.json", file), auto_unbox = TRUE, digits = 12, pretty = TRUE, null = "null", na = "null")
}
