//! Answers by mail: what somebody wrote, without the letter that they answer. Mail programs quote as they like, so our
//! letters begin with a line to write above; where it is lost, the usual signs of a quotation end what is new.

use crate::Language;

const SPANISH: &str = "Contesta por encima de esta línea";
const ENGLISH: &str = "Reply above this line";

/// How a quotation is introduced: first words and last ones, maybe over some lines.
const INTRODUCTIONS: [(&str, &[&str]); 4] = [
    ("On ", &["wrote:", "writes:"]),
    ("El ", &["escribió:", "ha escrito:", "escribio:"]),
    ("En ", &["escribió:", "escribio:"]),
    ("Le ", &["a écrit :", "a écrit:"]),
];
/// The most lines of such an introduction.
const LONGEST_INTRODUCTION: usize = 4;
/// Headers that a program copies above what it quotes: the first, and one that follows it soon.
const SENDER: [&str; 2] = ["from:", "de:"];
const SENT: [&str; 6] = ["sent:", "date:", "enviado:", "enviado el:", "fecha:", "to:"];
/// What telephones put under everything.
const DEVICES: [&str; 4] = ["enviado desde mi", "sent from my", "obtener outlook para", "get outlook for"];

/// The line that a letter begins with which may be answered.
#[must_use]
pub fn above_line(language: Language) -> String {
    format!("▲ {} ▲", if language == Language::Es { SPANISH } else { ENGLISH })
}

/// What is new in an answer. Under a quotation is looked only when there is nothing above it; answers between quoted
/// lines keep them.
#[must_use]
pub fn new_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\u{a0}', " ");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let quotation = (0..lines.len()).find_map(|at| begins_quotation(&lines[at..]).map(|length| (at, length)));
    let above = without_ending(&lines[..quotation.map_or(lines.len(), |(at, _)| at)]);
    match quotation {
        // Where nothing marks what is quoted, all of it is.
        Some((at, length)) if above.is_empty() && lines[at..].iter().any(|line| is_quoted(line)) => {
            let below = lines[at + length..].iter().copied().filter(|line| !is_quoted(line) && !is_line_to_write_above(line));
            without_ending(&below.collect::<Vec<_>>())
        }
        _ => above,
    }
}

/// How many lines introduce the quotation that begins here.
fn begins_quotation(lines: &[&str]) -> Option<usize> {
    let first = bare(lines.first()?);
    let lower = first.to_lowercase();
    if is_line_to_write_above(first)
        || lower.starts_with("-----") && (lower.contains("original message") || lower.contains("mensaje original"))
    {
        return Some(1);
    }
    if SENDER.iter().any(|name| lower.starts_with(name)) {
        let sent = lines.iter().skip(1).take(3).position(|line| {
            let line = bare(line).to_lowercase();
            SENT.iter().any(|name| line.starts_with(name))
        });
        return sent.map(|at| at + 2);
    }
    introduction(lines)
}

fn introduction(lines: &[&str]) -> Option<usize> {
    let first = bare(lines.first()?);
    let (_, ends) = INTRODUCTIONS.iter().find(|(begin, _)| first.starts_with(begin))?;
    let mut all = String::new();
    for (count, line) in (1..).zip(lines.iter().take(LONGEST_INTRODUCTION)) {
        all.push_str(bare(line));
        if ends.iter().any(|end| all.ends_with(end)) {
            // Somebody's own sentence may begin and end like this, but it names no day.
            return all.chars().any(|c| c.is_ascii_digit()).then_some(count);
        }
        all.push(' ');
    }
    None
}

/// Without what marks it as quoted, or as bold.
fn bare(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '*']).trim_end_matches(['*', ' '])
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

fn is_line_to_write_above(line: &str) -> bool {
    line.contains(SPANISH) || line.contains(ENGLISH)
}

/// Without signature, quoted lines and rulers at the end.
fn without_ending(lines: &[&str]) -> String {
    let signature = lines.iter().position(|line| matches!(*line, "--" | "-- "));
    let mut lines = &lines[..signature.unwrap_or(lines.len())];
    while let Some((last, before)) = lines.split_last() {
        let lower = last.trim().to_lowercase();
        let is_ruler = lower.chars().all(|c| matches!(c, '_' | '-' | '*'));
        if !is_ruler && !is_quoted(last) && !DEVICES.iter().any(|device| lower.starts_with(device)) {
            break;
        }
        lines = before;
    }
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTED: &str = "\n\n> Hola, Ana:\n>\n> Te hemos contestado:\n";

    #[test]
    fn what_stands_above_the_line_is_new_however_it_is_quoted() {
        for language in Language::ALL {
            let line = above_line(language);
            assert_eq!(new_text(&format!("Sí, gracias.\r\n\r\n{line}\r\nHola, Ana:")), "Sí, gracias.");
            assert_eq!(new_text(&format!("Sí.\n> {line}\n> Hola")), "Sí.");
            assert_eq!(new_text(&format!("> {line}\n> Hola, Ana:\n\nDebajo contesto yo.")), "Debajo contesto yo.");
        }
    }

    #[test]
    fn introductions_in_both_languages_end_what_is_new() {
        for introduction in [
            "El lun, 30 nov 2026 a las 10:00, Barro y Sal (<hola@shop.test>) escribió:",
            "El lun, 30 de noviembre de 2026 a las 10:00, Barro y Sal\n<reply+1-abc@shop.test> escribió:",
            "El 30/11/26 a las 10:00, Barro y Sal ha escrito:",
            "En lunes, 30 de noviembre de 2026, 10:00:00 CET, Barro y Sal <hola@shop.test> escribió:",
            "On Mon, 30 Nov 2026 at 10:00, Barro y Sal <hola@shop.test> wrote:",
            "On Nov 30, 2026, at 10:00 AM, Barro y Sal\n<hola@shop.test>\nwrote:",
            "-----Original Message-----",
            "-----Mensaje original-----",
            "________________________________\nDe: Barro y Sal <hola@shop.test>\nEnviado: lunes, 30 de noviembre de 2026 10:00",
            "*From:* Barro y Sal <hola@shop.test>\n*Sent:* Monday, 30 November 2026",
        ] {
            assert_eq!(
                new_text(&format!("Perfecto.\n¿Cuándo llega?\n\n{introduction}{QUOTED}")),
                "Perfecto.\n¿Cuándo llega?",
                "{introduction}"
            );
            assert_eq!(new_text(&format!("{introduction}{QUOTED}\nAbajo.")), "Abajo.", "{introduction}");
        }
    }

    #[test]
    fn what_somebody_wrote_stays_whole() {
        assert_eq!(new_text("El martes me escribió:\nnada más"), "El martes me escribió:\nnada más", "no day: not an introduction");
        assert_eq!(new_text("De: nada"), "De: nada");
        assert_eq!(new_text("> ¿apto para horno?\nSí\n> ¿y microondas?\nNo\n"), "> ¿apto para horno?\nSí\n> ¿y microondas?\nNo");
        assert_eq!(new_text("Gracias\n\n-- \nAna Gil\nMadrid"), "Gracias");
        assert_eq!(new_text("Gracias\n\nEnviado desde mi iPhone"), "Gracias");
        assert_eq!(new_text("\n \n"), "");
        assert_eq!(new_text("De: Barro\nEnviado: hoy\n\nHola, Ana:"), "", "our own letter is nothing new");
    }
}
