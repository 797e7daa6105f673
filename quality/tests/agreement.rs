//! The analysis of whole files against R (psych, lavaan) and Python (pingouin, semopy, lifetimes, mlxtend), to four decimals.
//! `oracle/README.md` says how the expected numbers were made.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]

use nalgebra::DMatrix;
use quality::{
    Cell,
    analysis::{Item, Scale, Survey, analyse},
    baskets,
    customers::lifetime::{self, History},
    factor::{self, Model},
};
use serde_json::Value;
use std::{collections::BTreeMap, collections::BTreeSet, fs, path::PathBuf};

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn json(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(data(name)).unwrap()).unwrap()
}

fn table(name: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(data(name)).unwrap().deserialize().map(Result::unwrap).collect()
}

/// Whatever R said must be there: four decimals; of large figures, seven digits.
fn compare(expected: &Value, found: &Value, path: &str, unlike: &mut Vec<String>) {
    match expected {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| compare(value, &found[key], &format!("{path}.{key}"), unlike)),
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(place, value)| compare(value, &found[place], &format!("{path}[{place}]"), unlike));
        }
        Value::Number(number) => {
            let expected = number.as_f64().unwrap();
            let close = found.as_f64().is_some_and(|found| (found - expected).abs() <= 5e-5_f64.max(1e-7 * expected.abs()));
            if !close {
                unlike.push(format!("{path}: expected {expected}, found {found}"));
            }
        }
        Value::Null => {}
        other => {
            if other != found {
                unlike.push(format!("{path}: expected {other}, found {found}"));
            }
        }
    }
}

fn survey(name: &str) -> Survey {
    let (case, rows) = (json(&format!("{name}.json")), table(&format!("{name}.csv")));
    let cell = |row: &BTreeMap<String, String>, column: &str| Some(row[column].clone()).filter(|cell| !cell.is_empty() && cell != "NA");
    let numbers = |column: &str| -> Vec<Cell> { rows.iter().map(|row| cell(row, column).map(|cell| cell.parse().unwrap())).collect() };
    let both = case["low"].as_f64().unwrap() + case["high"].as_f64().unwrap();
    let item = |name: &Value| {
        let name = name.as_str().unwrap();
        match name.strip_suffix('-') {
            Some(name) => {
                Item { name: name.to_owned(), answers: numbers(name).into_iter().map(|cell| cell.map(|answer| both - answer)).collect() }
            }
            None => Item { name: name.to_owned(), answers: numbers(name) },
        }
    };
    // The order of scales, which JSON objects do not keep here, matters to nothing.
    let scales = case["scales"].as_object().unwrap().iter();
    Survey {
        scales: scales
            .map(|(name, items)| Scale { name: name.clone(), items: items.as_array().unwrap().iter().map(item).collect() })
            .collect(),
        outcome: case["outcome"].as_str().map(numbers),
        groups: case["group"].as_str().map(|column| rows.iter().map(|row| cell(row, column)).collect()),
    }
}

/// R's psych and lavaan, and R itself.
fn agrees(name: &str) {
    agrees_with(name, &json(&format!("{name}.expected.json")));
}

fn agrees_with(name: &str, expected: &Value) {
    let found = serde_json::to_value(analyse(&survey(name))).unwrap();
    let mut unlike = Vec::new();
    compare(expected, &found, name, &mut unlike);
    assert!(unlike.is_empty(), "{}", unlike.join("\n"));
}

/// An expectation that is silently absent would agree with anything.
#[test]
fn r_was_asked_for_everything() {
    let wanted = [
        ("survey-5", "factor_model chi2 df cfi tli rmsea rmsea_interval srmr loadings correlations"),
        ("survey-24", "factor_model chi2 df cfi tli rmsea rmsea_interval srmr loadings correlations"),
        ("survey-51", "factor_model chi2 df cfi tli rmsea rmsea_interval srmr loadings correlations"),
        ("survey-5", "drivers r2 lmg johnson"),
        ("survey-51", "drivers r2 lmg johnson"),
    ];
    for (name, keys) in wanted {
        let (part, keys) = keys.split_once(' ').unwrap();
        let expected = &json(&format!("{name}.expected.json"))[part];
        assert!(keys.split(' ').all(|key| !expected[key].is_null()), "{name} {part}: {expected}");
    }
    for (name, keys) in [("survey-5", "alpha alpha_interval omega"), ("survey-60", "alpha omega")] {
        for scale in json(&format!("{name}.expected.json"))["scales"].as_object().unwrap().values() {
            let keys = keys.split(' ').chain(["n", "rows", "alpha_pairwise", "alpha_fiml", "mean", "mean_interval"]);
            assert!(keys.into_iter().all(|key| !scale[key].is_null()), "{name}: {scale}");
            let items = scale["items"].as_object().unwrap().values();
            let of_items = ["n", "mean", "sd", "rest_correlation", "alpha_if_dropped"];
            assert!(items.into_iter().all(|item| of_items.iter().all(|key| !item[key].is_null())), "{name}: {scale}");
        }
    }
    assert!(json("survey-5.expected.json")["groups"]["EFF"]["p_holm"].is_number());
    assert!(json("survey-51.expected.json")["groups"]["EFF"]["pairs"][2]["p"].is_number());
}

