//! Whatever people answered: nothing panics, and a number that cannot be said is missing with its reason, never NaN.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]

use proptest::prelude::*;
use quality::{
    Cell,
    analysis::{Item, Scale, Survey, analyse},
};
use serde_json::{Map, Value};

/// `null` is also what JSON makes of NaN and infinity: each needs a note.
fn unexplained(found: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for (name, scale) in fields(&found["scales"]) {
        let notes = fields(&scale["notes"]);
        let said = |key: &str| notes.keys().any(|note| note == key || note.starts_with(&format!("{key}.")));
        for key in ["alpha", "alpha_interval", "alpha_pairwise", "alpha_fiml", "omega", "mean_interval"] {
            if has_null(&scale[key]) && !said(key) {
                all.push(format!("{name}.{key}"));
            }
        }
        if scale["mean"].is_null() != (scale["rows"] == 0) {
            all.push(format!("{name}.mean"));
        }
        for (item, figures) in fields(&scale["items"]) {
            for key in ["rest_correlation", "alpha_if_dropped"] {
                if figures[key].is_null() && !notes.contains_key("items") && !said(&format!("items.{item}.{key}")) {
                    all.push(format!("{name}.{item}.{key}"));
                }
            }
            if figures["mean"].is_null() != (figures["n"] == 0) || figures["sd"].is_null() != (figures["n"].as_u64() < Some(2)) {
                all.push(format!("{name}.{item}"));
            }
        }
    }
    let notes = fields(&found["notes"]);
    for part in ["factor_model", "drivers", "groups"] {
        let mut part_found = found[part].clone();
        if part_found["df"] == 0 {
            // A model with as many numbers as the answers cannot be tested.
            part_found.as_object_mut().unwrap().remove("p");
        }
        if has_null(&part_found) && !notes.keys().any(|note| note.starts_with(part)) {
            all.push(part.to_owned());
        }
    }
    all
}

fn fields(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.iter().any(has_null),
        Value::Object(fields) => fields.values().any(has_null),
        _ => false,
    }
}

fn survey(columns: &[Vec<Cell>], sizes: &[usize], outcome: Vec<Cell>, groups: Vec<Option<u8>>) -> Survey {
    let mut items = columns.iter().enumerate().map(|(place, answers)| Item { name: format!("I{place}"), answers: answers.clone() });
    let scale = |(place, size): (usize, &usize)| Scale { name: format!("S{place}"), items: items.by_ref().take(*size).collect() };
    Survey {
        scales: sizes.iter().enumerate().map(scale).collect(),
        outcome: Some(outcome),
        groups: Some(groups.into_iter().map(|group| group.map(|group| group.to_string())).collect()),
    }
}

fn analysed(survey: &Survey) -> Value {
    serde_json::to_value(analyse(survey)).unwrap()
}

fn answer() -> impl Strategy<Value = Cell> {
    prop_oneof![2 => Just(None), 7 => (1_u8..=5).prop_map(|answer| Some(f64::from(answer)))]
}

/// Few rows, in which all that is odd is frequent.
fn few_rows() -> impl Strategy<Value = Survey> {
    (0_usize..9).prop_flat_map(|rows| {
        let column = prop_oneof![
            6 => prop::collection::vec(answer(), rows),
            1 => prop::collection::vec((1_u8..=5).prop_map(|answer| Some(f64::from(answer))), rows),
            1 => answer().prop_map(move |answer| vec![answer; rows]),
        ];
        let groups = prop::collection::vec(prop::option::weighted(0.9, 0_u8..3), rows);
        (prop::collection::vec(column.clone(), 7), prop::sample::select(vec![vec![1, 2, 4], vec![3, 3, 1], vec![7]]), column, groups)
            .prop_map(|(columns, sizes, outcome, groups)| survey(&columns, &sizes, outcome, groups))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_not_said_has_a_reason(survey in few_rows()) {
        let found = analysed(&survey);
        prop_assert_eq!(unexplained(&found), Vec::<String>::new(), "{}", found);
    }
}

/// By hand: the variances are .5, 0 and .5, that of the sums is 2: 3/2 (1 - 1/2).
#[test]
fn an_item_that_everyone_answered_alike_leaves_alpha_and_nothing_of_itself() {
    let columns = [[5.0, 4.0], [4.0, 4.0], [3.0, 2.0]].map(|column| column.map(Some).to_vec());
    let found = analysed(&survey(&columns, &[3], vec![Some(1.0), Some(1.0)], vec![Some(1), Some(1)]));
    let scale = &found["scales"]["S0"];
    for key in ["alpha", "alpha_pairwise", "alpha_fiml"] {
        assert!((scale[key].as_f64().unwrap() - 0.75).abs() < 1e-12, "{key}: {scale}");
    }
    assert!(scale["items"]["I1"]["rest_correlation"].is_null());
    assert_eq!(scale["notes"]["items.I1.rest_correlation"], "the answers do not differ");
    assert_eq!(scale["notes"]["omega"], "an item was answered alike by everyone");
    assert_eq!(found["notes"]["groups"], "needs at least two groups with two people each");
    assert!(found["notes"]["drivers"].is_string() && found["notes"]["factor_model"].is_string());
}
