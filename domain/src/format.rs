//! Money, numbers and dates as people write them in each language.

use crate::{Language, Money};
use time::{Date, Month, Weekday};

/// `12,50 €` in Spanish, `€12.50` in English; a currency without a common sign is named by its code.
#[must_use]
pub fn money(amount: Money, language: Language) -> String {
    let decimal = amount.to_decimal();
    let (sign, decimal) = decimal.strip_prefix('-').map_or(("", decimal.as_str()), |rest| ("-", rest));
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let (group, point) = match language {
        Language::Es => ('.', ','),
        Language::En => (',', '.'),
    };
    // Spanish leaves four digits together (1500 €), as the Academy asks.
    let least = if language == Language::Es { 5 } else { 4 };
    let mut number = grouped(whole, group, least);
    if !fraction.is_empty() {
        number.push(point);
        number.push_str(fraction);
    }
    let code = amount.currency.code();
    let symbol = match code {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "JPY" => "¥",
        other => other,
    };
    match language {
        Language::Es => format!("{sign}{number}\u{a0}{symbol}"),
        Language::En if symbol.len() == 3 && symbol == code => format!("{sign}{symbol}\u{a0}{number}"),
        Language::En => format!("{sign}{symbol}{number}"),
    }
}

fn grouped(digits: &str, separator: char, least: usize) -> String {
    if digits.len() < least {
        return digits.to_owned();
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A whole number with its thousands apart: `2.465`, `2,465`.
#[must_use]
pub fn count(number: u64, language: Language) -> String {
    match language {
        Language::Es => grouped(&number.to_string(), '.', 5),
        Language::En => grouped(&number.to_string(), ',', 4),
    }
}

/// `21 %`, `8.88%` from hundredths of a percent.
#[must_use]
pub fn percent(basis_points: u32, language: Language) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    let fraction = if rest == 0 { String::new() } else { format!("{rest:02}").trim_end_matches('0').to_owned() };
    let point = if language == Language::Es { "," } else { "." };
    let number = if fraction.is_empty() { whole.to_string() } else { format!("{whole}{point}{fraction}") };
    if language == Language::Es { format!("{number}\u{a0}%") } else { format!("{number}%") }
}

/// `martes, 1 de diciembre`, `Tuesday 1 December`.
#[must_use]
pub fn day(date: Date, language: Language) -> String {
    let (weekday, month) = (weekday_name(date.weekday(), language), month_name(date.month(), language));
    match language {
        Language::Es => format!("{weekday}, {} de {month}", date.day()),
        Language::En => format!("{weekday} {} {month}", date.day()),
    }
}

/// `mar, 1 dic`, `Tue 1 Dec`: where there is little room.
#[must_use]
pub fn short_day(date: Date, language: Language) -> String {
    let short = |name: &'static str| name.chars().take(3).collect::<String>();
    let (weekday, month) = (short(weekday_name(date.weekday(), language)), short(month_name(date.month(), language)));
    match language {
        Language::Es => format!("{weekday}, {} {month}", date.day()),
        Language::En => format!("{weekday} {} {month}", date.day()),
    }
}

/// `1 de diciembre de 2026`, `1 December 2026`.
#[must_use]
pub fn date(date: Date, language: Language) -> String {
    let month = month_name(date.month(), language);
    match language {
        Language::Es => format!("{} de {month} de {}", date.day(), date.year()),
        Language::En => format!("{} {month} {}", date.day(), date.year()),
    }
}

/// `14:05`
#[must_use]
pub fn clock(time: time::Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn weekday_name(day: Weekday, language: Language) -> &'static str {
    let es = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];
    let en = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let names = if language == Language::Es { es } else { en };
    names[usize::from(day.number_days_from_monday())]
}

fn month_name(month: Month, language: Language) -> &'static str {
    let es = ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"];
    let en = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    let names = if language == Language::Es { es } else { en };
    names[usize::from(u8::from(month)) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;
    use time::{Date, Month};

    #[test]
    fn prices_as_each_language_writes_them() {
        let price = |minor| Money::new(minor, Currency::EUR);
        assert_eq!(money(price(1250), Language::Es), "12,50\u{a0}€");
        assert_eq!(money(price(1250), Language::En), "€12.50");
        assert_eq!(money(price(123_456), Language::Es), "1234,56\u{a0}€");
        assert_eq!(money(price(1_234_567), Language::Es), "12.345,67\u{a0}€");
        assert_eq!(money(price(123_456), Language::En), "€1,234.56");
        assert_eq!(money(price(-50), Language::En), "-€0.50");
        assert_eq!(money(Money::new(1500, Currency::JPY), Language::En), "¥1,500");
        assert_eq!(money(Money::new(1500, "SEK".parse().unwrap()), Language::En), "SEK\u{a0}15.00");
    }

    #[test]
    fn dates_as_each_language_writes_them() {
        let on = |month, day| Date::from_calendar_date(2026, month, day).unwrap();
        let d = on(Month::December, 1);
        assert_eq!(day(d, Language::Es), "martes, 1 de diciembre");
        assert_eq!(day(d, Language::En), "Tuesday 1 December");
        assert_eq!(short_day(on(Month::November, 25), Language::Es), "mié, 25 nov");
        assert_eq!(date(d, Language::Es), "1 de diciembre de 2026");
    }

    #[test]
    fn percentages() {
        assert_eq!(percent(2100, Language::Es), "21\u{a0}%");
        assert_eq!(percent(888, Language::En), "8.88%");
        assert_eq!(percent(850, Language::Es), "8,5\u{a0}%");
    }
}