#[test]
fn pingouin_and_semopy_say_the_same() {
    for name in ["survey-5", "survey-24", "survey-51", "survey-60"] {
        agrees_with(name, &json(&format!("{name}.second.json")));
    }
}

#[test]
fn three_complete_scales_with_items_turned_and_two_groups() {
    agrees("survey-5");
}

#[test]
fn four_complete_scales() {
    agrees("survey-24");
}

#[test]
fn two_scales_with_gaps_and_three_groups() {
    agrees("survey-51");
}

#[test]
fn three_scales_with_many_gaps_and_two_groups() {
    agrees("survey-60");
}

#[test]
fn a_short_form_in_which_nobody_answered_more_than_two_items() {
    agrees("survey-49");
    let found = analyse(&survey("survey-49"));
    let scale = &found.scales.0[0].1;
    assert!(scale.n == 0 && scale.rows == 840 && scale.alpha.is_none(), "there are no complete rows");
    let (low, high) = scale.alpha_interval.unwrap();
    let alpha = scale.alpha_pairwise.unwrap();
    assert!(low < alpha && alpha < high && scale.omega.is_some() && scale.items.0[0].1.rest_correlation.is_some());
}

#[test]
fn a_heywood_case_is_said_in_words() {
    agrees("survey-2");
    let found = analyse(&survey("survey-2"));
    let scale = &found.scales.0[0].1;
    assert!(scale.omega.is_none());
    assert!(scale.notes.0.iter().any(|(key, why)| key == "omega" && why.contains("Heywood")), "{:?}", scale.notes);
    let model = found.factor_model.unwrap();
    assert!(model.loadings.0.iter().any(|(_, loading)| loading.is_none()));
}

/// The best known example of lavaan (its tutorial; data of Holzinger & Swineford 1939, as covariances with divisor N):
/// chi2 85.306, df 24, CFI .931, TLI .896, RMSEA .092 (.071 to .114), SRMR .065.
#[test]
fn three_abilities_of_1939() {
    const LOWER: [f64; 45] = [
        1.358_369_845_5,
        0.407_371_330_2,
        0.579_899_322_3,
        0.504_834_996_2,
        0.440_615_537_4,
        0.454_808_130_6,
        0.084_765_434_5,
        0.263_837_684_4,
        0.458_338_547_1,
        1.381_783_865_5,
        0.451_063_936_9,
        0.208_923_370_3,
        0.211_091_075_2,
        0.247_544_571_3,
        -0.096_751_017_6,
        0.109_659_385_7,
        0.244_009_450_9,
        1.274_864_860_8,
        0.208_169_612_9,
        0.112_296_290_9,
        0.244_108_981_5,
        0.088_341_838_0,
        0.212_322_642_7,
        0.373_852_570_9,
        1.350_664_507_9,
        1.097_752_781_6,
        0.895_515_709_4,
        0.219_742_589_8,
        0.125_593_350_0,
        0.243_362_737_2,
        1.659_785_764_0,
        1.014_524_042_1,
        0.142_999_548_1,
        0.180_605_208_6,
        0.295_241_329_7,
        1.196_358_378_0,
        0.144_078_389_2,
        0.165_431_004_9,
        0.235_996_949_4,
        1.183_139_464_3,
        0.535_245_221_2,
        0.373_297_219_2,
        1.021_982_814_8,
        0.457_316_559_8,
        1.015_003_870_0,
    ];
    let mut covariances = DMatrix::zeros(9, 9);
    let places = (0..9).flat_map(|column| (column..9).map(move |row| (row, column)));
    for ((row, column), value) in places.zip(LOWER) {
        covariances[(row, column)] = value;
        covariances[(column, row)] = value;
    }
    let found = factor::fit_covariances(&covariances, 301, &Model::of_sizes(&[3, 3, 3])).unwrap();
    let fit = found.fit;
    // fitMeasures() of lavaan 0.6-14 over the same data.
    let published = [85.305_521_77, 0.930_559_65, 0.895_839_48, 0.092_121_49, 0.071_418_49, 0.113_678_02, 0.065_205_06];
    let ours = [fit.chi2, fit.cfi, fit.tli, fit.rmsea, fit.rmsea_interval.0, fit.rmsea_interval.1, fit.srmr];
    assert!(fit.df == 24 && published.iter().zip(ours).all(|(published, ours)| (published - ours).abs() < 5e-5), "{ours:?}");
    let loadings = [0.771_880_4, 0.423_601_0, 0.581_132_3, 0.851_582_2, 0.855_065_4, 0.838_010_1, 0.569_514_7, 0.723_044_4, 0.665_009_2];
    assert!(found.standardized.iter().zip(loadings).all(|(found, expected)| (found.unwrap() - expected).abs() < 5e-5));
    assert!((found.correlations[1][0].unwrap() - 0.459).abs() < 5e-4);
}

