//! Who will come back: the BG/NBD model of Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way.
//! Customers buy at rates that are gamma distributed (r, alpha) and drop out after a purchase with chances that are
//! beta distributed (a, b).

use super::hypergeometric::gauss;
use crate::{
    Unsaid,
    optimize::{self, Slope},
};
use nalgebra::DVector;
use statrs::function::gamma::{digamma, ln_gamma};
use std::collections::BTreeMap;

/// What the model needs of a customer, in the same unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History {
    /// Purchases after the first; several on one day are one.
    pub repeats: u32,
    /// From the first purchase to the last.
    pub recency: f64,
    /// From the first purchase to the end.
    pub age: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    pub r: f64,
    pub alpha: f64,
    pub a: f64,
    pub b: f64,
    /// Summed over customers.
    pub log_likelihood: f64,
}

/// Maximum likelihood, by quasi-Newton steps in the logarithms of the four numbers. Customers with the same history
/// are counted together.
///
/// # Errors
/// Nobody bought twice, or the estimate does not settle.
pub fn fit(customers: &[History]) -> Result<Model, Unsaid> {
    search(customers, 0.0)
}

/// The same where the likelihood is flat, as it is of few customers or of some who are much alike: the squares of the
/// logarithms of the four numbers, times `penalty` (0.01, say), are taken off the mean logarithm of the likelihood, so that
/// none of them goes astray. `log_likelihood` is that of the customers all the same.
///
/// # Errors
/// Nobody bought twice, or the estimate does not settle.
pub fn fit_held(customers: &[History], penalty: f64) -> Result<Model, Unsaid> {
    search(customers, penalty)
}

fn search(customers: &[History], penalty: f64) -> Result<Model, Unsaid> {
    if customers.iter().all(|customer| customer.repeats == 0) {
        return Err(Unsaid::NoRepeats);
    }
    let scale = customers.iter().map(|customer| customer.age).fold(f64::MIN_POSITIVE, f64::max) / 10.0;
    let mut alike: BTreeMap<(u32, u64, u64), f64> = BTreeMap::new();
    for customer in customers {
        *alike.entry((customer.repeats, customer.recency.to_bits(), customer.age.to_bits())).or_default() += 1.0;
    }
    let histories: Vec<(History, f64)> = alike
        .into_iter()
        .map(|((repeats, recency, age), n)| {
            (History { repeats, recency: f64::from_bits(recency) / scale, age: f64::from_bits(age) / scale }, n)
        })
        .collect();
    let people = customers.len() as f64;
    let function = |at: &DVector<f64>| {
        let (value, slope) = mean_loss(&histories, people, at)?;
        Some((value + penalty * at.norm_squared(), slope + at * (2.0 * penalty)))
    };
    let starts = [[0.0, 0.0, 0.0, 0.5], [-1.0, 0.5, -0.5, 1.0], [1.0, 1.0, -1.0, 2.0]];
    let mut found = Err(Unsaid::NoConvergence);
    for start in starts {
        found = optimize::minimize(DVector::from_column_slice(&start), function);
        if found.is_ok() {
            break;
        }
    }
    let parameters = found?.at.map(f64::exp);
    let mut model = Model { r: parameters[0], alpha: parameters[1] * scale, a: parameters[2], b: parameters[3], log_likelihood: 0.0 };
    let fixed = Fixed::of(&model, customers.iter().map(|customer| customer.repeats).max().unwrap_or(0));
    model.log_likelihood = customers.iter().map(|customer| model.terms(&fixed, customer).0).sum();
    Ok(model)
}

/// What is left of the likelihood's logarithm when its constant parts are summed apart.
fn mean_loss(histories: &[(History, f64)], people: f64, at: &DVector<f64>) -> Slope {
    if at.amax() > 25.0 {
        return None;
    }
    let model = Model { r: at[0].exp(), alpha: at[1].exp(), a: at[2].exp(), b: at[3].exp(), log_likelihood: 0.0 };
    let (mut sum, mut slope) = (0.0, [0.0; 4]);
    let fixed = Fixed::of(&model, histories.iter().map(|(history, _)| history.repeats).max().unwrap_or(0));
    for (history, n) in histories {
        let (value, by) = model.terms(&fixed, history);
        sum += n * value;
        slope.iter_mut().zip(by).for_each(|(slope, by)| *slope += n * by);
    }
    let scale = [model.r, model.alpha, model.a, model.b];
    let gradient = DVector::from_fn(4, |i, _| -slope[i] * scale[i] / people);
    let value = -sum / people;
    (value.is_finite() && gradient.iter().all(|slope| slope.is_finite())).then_some((value, gradient))
}

