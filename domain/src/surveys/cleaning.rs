//! What people write and nobody needs to read: card numbers, mail addresses, telephone numbers. What looks like one is
//! struck out.

/// What stands in the place of what was struck out.
const STRUCK: &str = "•••";

/// Without card numbers, which are not even kept.
#[must_use]
pub fn without_cards(text: &str) -> String {
    strike_numbers(text, Number::holds_card)
}

/// Without card numbers, mail addresses and telephone numbers: fit to be shown.
#[must_use]
pub fn cleaned(text: &str) -> String {
    strike_numbers(&strike_addresses(text), |number| number.holds_card() || number.is_telephone())
}

fn strike_addresses(text: &str) -> String {
    let is_address = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    };
    text.split_inclusive(char::is_whitespace)
        .map(|word| if is_address(word) { format!("{STRUCK}{}", &word[word.trim_end().len()..]) } else { word.to_owned() })
        .collect()
}

/// A row of digits, in groups by what people put between them.
struct Number {
    groups: Vec<Vec<u32>>,
    has_plus: bool,
}

impl Number {
    fn of(run: &str) -> Self {
        let digits = |group: &str| group.chars().filter_map(|c| c.to_digit(10)).collect::<Vec<_>>();
        let groups = run.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).map(digits).collect();
        Self { groups, has_plus: run.starts_with('+') }
    }

    /// Nine to twelve digits, or up to fifteen with a plus before them (E.164): orders and days have fewer, parcels more.
    fn is_telephone(&self) -> bool {
        let most = if self.has_plus { 15 } else { 12 };
        (9..=most).contains(&self.groups.iter().map(Vec::len).sum::<usize>())
    }

    /// Thirteen to nineteen digits in whole groups are a card's number by their check digit (Luhn, ISO/IEC 7812).
    fn holds_card(&self) -> bool {
        let is_card = |groups: &[Vec<u32>]| {
            let number = groups.concat();
            (13..=19).contains(&number.len()) && luhn(&number)
        };
        (1..=self.groups.len().min(MOST_GROUPS)).any(|count| self.groups.windows(count).any(is_card))
    }
}

/// A group a digit at the most.
const MOST_GROUPS: usize = 19;

fn strike_numbers(text: &str, strikes: impl Fn(&Number) -> bool) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(begin) = rest.find(|c: char| c.is_ascii_digit() || c == '+') {
        let (before, from) = rest.split_at(begin);
        out.push_str(before);
        let end = from
            .char_indices()
            .take_while(|(at, c)| c.is_ascii_digit() || (*at == 0 && *c == '+') || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/'))
            .filter(|(_, c)| c.is_ascii_digit() || *c == '+')
            .last()
            .map_or(1, |(at, _)| at + 1);
        let (run, after) = from.split_at(end);
        out.push_str(if strikes(&Number::of(run)) { STRUCK } else { run });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn luhn(number: &[u32]) -> bool {
    let doubled = |(place, digit): (usize, &u32)| if place % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { *digit };
    number.iter().rev().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_struck_out_by_their_check_digit() {
        assert_eq!(without_cards("Card 4242-4242-4242-4242, please"), "Card •••, please");
        assert_eq!(without_cards("4000002760003184"), "•••");
        assert_eq!(without_cards("378282246310005 is mine"), "••• is mine");
        let one_off = "Card 4242 4242 4242 4243";
        assert_eq!(without_cards(one_off), one_off, "no card has this number");
        assert_eq!(without_cards("4242 4242 4242 4242 12/40"), "•••", "with its day of expiry behind it");
    }

    #[test]
    fn who_can_be_written_to_or_called_is_not_shown() {
        assert_eq!(cleaned("Write to ana.gil@example.org, thanks"), "Write to ••• thanks");
        assert_eq!(cleaned("Call +34 600 123 456 or (91) 123-45-67-8."), "Call ••• or (•••.");
        assert_eq!(cleaned("Llámame al 600123456"), "Llámame al •••");
    }

    #[test]
    fn what_belongs_to_the_story_stays() {
        for text in ["Order 10024 of 2026-11-28 came @ noon, 3 days late", "Parcel 1234567890123456 was + 2 days", "a@b", "¡24,90 €!"] {
            assert_eq!(cleaned(text), text);
        }
    }
}
