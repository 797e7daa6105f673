//! What people wrote, as staff may read it: cleaned, by words and themes, and only when there are enough that nobody is
//! picked out, among those shown and among those left out.

use super::{
    FEWEST_SHOWN, Hidden, Refusable, apart, may_see,
    scope::{Filter, Kind, Scope, Seen, scope},
};
use crate::{Actor, Fault, Shop};
use domain::{
    Language,
    surveys::{Form, Theme, cleaned, themes},
};
use std::{fmt, str::FromStr};
use time::{Date, OffsetDateTime, format_description::well_known::Iso8601};

/// How many are on a page.
const PAGE: usize = 25;

/// What one looks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    pub filter: Filter,
    /// Words that must all be in it.
    pub search: String,
    pub theme: Option<Theme>,
    /// Only what comes after this one.
    pub after: Option<Cursor>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub hidden: Option<Hidden>,
    /// How many there are; 0 where they are hidden.
    pub count: usize,
    /// The latest first.
    pub said: Vec<Said>,
    pub next: Option<Cursor>,
    /// How many are about what, whatever the theme that is looked for; none where that would pick somebody out.
    pub themes: Vec<(Theme, Option<usize>)>,
    /// Of those.
    pub of: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub text: String,
    pub language: Option<Language>,
    /// The day at the workshop: a moment could be compared with other moments.
    pub day: Date,
    pub themes: Vec<Theme>,
}

/// Where a page ended: its day, and a number that says nothing of whose it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    day: Date,
    key: String,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.day, self.key)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (day, key) = text.split_once('.').ok_or(())?;
        Ok(Self { day: Date::parse(day, &Iso8601::DATE).map_err(|_| ())?, key: key.to_owned() })
    }
}

struct Comment {
    kind: Kind,
    place: Cursor,
    found: bool,
    themes: Vec<Theme>,
    body: String,
}

impl Wanted {
    fn holds(&self, comment: &Comment) -> bool {
        self.filter.holds(&comment.kind)
            && (self.search.is_empty() || comment.found)
            && self.theme.is_none_or(|theme| comment.themes.contains(&theme))
    }

    /// What else one could ask for that shows these among others.
    fn wider(&self) -> Vec<Self> {
        let same = |filter: Filter| Self { filter, ..self.clone() };
        let mut wider: Vec<Self> = self.filter.wider().into_iter().map(same).collect();
        wider.push(Self { theme: None, ..self.clone() });
        wider.push(Self { search: String::new(), ..self.clone() });
        let all = Filter { instrument: self.filter.instrument.clone(), ..Filter::default() };
        wider.push(Self { filter: all, ..Self::default() });
        wider
    }
}

/// What was written in surveys that were finished.
///
/// # Errors
/// The person's roles do not reach so far, or there is no such instrument or version.
pub async fn comments(shop: &Shop, actor: &Actor, wanted: &Wanted, now: OffsetDateTime) -> Refusable<Seen<Written>> {
    may_see(actor)?;
    let scope = scope(shop, &wanted.filter, now).await?;
    let wanted = Wanted { filter: scope.filter.clone(), search: wanted.search.replace('\0', "").trim().to_owned(), ..wanted.clone() };
    let comments = read(shop, &scope, &wanted.search).await?;
    let written = tokio::task::spawn_blocking(move || choose(comments, &wanted)).await.map_err(Fault::new)?;
    Ok(scope.seen(written))
}

/// Everything that was written about the instrument: what may be shown can only be told beside the rest.
async fn read(shop: &Shop, scope: &Scope, search: &str) -> Result<Vec<Comment>, Fault> {
    let all: Vec<_> = scope.versions.iter().map(|(id, _)| *id).collect();
    let [month, quarter, year] = scope.begins;
    let rows = sqlx::query!(
        r#"with asked as materialized (select search_query('en', $5, '') as en, search_query('es', $5, '') as es)
           select c.body, r.version_id, r.form, r.language, r.completed_at as "completed_at!",
                  (r.completed_at >= $2)::int + (r.completed_at >= $3)::int + (r.completed_at >= $4)::int as "recency!",
                  coalesce(c.words @@ coalesce(asked.en || asked.es, asked.en, asked.es), false) as "found!",
                  left(encode(sha256(uuid_send(c.response_id) || uuid_send(c.item_id)), 'hex'), 16) as "key!"
           from asked cross join survey_comment c join survey_response r on r.id = c.response_id
           where r.version_id = any($1) and r.completed_at is not null"#,
        &all,
        month,
        quarter,
        year,
        search
    )
    .fetch_all(&shop.db)
    .await?;
    let comments = rows.into_iter().map(|row| Comment {
        kind: Kind {
            version: scope.number(row.version_id),
            form: Form::from_code(&row.form),
            language: row.language.parse().ok(),
            recency: usize::try_from(row.recency).unwrap_or(0),
        },
        place: Cursor { day: shop.settings.local(row.completed_at).date(), key: row.key },
        found: row.found,
        themes: Vec::new(),
        body: row.body,
    });
    Ok(comments.collect())
}

fn choose(mut comments: Vec<Comment>, wanted: &Wanted) -> Written {
    for comment in &mut comments {
        comment.themes = themes(&comment.body);
    }
    let count = |wanted: &Wanted| comments.iter().filter(|comment| wanted.holds(comment)).count();
    let judge = |wanted: &Wanted| apart::hidden(count(wanted), wanted.wider().iter().map(count), FEWEST_SHOWN);
    let any = Wanted { theme: None, ..wanted.clone() };
    let of = if judge(&any).is_none() { count(&any) } else { 0 };
    let by_theme = Theme::ALL.iter().map(|theme| {
        let about = Wanted { theme: Some(*theme), ..wanted.clone() };
        (*theme, Some(count(&about)).filter(|count| of > 0 && (*count == 0 || judge(&about).is_none())))
    });
    let themes = by_theme.collect();
    if let Some(hidden) = judge(wanted) {
        return Written { hidden: Some(hidden), count: 0, said: Vec::new(), next: None, themes, of };
    }
    let count = count(wanted);
    let mut shown: Vec<Comment> = comments.into_iter().filter(|comment| wanted.holds(comment)).collect();
    shown.sort_by(|a, b| b.place.cmp(&a.place));
    let mut rest = shown.into_iter().filter(|comment| wanted.after.as_ref().is_none_or(|after| comment.place < *after));
    let page: Vec<Comment> = rest.by_ref().take(PAGE).collect();
    let next = rest.next().and_then(|_| page.last().map(|last| last.place.clone()));
    let said = |comment: Comment| Said {
        text: cleaned(&comment.body),
        language: comment.kind.language,
        day: comment.place.day,
        themes: comment.themes,
    };
    Written { hidden: None, count, said: page.into_iter().map(said).collect(), next, themes, of }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let cursor = Cursor { day: date!(2026 - 11 - 28), key: "00ab".into() };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        assert_eq!("yesterday".parse::<Cursor>(), Err(()));
        assert_eq!("yesterday.1".parse::<Cursor>(), Err(()));
    }
}