/// The parts that are the same for every customer, and for all with as many repeats.
struct Fixed {
    log_alpha: f64,
    log_a: f64,
    by_repeats: Vec<Shared>,
}

/// `ln Γ(r+x)Γ(a+b)Γ(b+x)/(Γ(r)Γ(b)Γ(a+b+x))` and its derivatives by r, a and b.
struct Shared {
    value: f64,
    by_r: f64,
    by_a: f64,
    by_b: f64,
    log_drop: f64,
}

impl Fixed {
    fn of(model: &Model, most: u32) -> Self {
        let Model { r, alpha, a, b, .. } = *model;
        let beginning = ln_gamma(a + b) - ln_gamma(r) - ln_gamma(b);
        let (psi_r, psi_b, psi_ab) = (digamma(r), digamma(b), digamma(a + b));
        let shared = |repeats: u32| {
            let x = f64::from(repeats);
            let psi_abx = digamma(a + b + x);
            Shared {
                value: beginning + ln_gamma(r + x) + ln_gamma(b + x) - ln_gamma(a + b + x),
                by_r: digamma(r + x) - psi_r,
                by_a: psi_ab - psi_abx,
                by_b: psi_ab - psi_b + digamma(b + x) - psi_abx,
                log_drop: (b + x - 1.0).ln(),
            }
        };
        Self { log_alpha: alpha.ln(), log_a: a.ln(), by_repeats: (0..=most).map(shared).collect() }
    }
}

impl Model {
    /// `ln Γ(r+x)/Γ(r) + r ln α + ln Γ(a+b)Γ(b+x)/(Γ(b)Γ(a+b+x)) + ln[(α+T)^-(r+x) + (x>0) a/(b+x-1) (α+t)^-(r+x)]`
    /// (equation 6 of the paper) and its derivatives by r, α, a and b.
    fn terms(&self, fixed: &Fixed, history: &History) -> (f64, [f64; 4]) {
        let Self { r, alpha, a, b, .. } = *self;
        let (x, shared) = (f64::from(history.repeats), &fixed.by_repeats[history.repeats as usize]);
        let (log_end, log_last) = ((alpha + history.age).ln(), (alpha + history.recency).ln());
        let alive = -(r + x) * log_end;
        let gone = if x > 0.0 { fixed.log_a - shared.log_drop - (r + x) * log_last } else { f64::NEG_INFINITY };
        let largest = alive.max(gone);
        let either = largest + ((alive - largest).exp() + (gone - largest).exp()).ln();
        // The shares of the two ways in which this history comes about.
        let (as_alive, as_gone) = ((alive - either).exp(), (gone - either).exp());
        let by_r = shared.by_r + fixed.log_alpha - as_alive * log_end - as_gone * log_last;
        let by_alpha = r / alpha - (r + x) * (as_alive / (alpha + history.age) + as_gone / (alpha + history.recency));
        let by_b = shared.by_b - if x > 0.0 { as_gone / (b + x - 1.0) } else { 0.0 };
        (shared.value + r * fixed.log_alpha + either, [by_r, by_alpha, shared.by_a + as_gone / a, by_b])
    }

    /// `1/(1 + (x>0) a/(b+x-1) ((α+T)/(α+t))^(r+x))`: who bought once only has had no occasion to drop out.
    #[must_use]
    pub fn alive(&self, history: &History) -> f64 {
        if history.repeats == 0 {
            return 1.0;
        }
        let x = f64::from(history.repeats);
        let odds = self.a / (self.b + x - 1.0) * ((self.alpha + history.age) / (self.alpha + history.recency)).powf(self.r + x);
        1.0 / (1.0 + odds)
    }

