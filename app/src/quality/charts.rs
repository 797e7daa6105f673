//! Charts of the quality desk, drawn on the server; the table beside each says the same.

use crate::chart::framed;
use leptos::prelude::*;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 40.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 32.0;

/// A point of a course with the limits between which chance alone moves it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    pub label: String,
    /// Value, low and high.
    pub point: Option<(f64, f64, f64)>,
}

/// A course over time: the band of chance, the line, and diamonds where it leaves the band.
#[component]
pub(super) fn Line(title: String, steps: Vec<Step>, ticks: Vec<(f64, String)>) -> impl IntoView {
    let (lowest, highest) = (ticks.first().map_or(0.0, |(value, _)| *value), ticks.last().map_or(1.0, |(value, _)| *value));
    let slot = (WIDTH - LEFT) / steps.len().max(1) as f64;
    let across = move |place: usize| LEFT + slot * (place as f64 + 0.5);
    let up = move |value: f64| {
        let share = ((value - lowest) / (highest - lowest)).clamp(0.0, 1.0);
        HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
    };
    let known: Vec<(usize, (f64, f64, f64))> = steps.iter().enumerate().filter_map(|(place, step)| Some((place, step.point?))).collect();
    let at = |place: usize, value: f64| format!("{:.1},{:.1}", across(place), up(value));
    let upper = known.iter().map(|(place, (_, _, high))| at(*place, *high));
    let lower = known.iter().rev().map(|(place, (_, low, _))| at(*place, *low));
    let band = upper.chain(lower).collect::<Vec<_>>().join(" ");
    let line = known.iter().map(|(place, (value, ..))| at(*place, *value)).collect::<Vec<_>>().join(" ");
    let marks = known.iter().map(|(place, (value, low, high))| {
        let (x, y) = (across(*place), up(*value));
        if value < low || value > high {
            let diamond = format!("{x:.1},{:.1} {:.1},{y:.1} {x:.1},{:.1} {:.1},{y:.1}", y - 7.0, x + 7.0, y + 7.0, x - 7.0);
            view! { <polygon class="chart__out" points=diamond/> }.into_any()
        } else {
            view! { <circle class="chart__dot" cx=format!("{x:.1}") cy=format!("{y:.1}") r="3"/> }.into_any()
        }
    });
    let every = steps.len().div_ceil(8).max(1);
    let labels = steps.iter().enumerate().filter(|(place, _)| place % every == 0).map(|(place, step)| {
        view! { <text class="chart__label" x=format!("{:.1}", across(place)) y=format!("{:.1}", HEIGHT - 10.0)>{step.label.clone()}</text> }
    });
    let grid = ticks.iter().map(|(value, label)| {
        let y = format!("{:.1}", up(*value));
        view! {
            <line class="chart__grid" x1=LEFT x2=WIDTH y1=y.clone() y2=y.clone()/>
            <text class="chart__tick" x=LEFT - 8.0 y=y dy="4">{label.clone()}</text>
        }
    });
    let drawing = view! {
        {grid.collect_view()}
        <polygon class="chart__band" points=band/>
        <polyline class="chart__line" points=line/>
        {marks.collect_view()}
        {labels.collect_view()}
    };
    framed(title, (WIDTH, HEIGHT), drawing)
}

/// Importance to the right, performance upwards, with fixed lines across.
#[component]
pub(super) fn Quadrant(
    title: String,
    /// Name, importance, performance.
    points: Vec<(String, f64, f64)>,
    lines: (f64, f64),
    axes: (String, String),
    /// Clockwise from the upper left.
    corners: [String; 4],
) -> impl IntoView {
    let widest = points.iter().map(|(_, importance, _)| *importance).fold(lines.0 * 2.0, f64::max) * 1.1;
    let lowest = points.iter().map(|(.., performance)| *performance).fold(lines.1 - 1.0, f64::min).floor();
    let across = move |importance: f64| LEFT + importance / widest * (WIDTH - LEFT - 16.0);
    let up = move |performance: f64| HEIGHT - BOTTOM - (performance - lowest) / (5.0 - lowest) * (HEIGHT - TOP - BOTTOM);
    let dots = points.into_iter().map(|(name, importance, performance)| {
        let (x, y) = (across(importance), up(performance));
        let (anchor, beside) = if x > WIDTH * 0.7 { ("end", x - 10.0) } else { ("start", x + 10.0) };
        view! {
            <circle class="chart__dot chart__dot--large" cx=format!("{x:.1}") cy=format!("{y:.1}") r="6"/>
            <text class="chart__name" x=format!("{beside:.1}") y=format!("{y:.1}") dy="4" text-anchor=anchor>{name}</text>
        }
    });
    let places = [
        (LEFT + 8.0, TOP + 12.0, "start"),
        (WIDTH - 8.0, TOP + 12.0, "end"),
        (WIDTH - 8.0, HEIGHT - BOTTOM - 8.0, "end"),
        (LEFT + 8.0, HEIGHT - BOTTOM - 8.0, "start"),
    ];
    let corners = places
        .into_iter()
        .zip(corners)
        .map(|((x, y, anchor), corner)| view! { <text class="chart__corner" x=x y=y text-anchor=anchor>{corner}</text> });
    let (x, y) = (format!("{:.1}", across(lines.0)), format!("{:.1}", up(lines.1)));
    let drawing = view! {
        <line class="chart__ground" x1=LEFT x2=WIDTH y1=HEIGHT - BOTTOM y2=HEIGHT - BOTTOM/>
        <line class="chart__ground" x1=LEFT x2=LEFT y1=TOP y2=HEIGHT - BOTTOM/>
        <line class="chart__grid" x1=x.clone() x2=x y1=TOP y2=HEIGHT - BOTTOM/>
        <line class="chart__grid" x1=LEFT x2=WIDTH y1=y.clone() y2=y/>
        {corners.collect_view()}
        {dots.collect_view()}
        <text class="chart__label" x=(LEFT + WIDTH) / 2.0 y=HEIGHT - 10.0>{axes.0}</text>
        <text class="chart__label" transform=format!("translate(14 {:.0}) rotate(-90)", HEIGHT / 2.0)>{axes.1}</text>
    };
    framed(title, (WIDTH, HEIGHT), drawing)
}

/// How often each answer was given, as columns of one height's share.
#[component]
pub(super) fn Spread(title: String, counts: Vec<u64>) -> impl IntoView {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let bars = counts.iter().enumerate().map(|(place, count)| {
        let height = *count as f64 / most * 24.0;
        view! { <rect class="chart__bar" x=place * 14 width="11" y=format!("{:.1}", 24.0 - height) height=format!("{height:.1}")/> }
    });
    view! {
        <svg class="spread" viewBox=format!("0 0 {} 24", counts.len() * 14) role="img" aria-label=title>{bars.collect_view()}</svg>
    }
}
