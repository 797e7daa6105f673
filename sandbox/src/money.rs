//! Amounts in Stripe's smallest units, and how people read them in Spanish and English.

use crate::pages::Language;

const WITHOUT_DECIMALS: [&str; 15] =
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"];
const THREE_DECIMALS: [&str; 7] = ["bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd"];

/// The least a session may charge, for the currencies where Stripe names one.
pub(crate) fn smallest_charge(currency: &str) -> i64 {
    match currency {
        "eur" | "usd" | "aud" | "brl" | "cad" | "chf" | "jpy" | "nzd" | "sgd" => 50,
        "gbp" => 30,
        "mxn" => 1000,
        "dkk" => 250,
        "nok" | "sek" => 300,
        "pln" => 200,
        _ => 1,
    }
}

fn decimals(currency: &str) -> usize {
    if WITHOUT_DECIMALS.contains(&currency) {
        0
    } else if THREE_DECIMALS.contains(&currency) {
        3
    } else {
        2
    }
}

/// `1234,56 €` in Spanish, `€1,234.56` in English; other currencies by their code.
pub(crate) fn format(amount: i64, currency: &str, language: Language) -> String {
    let number = number(amount, decimals(currency), language);
    let symbol = match currency {
        "eur" => "€",
        "usd" => "$",
        "gbp" => "£",
        "jpy" => "¥",
        other => {
            let code = other.to_ascii_uppercase();
            return match language {
                Language::Spanish => format!("{number}\u{a0}{code}"),
                Language::English => format!("{code}\u{a0}{number}"),
            };
        }
    };
    match language {
        Language::Spanish => format!("{number}\u{a0}{symbol}"),
        Language::English => format!("{symbol}{number}"),
    }
}

fn number(amount: i64, decimals: usize, language: Language) -> String {
    let (group, point) = match language {
        Language::Spanish => ('.', ','),
        Language::English => (',', '.'),
    };
    let digits = format!("{:0>width$}", amount.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    // Spanish does not group numbers of four digits.
    let grouped = language == Language::English || whole.len() > 4;
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if grouped && index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(group);
        }
        text.push(digit);
    }
    if decimals > 0 {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_each_language_writes_it() {
        assert_eq!(format(123_456, "eur", Language::Spanish), "1234,56\u{a0}€");
        assert_eq!(format(1_234_567, "eur", Language::Spanish), "12.345,67\u{a0}€");
        assert_eq!(format(123_456, "eur", Language::English), "€1,234.56");
        assert_eq!(format(5, "usd", Language::English), "$0.05");
        assert_eq!(format(1_234, "jpy", Language::English), "¥1,234");
        assert_eq!(format(1_500, "clp", Language::Spanish), "1500\u{a0}CLP");
        assert_eq!(format(1_500, "kwd", Language::English), "KWD\u{a0}1.500");
    }
}