    /// Purchases expected within the next `ahead` of time (equation 10):
    /// `(a+b+x-1)/(a-1) [1 - ((α+T)/(α+T+s))^(r+x) ₂F₁(r+x, b+x; a+b+x-1; s/(α+T+s))] P(alive)`.
    #[must_use]
    pub fn expected(&self, history: &History, ahead: f64) -> f64 {
        // At a = 1 the formula is 0/0; its limit is what lies on both sides.
        if (self.a - 1.0).abs() < 1e-5 {
            let beside = |a: f64| Self { a, ..*self }.expected_beside(history, ahead);
            return f64::midpoint(beside(1.0 - 2e-5), beside(1.0 + 2e-5)) * self.alive(history);
        }
        self.expected_beside(history, ahead) * self.alive(history)
    }

    fn expected_beside(&self, history: &History, ahead: f64) -> f64 {
        let Self { r, alpha, a, b, .. } = *self;
        let x = f64::from(history.repeats);
        let end = alpha + history.age;
        let fading = (end / (end + ahead)).powf(r + x) * gauss(r + x, b + x, a + b + x - 1.0, ahead / (end + ahead));
        (a + b + x - 1.0) / (a - 1.0) * (1.0 - fading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paper's estimates for the CDNOW customers, and what lifetimes 0.11 expects under them: 1.22590 in 39 weeks of a
    /// customer with two repeats, the last after 30.43 of 38.86 weeks.
    #[test]
    fn the_papers_example() {
        let model = Model { r: 0.242_59, alpha: 4.413_60, a: 0.792_92, b: 2.425_89, log_likelihood: 0.0 };
        let customer = History { repeats: 2, recency: 30.43, age: 38.86 };
        assert!((model.expected(&customer, 39.0) - 1.225_904).abs() < 1e-6, "{}", model.expected(&customer, 39.0));
        let once = History { repeats: 0, recency: 0.0, age: 38.86 };
        assert!((model.alive(&once) - 1.0).abs() < 1e-12);
        let longer = model.expected(&customer, 52.0);
        let near_one = Model { a: 1.0, ..model };
        assert!(longer > model.expected(&customer, 39.0) && near_one.expected(&customer, 39.0).is_finite());
    }

    /// Everyone drops out with the same chance: the likelihood is flat towards ever larger a and b. It ends, in time.
    #[test]
    fn customers_who_are_all_alike_end_the_search() {
        let alike: Vec<History> = (0..4_000_u32)
            .map(|i| History { repeats: (i * 7 % 11) / 4, recency: f64::from(i % 50 * ((i * 7 % 11) / 4).min(1)), age: 60.0 })
            .collect();
        match fit(&alike) {
            Ok(model) => assert!(model.log_likelihood.is_finite() && alike.iter().all(|history| model.expected(history, 9.0).is_finite())),
            Err(why) => assert_eq!(why, Unsaid::NoConvergence),
        }
    }

    /// Their likelihood knows no end; held, it has one, near which each number stays what one can make sense of.
    #[test]
    fn customers_who_are_much_alike_have_a_model_when_it_is_held() {
        let weeks = |days: i32| f64::from(days) / 7.0;
        let mut alike: Vec<History> = (0..60).map(|n| History { repeats: 2, recency: weeks(195), age: weeks(200 + n) }).collect();
        let (gone, there) =
            (History { repeats: 6, recency: weeks(60), age: weeks(400) }, History { repeats: 6, recency: weeks(59), age: weeks(60) });
        alike.extend([gone, there]);
        let model = fit_held(&alike, 0.01).unwrap();
        assert!(model.alive(&gone) < 0.5 && model.alive(&there) > 0.9, "{model:?}");
        assert!([model.r, model.alpha, model.a, model.b].iter().all(|number| (1e-3..1e3).contains(number)), "{model:?}");
        if let Ok(free) = fit(&alike) {
            assert!(free.log_likelihood >= model.log_likelihood - 1e-6, "nothing is likelier than the likeliest");
        }
    }

    #[test]
    fn nobody_who_buys_twice_has_no_model() {
        assert_eq!(fit(&[History { repeats: 0, recency: 0.0, age: 9.0 }]), Err(Unsaid::NoRepeats));
    }
}