/// Fader, Hardie & Lee (2005), table 2: the model of CDNOW's customers, in weeks.
#[test]
fn the_customers_of_cdnow() {
    let number = |cell: &str| -> u32 { cell.parse().unwrap() };
    let alike = |row: &BTreeMap<String, String>| {
        let weeks = |column: &str| f64::from(number(&row[column])) / 7.0;
        let history = History { repeats: number(&row["repeats"]), recency: weeks("recency_days"), age: weeks("age_days") };
        std::iter::repeat_n(history, number(&row["customers"]) as usize)
    };
    let customers: Vec<History> = table("cdnow.csv").iter().flat_map(alike).collect();
    assert_eq!(customers.len(), 2357);
    let found = lifetime::fit(&customers).unwrap();
    for (found, published) in [(found.r, 0.243), (found.alpha, 4.414), (found.a, 0.793), (found.b, 2.426)] {
        assert!((found - published).abs() < 5.1e-4, "{found} is not {published}");
    }
    assert!((found.log_likelihood - -9582.4).abs() < 0.05, "{}", found.log_likelihood);
}

/// `lifetimes`: the model of simulated orders, and of each customer whether they are still one and what they will buy.
#[test]
fn customers_come_back_as_lifetimes_says() {
    let expected = json("orders.expected.json");
    let people = expected["customers"].as_object().unwrap();
    let number = |value: &Value| value.as_f64().unwrap();
    let history = |person: &Value| History {
        repeats: u32::try_from(person["frequency"].as_u64().unwrap()).unwrap(),
        recency: number(&person["recency"]),
        age: number(&person["age"]),
    };
    let histories: Vec<History> = people.values().map(history).collect();
    let found = lifetime::fit(&histories).unwrap();
    let of = |name: &str| number(&expected["bg_nbd"][name]);
    assert!((found.log_likelihood - of("log_likelihood")).abs() < 5e-5, "{found:?}");
    for (ours, name) in [(found.r, "r"), (found.alpha, "alpha"), (found.a, "a"), (found.b, "b")] {
        assert!((ours / of(name) - 1.0).abs() < 5e-5, "{name}: {ours} is not {}", of(name));
    }
    for (person, history) in people.values().zip(&histories) {
        assert!((found.alive(history) - number(&person["p_alive"])).abs() < 5e-5);
        assert!((found.expected(history, 12.0) - number(&person["expected_orders"])).abs() < 5e-5);
    }
}

#[test]
fn baskets_as_mlxtend_says() {
    let mut baskets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in table("baskets.csv") {
        baskets.entry(row["basket"].clone()).or_default().insert(row["item"].clone());
    }
    let found = baskets::analyse(&baskets.into_values().collect::<Vec<_>>(), 0.05, 0.4).unwrap();
    let expected = json("baskets.expected.json");
    let sets: BTreeMap<String, f64> = found.sets.iter().map(|set| (set.items.join(" "), set.count as f64 / found.baskets as f64)).collect();
    let rules: BTreeMap<String, [f64; 3]> = found
        .rules
        .iter()
        .map(|rule| (format!("{} -> {}", rule.given.join(" "), rule.then.join(" ")), [rule.support, rule.confidence, rule.lift]))
        .collect();
    assert_eq!((sets.len(), rules.len()), (expected["itemsets"].as_object().unwrap().len(), expected["rules"].as_object().unwrap().len()));
    let mut unlike = Vec::new();
    compare(&expected["itemsets"], &serde_json::to_value(sets).unwrap(), "itemsets", &mut unlike);
    compare(&expected["rules"], &serde_json::to_value(rules).unwrap(), "rules", &mut unlike);
    assert!(unlike.is_empty(), "{}", unlike.join("\n"));
}
