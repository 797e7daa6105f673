//! Charts drawn on the server as SVG: readable without scripts, in the colours of the style sheet, and with nothing in
//! them that the table beside them does not say.

use leptos::prelude::*;

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub label: String,
    /// Of the full height, 0 to 1.
    pub share: f64,
    /// Of a line over the columns, 0 to 1.
    pub line: Option<f64>,
    /// Written on top of it.
    pub value: String,
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 240.0;
/// Room for the numbers above and the labels below.
const TOP: f64 = 24.0;
const BOTTOM: f64 = 32.0;

/// Columns side by side, with a line over them where they have one.
#[component]
pub fn Columns(title: String, bars: Vec<Bar>) -> impl IntoView {
    let slot = WIDTH / f64::from(u32::try_from(bars.len().max(1)).unwrap_or(1));
    let (width, room) = ((slot * 0.6).min(72.0), HEIGHT - TOP - BOTTOM);
    let at = |index: usize| slot * (f64::from(u32::try_from(index).unwrap_or(0)) + 0.5);
    let height_of = |share: f64| room * share.clamp(0.0, 1.0);
    let points: Vec<_> = bars
        .iter()
        .enumerate()
        .filter_map(|(index, bar)| Some(format!("{:.1},{:.1}", at(index), HEIGHT - BOTTOM - height_of(bar.line?))))
        .collect();
    let line = (points.len() > 1).then(|| view! { <polyline class="chart__line" points=points.join(" ")/> });
    // Long names are cut: the table has them whole.
    let most = usize::try_from((slot / 7.0) as i64).unwrap_or(4).max(4);
    let columns = bars.into_iter().enumerate().map(|(index, bar)| {
        let (middle, height) = (at(index), height_of(bar.share));
        let top = HEIGHT - BOTTOM - height;
        let label = if bar.label.chars().count() > most {
            format!("{}…", bar.label.chars().take(most - 1).collect::<String>())
        } else {
            bar.label
        };
        view! {
            <rect class="chart__bar" x=format!("{:.1}", middle - width / 2.0) y=format!("{top:.1}") width=format!("{width:.1}")
                height=format!("{height:.1}")/>
            <text class="chart__value" x=format!("{middle:.1}") y=format!("{:.1}", top - 6.0)>{bar.value}</text>
            <text class="chart__label" x=format!("{middle:.1}") y=format!("{:.1}", HEIGHT - 10.0)>{label}</text>
        }
    });
    let drawing = view! {
        <line class="chart__ground" x1="0" x2=WIDTH y1=HEIGHT - BOTTOM y2=HEIGHT - BOTTOM/>
        {columns.collect_view()}
        {line}
    };
    framed(title, (WIDTH, HEIGHT), drawing)
}

/// A drawing of a width and a height. On a small screen it stays readable and is moved sideways in its frame.
pub fn framed(title: String, (width, height): (f64, f64), drawing: impl IntoView) -> impl IntoView {
    let name = title.clone();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=name>
            <svg class="chart" viewBox=format!("0 0 {width} {height}") role="img" aria-label=title>{drawing}</svg>
        </div>
    }
}
