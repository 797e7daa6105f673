//! Mistyped words, replaced by the nearest words of titles and labels that still find something.

use crate::{Fault, Shop};
use domain::Language;
use std::collections::BTreeMap;

/// Words looked at: more are not typed by people.
const WORDS: i32 = 8;

struct Candidate {
    n: i64,
    typed: String,
    known: bool,
    word: Option<String>,
}

/// `typed` with its unknown words replaced. Nothing when all words are known or one is like no word of ours.
pub(super) async fn correct(shop: &Shop, language: Language, typed: &str) -> Result<Option<String>, Fault> {
    let candidates = candidates(shop, language, typed).await?;
    let mut words: BTreeMap<i64, Vec<Candidate>> = BTreeMap::new();
    for candidate in candidates {
        words.entry(candidate.n).or_default().push(candidate);
    }
    let mut corrected = Vec::with_capacity(words.len());
    let mut changed = false;
    for options in words.into_values() {
        let Some(first) = options.first() else { continue };
        if first.known {
            corrected.push(first.typed.clone());
            continue;
        }
        let Some(nearest) = nearest(&options) else { return Ok(None) };
        corrected.push(nearest);
        changed = true;
    }
    Ok(changed.then(|| corrected.join(" ")))
}

/// The fewest slips away, the most alike among those; nothing beyond a slip in four letters.
fn nearest(options: &[Candidate]) -> Option<String> {
    options
        .iter()
        .filter_map(|option| option.word.as_ref().map(|word| (slips(&option.typed, word), word, &option.typed)))
        .filter(|(slips, _, typed)| *slips <= 1 + typed.chars().count() / 5)
        // Of equals the first is kept, and they come most alike first.
        .min_by_key(|(slips, _, _)| *slips)
        .map(|(_, word, _)| word.clone())
}

/// The twenty words most alike to each typed word, by trigrams, that some product still has.
async fn candidates(shop: &Shop, language: Language, typed: &str) -> Result<Vec<Candidate>, Fault> {
    // A space after a word says that it is complete: only the last one may be a beginning.
    Ok(sqlx::query_as!(
        Candidate,
        r#"
        with typed as (
            select w.n, w.word, w.n = max(w.n) over () as last
            from unnest(string_to_array(trim(search_text($2)), ' ')) with ordinality w (word, n)
            where w.n <= $3
        )
        select t.n as "n!", t.word as "typed!", k.known as "known!", c.word as "word?"
        from typed t
        cross join lateral (
            select q.query is null or exists (select from search_document d where d.language = $1 and d.everything @@ q.query) as known
            from (select search_query($1, t.word || case when t.last then '' else ' ' end, '')) q (query)
        ) k
        left join lateral (
            select a.word
            from (
                select s.word, s.word <-> t.word as distance from search_word s
                where s.language = $1 order by s.word <-> t.word limit 20
            ) a
            where exists (select from search_document d where d.language = $1 and d.everything @@ search_query($1, a.word || ' ', ''))
            order by a.distance, a.word
        ) c on not k.known
        order by t.n, c.word <-> t.word
        "#,
        language.code(),
        typed,
        i64::from(WORDS)
    )
    .fetch_all(&shop.db)
    .await?)
}

/// Letters left out, put in, exchanged or swapped with their neighbour (optimal string alignment distance).
fn slips(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let exchange = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = exchange.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(rows[i - 2][j - 2] + 1);
            }
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_as_a_typist_makes_them() {
        assert_eq!(slips("tetra", "tetera"), 1);
        assert_eq!(slips("jarorn", "jarron"), 1);
        assert_eq!(slips("bol", "bowl"), 1);
        assert_eq!(slips("", "abc"), 3);
        assert_eq!(slips("same", "same"), 0);
    }
}
