//! `server quality|customers|baskets analyse`, as a person at a terminal meets them. What the figures are to be is in
//! `quality/tests/data`; `quality/oracle` says who computed them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail loudly too")]

use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../quality/tests/data").join(name)
}

fn expected(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(data(name)).unwrap()).unwrap()
}

/// A file that is gone after the test.
struct Written(PathBuf);

impl Drop for Written {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn written(text: &str) -> Written {
    let file = std::env::temp_dir().join(format!("analyse-{}.csv", uuid::Uuid::new_v4()));
    fs::write(&file, text).unwrap();
    Written(file)
}

fn server(what: &str, file: &Path, options: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command.env_remove("RUST_BACKTRACE").args([what, "analyse"]).arg(file).args(options).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn told(what: &str, file: &Path, options: &[&str]) -> String {
    let output = server(what, file, options);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn json_of(what: &str, file: &Path, options: &[&str]) -> Value {
    serde_json::from_str(&told(what, file, &[options, &["--json"]].concat())).unwrap()
}

/// What is said of a file that is refused; nothing is printed as a result.
fn refusal(what: &str, csv: &str, options: &[&str]) -> String {
    let file = written(csv);
    let output = server(what, &file.0, options);
    assert!(!output.status.success() && output.stdout.is_empty(), "{}", text(&output.stdout));
    text(&output.stderr).replace(file.0.to_str().unwrap(), "a.csv").trim_start_matches("Error: ").trim_end().to_owned()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap_or_else(|| panic!("{value} has no keys")).keys().map(String::as_str).collect()
}

fn has(value: &Value, wanted: &str) {
    let found = keys(value);
    assert!(wanted.split(' ').all(|key| found.contains(key)), "{found:?} is not all of {wanted}");
}

/// Four decimals, wherever the expectation has a number.
fn agrees(expected: &Value, found: &Value, path: &str) {
    match expected {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| agrees(value, &found[key], &format!("{path}.{key}"))),
        Value::Array(values) => values.iter().enumerate().for_each(|(i, value)| agrees(value, &found[i], &format!("{path}.{i}"))),
        Value::Number(number) => {
            let (expected, found) = (number.as_f64().unwrap(), found.as_f64().unwrap_or(f64::NAN));
            assert!((expected - found).abs() <= 5e-5_f64.max(1e-7 * expected.abs()), "{path}: {found} is not {expected}");
        }
        Value::Null => {}
        other => assert_eq!(other, found, "{path}"),
    }
}

/// A survey of the oracle's, asked as its case says.
fn survey(name: &str) -> Value {
    let case = expected(&format!("{name}.json"));
    let scale = |(name, items): (&String, &Value)| {
        let items: Vec<&str> = items.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        format!("{name}={}", items.join(","))
    };
    let scales: Vec<String> = case["scales"].as_object().unwrap().iter().map(scale).collect();
    let range = format!("{}-{}", case["low"], case["high"]);
    let options = ["--range", &range, "--scales", &scales.join(";"), "--outcome", "outcome", "--group", "group"];
    json_of("quality", &data(&format!("{name}.csv")), &options)
}

#[test]
fn a_survey_of_two_groups_is_told_in_full_and_as_r_says() {
    let found = survey("survey-5");
    assert_eq!(keys(&found), BTreeSet::from(["scales", "factor_model", "drivers", "groups", "notes"]));
    for scale in found["scales"].as_object().unwrap().values() {
        has(scale, "n rows alpha alpha_interval alpha_pairwise alpha_fiml omega mean mean_interval items");
        let items = scale["items"].as_object().unwrap();
        items.values().for_each(|item| has(item, "n mean sd rest_correlation alpha_if_dropped"));
    }
    has(&found["factor_model"], "n chi2 df cfi tli rmsea rmsea_interval srmr loadings");
    has(&found["drivers"], "r2 lmg johnson");
    found["groups"].as_object().unwrap().values().for_each(|scale| has(scale, "t df p p_holm"));
    agrees(&expected("survey-5.expected.json"), &found, "");
}

#[test]
fn empty_and_na_are_answers_not_given_and_three_groups_are_compared_in_pairs() {
    let found = survey("survey-51");
    assert!(fs::read_to_string(data("survey-51.csv")).unwrap().contains(",NA,"));
    assert_eq!(found["groups"]["EFF"]["pairs"].as_array().unwrap().len(), 3);
    agrees(&expected("survey-51.expected.json"), &found, "");
}

#[test]
fn a_table_for_people_says_what_it_does_not_say() {
    let file = written("A1,A2,A3,wave\n5,4,5,1\n4,3,4,1\n2,3,3,2\n1,2,1,2\n");
    let told = told("quality", &file.0, &["--scales", "A=A1,A2,A3", "--group", "wave"]);
    for line in ["A: 4 people, 4 of them answered every item", "  mean  3.083", "  A            1 less 2: 2.167; t ", "Holm's "] {
        assert!(told.contains(line), "{line} is missing:\n{told}");
    }
    assert!(!told.contains("NaN"), "{told}");
}

#[test]
fn a_trailing_minus_turns_an_item_round() {
    let turned = written("A1,A2\n5,1\n4,3\n2,4\n1,5\n");
    let straight = written("A1,A2\n5,5\n4,3\n2,2\n1,1\n");
    let one = json_of("quality", &turned.0, &["--range", "1-5", "--scales", "A=A1,A2-"]);
    assert_eq!(one, json_of("quality", &straight.0, &["--range", "1-5", "--scales", "A=A1,A2"]));
    assert_eq!(one["scales"]["A"]["items"]["A2"]["mean"], json!(2.75));
}

#[test]
fn files_of_spreadsheets_are_read() {
    let file = written("\u{feff}\"A1\",\"A2\",\"G, or \"\"group\"\"\"\r\n\"5\",\"4\",\"x, y\"\r\n4,na,\"x, y\"\r\n3,2,b\r\n\"\",1,b\r\n");
    let found = json_of("quality", &file.0, &["--scales", "A=A1,A2", "--group", "G, or \"group\""]);
    assert_eq!((&found["scales"]["A"]["n"], &found["scales"]["A"]["rows"]), (&json!(2), &json!(4)));
    assert_eq!(found["groups"]["A"]["groups"], json!(["b", "x, y"]));
}

#[test]
fn bad_rows_are_named_by_line_and_column() {
    let csv = "A1,A2,O\n5,4,1\n6,x,2\n\n\"2\",\n3,-1,many\n";
    assert_eq!(
        refusal("quality", csv, &["--range", "1-5", "--scales", "A=A1,A2", "--outcome", "O"]).lines().collect::<Vec<_>>(),
        [
            "a.csv was not analysed:",
            "  line 3, column A1: \"6\" is outside of 1 to 5",
            "  line 3, column A2: \"x\" is no number",
            "  line 5: 2 cells, but the header has 3",
            "  line 6, column A2: \"-1\" is outside of 1 to 5",
            "  line 6, column O: \"many\" is no number",
        ]
    );
}

#[test]
fn what_cannot_be_asked_is_refused_in_a_sentence() {
    let csv = "A1,A2,O\n5,4,1\n4,4,2\n";
    let asked = |scales: &str, more: &[&str]| refusal("quality", csv, &[["--scales", scales].as_slice(), more].concat());
    for (said, sentence) in [
        (asked("A=A1,A9", &[]), "there is no column \"A9\"; the file has A1, A2, O"),
        (asked("A=A1,A1", &[]), "the item A1 is there twice"),
        (asked("A", &[]), "\"A\" is no scale: 'NAME=ITEM,ITEM'"),
        (asked("A=A1,A2", &["--range", "5-1"]), "a range looks like 1-5"),
        (asked("A=A1,A2", &["--outcome", "A1"]), "A1 is an item"),
        (refusal("quality", "", &["--scales", "A=A1"]), "a.csv is empty"),
        (refusal("quality", "A1,A2\n", &["--scales", "A=A1"]), "a.csv has a header and nothing below it"),
        (refusal("customers", "customer,date,amount\nada,31-03-2026,4\n", &["--until", "2026-03-31"]), "line 2, column date: "),
        (refusal("customers", "customer,date,amount\nada,2026-04-01,4\n", &["--until", "2026-03-31"]), "no orders until 2026-03-31"),
        (refusal("customers", "who,date\nada,2026-04-01\n", &["--until", "2026-03-31"]), "no column \"customer\""),
        (refusal("baskets", "basket,item\n1,cup\n", &["--support", "0", "--confidence", "0.5"]), "--support must be more than 0"),
    ] {
        assert!(said.contains(sentence), "{sentence} is not in: {said}");
    }
}

/// Each case: scales, answers, what is not said and why.
#[test]
fn odd_files_are_answered_without_a_number_that_is_none() {
    let cases = [
        ("A=A1,A2", "A1,A2,O,G\n5,4,1,x\n", "two rows at least", "scales.A.notes.alpha", "too few complete answers"),
        (
            "A=A1,A2,A3",
            "A1,A2,A3,O,G\n5,4,,1,x\n4,4,,2,y\n3,1,NA,3,x\n2,3,,4,y\n",
            "an item nobody answered",
            "scales.A.notes.alpha",
            "too few",
        ),
        (
            "A=A1,A2,A3",
            "A1,A2,A3,O,G\n5,3,4,1,x\n4,3,4,2,y\n3,3,1,3,x\n2,3,3,4,y\n5,3,5,4,y\n",
            "a constant item",
            "scales.A.notes.omega",
            "alike by everyone",
        ),
        (
            "A=A1,A2,A3",
            "A1,A2,A3,O,G\n5,5,4,1,x\n4,4,4,2,y\n3,3,1,3,x\n2,2,3,4,y\n5,5,5,4,y\n",
            "an item twice",
            "notes.factor_model",
            "singular",
        ),
        ("A=A1,A2", "A1,A2,O,G\n5,4,1,x\n4,2,2,y\n3,1,3,x\n2,3,4,y\n", "two items", "scales.A.notes.omega", "not identified"),
        ("A=A1,A2", "A1,A2,O,G\n5,4,7,x\n4,2,7,y\n3,1,7,x\n2,3,7,y\n", "a constant outcome", "notes.drivers", "do not differ"),
        ("A=A1,A2", "A1,A2,O,G\n5,4,1,x\n4,2,2,x\n3,1,3,x\n2,3,4,x\n", "one group", "notes.groups", "two groups"),
        ("A=A1,A2", "A1,A2,O,G\n5,4,1,x\n4,2,2,y\n3,1,3,y\n2,3,4,y\n", "one person in a group", "notes.groups\0A", "two people"),
        ("A=A1;B=A2", "A1,A2,O,G\n5,4,1,x\n4,2,2,y\n3,1,3,y\n2,3,4,y\n", "scales of one item", "scales.A.notes.alpha", "one item"),
        ("A=A1,A2", "A1,A2,O,G\n,,,\nNA,na,,\n", "nothing at all", "scales.A.notes.alpha", "too few"),
    ];
    for (scales, csv, case, at, why) in cases {
        let file = written(csv);
        let found = json_of("quality", &file.0, &["--scales", scales, "--outcome", "O", "--group", "G"]);
        let note = at.split('.').fold(&found, |value, key| &value[key.replace('\0', ".")]);
        assert!(note.as_str().is_some_and(|note| note.contains(why)), "{case}: {note} in {found:#}");
        let table = told("quality", &file.0, &["--scales", scales, "--outcome", "O", "--group", "G"]);
        let is_no_number = |word: &str| ["NaN", "inf", "-inf"].contains(&word.trim_matches(['(', ')', ',', ';']));
        assert!(!table.split_whitespace().any(is_no_number) && table.contains(note.as_str().unwrap()), "{case}:\n{table}");
    }
}

#[test]
fn customers_are_told_as_lifetimes_says() {
    let options = ["--until", "2026-09-27", "--unit", "week", "--ahead", "12"];
    let found = json_of("customers", &data("orders.csv"), &options);
    let theirs = expected("orders.expected.json");
    assert_eq!(keys(&found["customers"]), keys(&theirs["customers"]));
    let orders = fs::read_to_string(data("orders.csv")).unwrap();
    let later =
        orders.lines().filter(|line| line.split(',').nth(1).is_some_and(|date| date.starts_with('2') && date > "2026-09-27")).count();
    assert!(later > 0 && found["later_orders"] == later, "{later}");
    let close = |found: &Value, expected: &Value, within: f64| {
        let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
        assert!((found - expected).abs() <= within * expected.abs().max(1.0), "{found} is not {expected}");
    };
    ["r", "alpha", "a", "b"].iter().for_each(|name| close(&found["bg_nbd"][name], &theirs["bg_nbd"][name], 5e-5));
    close(&found["bg_nbd"]["log_likelihood"], &theirs["bg_nbd"]["log_likelihood"], 1e-7);
    for (name, person) in theirs["customers"].as_object().unwrap() {
        let ours = &found["customers"][name];
        ["frequency", "recency", "age"].iter().for_each(|key| close(&ours[key], &person[key], 1e-9));
        ["p_alive", "expected_orders"].iter().for_each(|key| close(&ours[key], &person[key], 5e-5));
        has(&ours["rfm"], "recency frequency money");
    }
    let table = told("customers", &data("orders.csv"), &options);
    assert!(table.contains("BG/NBD: r ") && table.contains("P(alive)") && table.contains("active: bought "), "{table}");
}

#[test]
fn customers_of_whom_nobody_came_back_have_no_model_and_all_else() {
    let file = written("customer,date,amount\nada,2026-03-01,20\nbob,2026-01-01,10.5\nada,2026-03-01,5\n");
    let found = json_of("customers", &file.0, &["--until", "2026-03-31", "--unit", "day"]);
    assert_eq!((&found["bg_nbd"], &found["notes"]["bg_nbd"]), (&Value::Null, &json!("nobody bought twice")));
    let ada = &found["customers"]["ada"];
    assert_eq!((&ada["orders"], &ada["amount"], &ada["days_ago"], &ada["frequency"]), (&json!(2), &json!(25.0), &json!(30), &json!(0)));
    assert_eq!(ada["rfm"], json!({ "recency": 3, "frequency": 3, "money": 3 }));
}

#[test]
fn baskets_are_told_as_mlxtend_says() {
    let found = json_of("baskets", &data("baskets.csv"), &["--support", "0.05", "--confidence", "0.4"]);
    let theirs = expected("baskets.expected.json");
    let names = |items: &Value| items.as_array().unwrap().iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
    let sets = found["itemsets"].as_array().unwrap();
    assert_eq!(sets.len(), theirs["itemsets"].as_object().unwrap().len());
    sets.iter().for_each(|set| agrees(&theirs["itemsets"][names(&set["items"])], &set["support"], "support"));
    let rules = found["rules"].as_array().unwrap();
    assert_eq!(rules.len(), theirs["rules"].as_object().unwrap().len());
    for rule in rules {
        let name = format!("{} -> {}", names(&rule["antecedents"]), names(&rule["consequents"]));
        assert!(theirs["rules"][&name].is_array(), "{name}");
        agrees(&theirs["rules"][&name], &json!([rule["support"], rule["confidence"], rule["lift"]]), &name);
    }
}

#[test]
fn a_basket_a_line_and_a_column_an_item_are_the_same_baskets() {
    let lines = written("tea,cup\ntea,cup,pot\ntea\ncup\npot\n");
    let wide = written("tea,cup,pot\n1,1,0\n1,1,1\n1,0,0\n0,1,0\n0,0,1\n");
    let pairs = written("basket;item\r\n1;tea\r\n1;cup\r\n2;tea\r\n2;cup\r\n2;pot\r\n3;tea\r\n4;cup\r\n5;pot\r\n");
    let options = ["--support", "0.4", "--confidence", "0.6"];
    let found = json_of("baskets", &pairs.0, &options);
    assert_eq!((found["baskets"].as_u64(), found["rules"].as_array().map(Vec::len)), (Some(5), Some(2)));
    assert_eq!((&json_of("baskets", &lines.0, &options), &json_of("baskets", &wide.0, &options)), (&found, &found));
}
