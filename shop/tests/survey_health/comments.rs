//! Comments: cleaned, found by words and themes, and never a few.

use crate::support::World;
use crate::{Answered, Filter, keep, service_quality, survey_health, world};
use domain::{
    Language,
    surveys::{Form, Theme},
};
use shop::{
    Actor,
    survey_health::{Hidden, Wanted, Written},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

async fn found(w: &World, wanted: Wanted) -> Written {
    survey_health::comments(&w.shop, &Actor::Operator, &wanted, w.now).await.unwrap().found
}

fn any() -> Wanted {
    Wanted { filter: service_quality(), ..Wanted::default() }
}

fn searched(search: &str) -> Wanted {
    Wanted { search: search.into(), ..any() }
}

fn about(theme: Theme) -> Wanted {
    Wanted { theme: Some(theme), ..any() }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn comments_are_shown_clean_and_never_a_few(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let comment = Answered::saying("Call me at +34 600 123 456 or p@example.org");
    keep(&w, &vec![comment.clone(); 7]).await;
    let few = found(&w, any()).await;
    assert_eq!((few.hidden, few.said.len(), few.count, few.of), (Some(Hidden::Few), 0, 0, 0));
    assert!(few.themes.iter().all(|(_, people)| people.is_none()));
    keep(&w, &[comment]).await;
    let shown = found(&w, any()).await;
    assert_eq!((shown.hidden, shown.said.len(), shown.count), (None, 8, 8));
    assert_eq!(shown.said[0].text, "Call me at ••• or •••");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn words_find_comments_in_both_languages_without_accents(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let spanish = Answered { language: "es", ..Answered::saying("Llegó tarde la devolución") };
    keep(&w, &[vec![spanish; 8], vec![Answered::saying("The parcels were delivered late"); 9]].concat()).await;
    for (search, count) in [("devolucion", 8), ("DEVOLUCIONES", 8), ("parcel", 9), ("delivering late", 9)] {
        let page = found(&w, searched(search)).await;
        assert_eq!((page.hidden, page.count), (None, count), "{search}");
    }
    assert_eq!(found(&w, searched("samovar")).await.hidden, Some(Hidden::Few));
    let english = Wanted { filter: Filter { language: Some(Language::En), ..service_quality() }, ..any() };
    assert!(found(&w, english).await.said.iter().all(|said| said.language == Some(Language::En)));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn themes_are_counted_and_lead_to_their_comments(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let comments = [
        vec![Answered::saying("The bowl was broken and late"); 8],
        vec![Answered::saying("Arrived late"); 4],
        vec![Answered::saying("Thank you"); 9],
        vec![Answered::saying("Too expensive"); 3],
    ];
    keep(&w, &comments.concat()).await;
    let all = found(&w, any()).await;
    let count = |theme| all.themes.iter().find(|(each, _)| *each == theme).unwrap().1;
    assert_eq!((count(Theme::Damage), count(Theme::Delivery), count(Theme::Website)), (Some(8), Some(12), Some(0)));
    assert_eq!((count(Theme::Price), all.of), (None, 24), "three are not told");
    let damage = found(&w, about(Theme::Damage)).await;
    assert_eq!((damage.count, damage.said[0].themes.as_slice()), (8, [Theme::Delivery, Theme::Damage].as_slice()));
    assert_eq!(damage.of, 24, "the table stays that of all themes");
    assert_eq!(found(&w, about(Theme::Price)).await.hidden, Some(Hidden::Few));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_filter_that_leaves_out_a_few_is_not_shown(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let short = Answered { form: "short", ..Answered::saying("Mine") };
    keep(&w, &[vec![Answered::saying("All was late"); 20], vec![short.clone(); 7]].concat()).await;
    let full = Wanted { filter: Filter { form: Some(Form::Full), ..service_quality() }, ..any() };
    assert_eq!(found(&w, full.clone()).await.hidden, Some(Hidden::RestFew), "the seven others could be picked out");
    assert_eq!(found(&w, about(Theme::Delivery)).await.hidden, Some(Hidden::RestFew));
    assert_eq!(found(&w, searched("late")).await.hidden, Some(Hidden::RestFew));
    assert_eq!(found(&w, any()).await.themes[0], (Theme::Delivery, None), "nor does the table say how many they are");
    keep(&w, &[short]).await;
    assert_eq!((found(&w, full).await.count, found(&w, about(Theme::Delivery)).await.count), (20, 20));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn pages_follow_each_other_without_gap_or_repetition(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let people: Vec<Answered> = (0..6).flat_map(|day| words.map(|word| Answered { days_ago: day / 2, ..Answered::saying(word) })).collect();
    keep(&w, &people).await;
    let (mut after, mut days, mut pages) = (None, Vec::new(), Vec::new());
    loop {
        let page = found(&w, Wanted { after, ..any() }).await;
        assert_eq!(page.count, 60);
        pages.push(page.said.len());
        days.extend(page.said.iter().map(|said| (said.day, said.text.clone())));
        let Some(next) = page.next else { break };
        after = Some(next.to_string().parse().unwrap());
    }
    assert_eq!(pages, [25, 25, 10]);
    assert!(days.is_sorted_by(|a, b| a.0 >= b.0), "the latest first");
    days.sort();
    let each_twice = days.chunks(2).all(|pair| pair[0] == pair[1]) && days.windows(3).all(|three| three[0] != three[2]);
    assert!(each_twice, "six days of ten words, two days to a date");
}
