//! From Markdown to what a page shows, and to the plain words that a list shows of it.

use pulldown_cmark::{Event, Options, Parser, TagEnd, html::push_html};

/// Characters of a summary.
const SUMMARY: usize = 180;

/// HTML in which nothing runs, whoever wrote it.
pub(super) fn html(markdown: &str) -> String {
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    push_html(&mut html, Parser::new_ext(markdown, options()));
    ammonia::clean(&html)
}

/// The text's beginning as plain words, cut between two of them.
pub(super) fn summary(markdown: &str) -> String {
    let mut words = String::new();
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => words.push(' '),
            _ => {}
        }
        if words.chars().count() > SUMMARY {
            break;
        }
    }
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= SUMMARY {
        return words;
    }
    let cut: String = words.chars().take(SUMMARY).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches(['.', ',', ';', ':']))
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_runs_gets_through() {
        let html = html("## Care\n\n**Wash** by hand. <script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>");
        assert!(html.contains("<h2>Care</h2>") && html.contains("<strong>Wash</strong>"), "{html}");
        assert!(!html.contains("script") && !html.contains("onerror"), "{html}");
    }

    #[test]
    fn a_summary_ends_between_words() {
        assert_eq!(summary("# Care\n\nBy *hand*.\nDry it."), "Care By hand. Dry it.");
        let long = summary(&"palabra ".repeat(100));
        assert!(long.ends_with("palabra…") && long.chars().count() <= SUMMARY + 1, "{long}");
    }
}
