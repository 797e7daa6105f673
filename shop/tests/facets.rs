//! Listings against a plain recount in memory: facets, totals, pages.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what cannot be set up fails the test")]

mod shelf;

use domain::{
    Language::En,
    catalog::{Listing, ListingQuery, Sort},
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use shelf::goods::{Goods, add, category};
use shop::catalog::search;
use sqlx::PgPool;
use std::collections::{BTreeMap, BTreeSet};
use time::Duration;
use uuid::Uuid;

const COLOURS: [&str; 4] = ["black", "blue", "red", "white"];
const SIZES: [&str; 3] = ["large", "medium", "small"];
const WORDS: [&str; 5] = ["Bowl", "Cup", "Dish", "Plate", "Vase"];

/// What the recount knows of a product.
struct Known {
    goods: Goods,
    id: Uuid,
    category: &'static str,
}

impl Known {
    fn has(&self, option: &str, value: &str) -> bool {
        self.goods.options.iter().any(|(code, values)| *code == option && values.contains(&value))
    }
}

/// The filters that may be left out of a count.
#[derive(Clone, Copy, PartialEq)]
enum But<'a> {
    Nothing,
    Option(&'a str),
    Price,
}

fn fits(known: &Known, query: &ListingQuery, but: But) -> bool {
    let price = i64::from(query.price_from.unwrap_or(0)) * 100..=query.price_to.map_or(i64::MAX, |to| i64::from(to) * 100);
    let options: BTreeSet<&str> = query.options.iter().map(|(option, _)| option.as_str()).collect();
    known.goods.en.to_lowercase().contains(&query.text)
        && query.category.as_ref().is_none_or(|slug| slug == known.category)
        && (but == But::Price || price.contains(&known.goods.minor))
        && (!query.in_stock || known.goods.stock > 0)
        && options
            .into_iter()
            .filter(|option| but != But::Option(option))
            .all(|option| query.options.iter().any(|(code, value)| code == option && known.has(option, value)))
}

async fn stock_up(db: &PgPool, random: &mut StdRng, products: usize) -> Vec<Known> {
    let categories =
        [("tables", category(db, None, "Tables", "Mesas").await), ("shelves", category(db, None, "Shelves", "Estantes").await)];
    let mut all = Vec::new();
    for n in 0..products {
        let some = |random: &mut StdRng, from: &[&'static str]| -> Vec<&'static str> {
            let amount = random.random_range(1..=from.len());
            from.choose_multiple(random, amount).copied().collect()
        };
        let mut options = vec![("colour", some(random, &COLOURS))];
        if random.random_bool(0.6) {
            options.push(("size", some(random, &SIZES)));
        }
        // Titles and prices repeat, so that pages have ties to break.
        let title: &'static str = format!("{} {}", WORDS.choose(random).unwrap(), n % 7).leak();
        let (slug, category) = *categories.choose(random).unwrap();
        let goods = Goods {
            en: title,
            es: format!("{title} {n}").leak(),
            options,
            minor: random.random_range(10..40) * 100,
            stock: random.random_range(0..2),
            category: Some(category),
            created_at: shelf::NOW - Duration::days(random.random_range(0..5)),
            ..Goods::default()
        };
        sqlx::query("update product_translation set slug = slug || $1 where slug not like '%!%'")
            .bind(format!("!{n}"))
            .execute(db)
            .await
            .unwrap();
        let id = add(db, goods.clone()).await.product;
        all.push(Known { goods, id, category: slug });
    }
    all
}

fn random_query(random: &mut StdRng) -> ListingQuery {
    let mut query = ListingQuery { in_stock: random.random_bool(0.3), ..ListingQuery::default() };
    if random.random_bool(0.5) {
        query.text = WORDS.choose(random).unwrap().to_lowercase();
    }
    if random.random_bool(0.3) {
        query.category = Some("tables".into());
    }
    for (option, values) in [("colour", &COLOURS[..]), ("size", &SIZES[..])] {
        for value in values {
            if random.random_bool(0.2) {
                query.options.push((option.into(), (*value).into()));
            }
        }
    }
    if random.random_bool(0.3) {
        query.price_from = Some(random.random_range(10..30));
        query.price_to = Some(random.random_range(20..40));
    }
    query
}

fn recounted(all: &[Known], query: &ListingQuery) -> BTreeMap<(String, String), u32> {
    let mut counts = BTreeMap::new();
    for (option, values) in [("colour", &COLOURS[..]), ("size", &SIZES[..])] {
        for value in values {
            let count = all.iter().filter(|known| known.has(option, value) && fits(known, query, But::Option(option))).count();
            let chosen = query.options.contains(&(option.to_owned(), (*value).to_owned()));
            if count > 0 || chosen {
                counts.insert((option.to_owned(), (*value).to_owned()), u32::try_from(count).unwrap());
            }
        }
    }
    counts
}

fn shown(listing: &Listing) -> BTreeMap<(String, String), u32> {
    listing
        .facets
        .iter()
        .flat_map(|facet| facet.values.iter().map(|value| ((facet.code.clone(), value.code.clone()), value.count)))
        .collect()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn every_number_is_what_a_recount_gives(db: PgPool) {
    let mut random = StdRng::seed_from_u64(7);
    let all = stock_up(&db, &mut random, 80).await;
    let shop = shelf::shop(db);
    for _ in 0..80 {
        let query = random_query(&mut random);
        let listing = search::search(&shop, En, &query).await.unwrap();
        let fitting: Vec<&Known> = all.iter().filter(|known| fits(known, &query, But::Nothing)).collect();
        assert_eq!(listing.total as usize, fitting.len(), "{query:?}");
        assert_eq!(listing.in_stock_count as usize, fitting.iter().filter(|known| known.goods.stock > 0).count(), "{query:?}");
        assert_eq!(shown(&listing), recounted(&all, &query), "{query:?}");
        let prices: Vec<i64> = all.iter().filter(|known| fits(known, &query, But::Price)).map(|known| known.goods.minor).collect();
        assert_eq!(
            listing.prices.map(|range| (range.from.minor, range.to.minor)),
            prices.iter().min().copied().zip(prices.iter().max().copied()),
            "{query:?}"
        );
        let in_categories: u32 = listing.categories.iter().map(|category| category.count).sum();
        assert_eq!(in_categories, if query.category.is_some() { 0 } else { listing.total }, "{query:?}");
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn pages_show_everything_once_in_order(db: PgPool) {
    let mut random = StdRng::seed_from_u64(11);
    let all = stock_up(&db, &mut random, 80).await;
    let shop = shelf::shop(db);
    for text in ["", "b"] {
        for sort in Sort::ALL {
            let mut query = ListingQuery { text: text.into(), sort, ..ListingQuery::default() };
            let (mut cards, mut total) = (Vec::new(), 0);
            loop {
                let listing = search::search(&shop, En, &query).await.unwrap();
                assert!(listing.cards.len() == 24 || listing.next.is_none());
                total = total.max(listing.total as usize);
                cards.extend(listing.cards);
                query.after = listing.next;
                if query.after.is_none() {
                    break;
                }
            }
            assert_eq!(cards.iter().map(|card| card.id.0).collect::<BTreeSet<_>>().len(), cards.len(), "{sort:?}");
            assert_eq!(cards.len(), total, "{sort:?}");
            let known = |id: Uuid| all.iter().find(|known| known.id == id).unwrap();
            let ordered = cards.windows(2).all(|pair| match sort {
                Sort::PriceUp => pair[0].price.from.minor <= pair[1].price.from.minor,
                Sort::PriceDown => pair[0].price.from.minor >= pair[1].price.from.minor,
                Sort::Title => pair[0].title.to_lowercase() <= pair[1].title.to_lowercase(),
                Sort::Newest => known(pair[0].id.0).goods.created_at >= known(pair[1].id.0).goods.created_at,
                Sort::Relevance => true,
            });
            assert!(ordered, "{sort:?}");
        }
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_product_that_comes_between_two_pages_doubles_nothing(db: PgPool) {
    let mut random = StdRng::seed_from_u64(3);
    stock_up(&db, &mut random, 30).await;
    let shop = shelf::shop(db.clone());
    let mut query = ListingQuery { sort: Sort::PriceUp, ..ListingQuery::default() };
    let first = search::search(&shop, En, &query).await.unwrap();
    add(&db, Goods { en: "Free", es: "Gratis", minor: 1, ..Goods::default() }).await;
    query.after = first.next;
    let second = search::search(&shop, En, &query).await.unwrap();
    assert_eq!((second.cards.len(), second.total), (6, 31));
    assert!(second.cards.iter().all(|card| first.cards.iter().all(|before| before.id != card.id)));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_cursor_of_another_sorting_or_made_up_starts_anew(db: PgPool) {
    let mut random = StdRng::seed_from_u64(5);
    stock_up(&db, &mut random, 30).await;
    let shop = shelf::shop(db);
    let first = search::search(&shop, En, &ListingQuery::default()).await.unwrap();
    for after in [first.next.clone().unwrap(), "made-up".into()] {
        let query = ListingQuery { sort: Sort::PriceUp, after: Some(after), ..ListingQuery::default() };
        assert_eq!(search::search(&shop, En, &query).await.unwrap().cards.len(), 24);
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_facet_keeps_the_languages_that_another_product_lacks(db: PgPool) {
    let coloured = || Goods { options: vec![("colour", vec!["red"])], ..Goods::default() };
    add(&db, coloured()).await;
    let other = add(&db, Goods { en: "Other", es: "Otra", ..coloured() }).await.product;
    let spanish = async || {
        let name = "select f.name ->> 'es' || ' ' || (v.name ->> 'es') from search_facet f join search_facet_value v on v.facet_id = f.id";
        sqlx::query_scalar::<_, Option<String>>(name).fetch_one(&db).await.unwrap()
    };
    let before = spanish().await;
    assert!(before.is_some());
    for table in ["product_option set name = '{\"en\": \"Shade\"}'", "product_option_value set name = '{\"en\": \"Scarlet\"}'"] {
        let of_it =
            if table.contains("_value") { "option_id in (select id from product_option where product_id = $1)" } else { "product_id = $1" };
        sqlx::query(sqlx::AssertSqlSafe(format!("update {table} where {of_it}"))).bind(other).execute(&db).await.unwrap();
    }
    assert_eq!(spanish().await, before);
    let english: String = sqlx::query_scalar("select name ->> 'en' from search_facet").fetch_one(&db).await.unwrap();
    assert_eq!(english, "Shade", "a changed name is taken over");
}
