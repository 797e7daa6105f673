//! Minimising a smooth function of several numbers with its gradient.

use crate::Unsaid;
use nalgebra::{DMatrix, DVector};

/// The gradient at which a minimum is found, and at which one is taken when no further step helps.
const SETTLED: f64 = 1e-9;
const CLOSE: f64 = 2e-6;
const STEPS: usize = 2_000;
/// Steps in a row that gain no more than rounding, after which no further one is tried.
const IDLE: usize = 5;
const TRIALS: usize = 60;

/// Value and gradient at a point; `None` outside of where the function is defined.
pub type Slope = Option<(f64, DVector<f64>)>;

#[derive(Debug, Clone)]
pub struct Minimum {
    pub at: DVector<f64>,
    pub value: f64,
}

/// BFGS (Nocedal & Wright 2006, algorithm 6.1), with a line search that halves or doubles until both of Wolfe's
/// conditions hold (Lewis & Overton 2013); a point outside of the function's domain counts as too far.
///
/// # Errors
/// It does not settle.
pub fn minimize(start: DVector<f64>, function: impl Fn(&DVector<f64>) -> Slope) -> Result<Minimum, Unsaid> {
    let size = start.len();
    let mut at = start;
    let (mut value, mut gradient) = function(&at).ok_or(Unsaid::NoConvergence)?;
    let mut inverse = DMatrix::identity(size, size);
    let (mut fresh, mut idle) = (true, 0);
    for _ in 0..STEPS {
        if gradient.amax() <= SETTLED || idle == IDLE {
            break;
        }
        let direction = -(&inverse * &gradient);
        let Some((next, next_value, next_gradient)) = search(&at, value, &gradient, &direction, &function) else {
            if fresh {
                break;
            }
            (inverse, fresh) = (DMatrix::identity(size, size), true);
            continue;
        };
        let (step, change) = (&next - &at, &next_gradient - &gradient);
        update(&mut inverse, &step, &change, fresh);
        fresh = false;
        idle = if value - next_value <= 1e-14 * value.abs().max(1.0) { idle + 1 } else { 0 };
        (at, value, gradient) = (next, next_value, next_gradient);
    }
    if gradient.amax() <= CLOSE { Ok(Minimum { at, value }) } else { Err(Unsaid::NoConvergence) }
}

fn update(inverse: &mut DMatrix<f64>, step: &DVector<f64>, change: &DVector<f64>, first: bool) {
    let curvature = step.dot(change);
    if curvature <= 1e-14 * step.norm() * change.norm() {
        return;
    }
    if first {
        // The scale of the problem (Nocedal & Wright, 6.20).
        *inverse *= curvature / change.norm_squared();
    }
    let moved = &*inverse * change;
    let grow = (1.0 + change.dot(&moved) / curvature) / curvature;
    inverse.ger(grow, step, step, 1.0);
    inverse.ger(-1.0 / curvature, &moved, step, 1.0);
    inverse.ger(-1.0 / curvature, step, &moved, 1.0);
}

type Found = Option<(DVector<f64>, f64, DVector<f64>)>;

fn search(
    at: &DVector<f64>,
    value: f64,
    gradient: &DVector<f64>,
    direction: &DVector<f64>,
    function: &impl Fn(&DVector<f64>) -> Slope,
) -> Found {
    let slope = gradient.dot(direction);
    if slope.is_nan() || slope >= 0.0 {
        return None;
    }
    let (mut low, mut high, mut length) = (0.0, f64::INFINITY, 1.0_f64.min(10.0 / direction.amax()));
    let mut lower: Found = None;
    for _ in 0..TRIALS {
        let next = at + direction * length;
        match function(&next) {
            Some((next_value, next_gradient)) if next_value <= value + 1e-4 * length * slope => {
                if next_gradient.dot(direction) >= 0.9 * slope {
                    return Some((next, next_value, next_gradient));
                }
                low = length;
                lower = Some((next, next_value, next_gradient));
            }
            _ => high = length,
        }
        length = if high.is_finite() { f64::midpoint(low, high) } else { 2.0 * low };
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_walks_down_the_bent_valley() {
        // Rosenbrock's function; its minimum is at (1, 1).
        let valley = |at: &DVector<f64>| {
            let (x, y) = (at[0], at[1]);
            let bend = y - x * x;
            let gradient = DVector::from_vec(vec![-400.0 * x * bend - 2.0 * (1.0 - x), 200.0 * bend]);
            Some((100.0 * bend * bend + (1.0 - x).powi(2), gradient))
        };
        let found = minimize(DVector::from_vec(vec![-1.2, 1.0]), valley).unwrap();
        assert!((found.at[0] - 1.0).abs() < 1e-8 && (found.at[1] - 1.0).abs() < 1e-8);
    }

    #[test]
    fn what_has_no_minimum_is_said() {
        let falling = |at: &DVector<f64>| Some((-at[0], DVector::from_element(1, -1.0)));
        assert_eq!(minimize(DVector::zeros(1), falling).unwrap_err(), Unsaid::NoConvergence);
    }
}
