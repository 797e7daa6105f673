//! What the buy box needs of a product, in words: the browser chooses among sentences and makes none.

use crate::{
    cart::words::RefusalWords,
    catalog::{
        api::Promises,
        islands::{BuyWords, Choice, ChoiceValue, LeftWords, Offer},
    },
    words,
};
use domain::{
    Language,
    catalog::{ProductOption, ProductPage, Stock, Variant},
    format,
};

/// Below this we say how many are left.
const FEW: u32 = 5;

#[must_use]
pub fn choices(page: &ProductPage) -> Vec<Choice> {
    let choice = |(position, option): (usize, &ProductOption)| Choice {
        code: option.code.clone(),
        name: option.name.clone(),
        values: values(page, position, option),
    };
    page.options.iter().enumerate().map(choice).collect()
}

/// Values that look different from one another come with their pictures.
fn values(page: &ProductPage, position: usize, option: &ProductOption) -> Vec<ChoiceValue> {
    let picture_of = |code: &str| page.variants.iter().find(|v| v.values.get(position).is_some_and(|value| value == code))?.picture;
    let mut pictures: Vec<Option<u32>> = option.values.iter().map(|value| picture_of(&value.code)).collect();
    let shown = pictures.len();
    pictures.sort_unstable();
    pictures.dedup();
    let all_differ = shown > 1 && pictures.len() == shown && !pictures.contains(&None);
    let value = |value: &domain::catalog::OptionValue| ChoiceValue {
        picture: picture_of(&value.code)
            .filter(|_| all_differ)
            .and_then(|index| page.pictures.get(usize::try_from(index).ok()?))
            // The name stands beside it.
            .map(|picture| domain::catalog::Picture { alt: String::new(), ..picture.clone() }),
        code: value.code.clone(),
        name: value.name.clone(),
    };
    option.values.iter().map(value).collect()
}

#[must_use]
pub fn offers(page: &ProductPage, language: Language, promises: &Promises, made_days: u32) -> Vec<Offer> {
    page.variants.iter().map(|variant| offer(page, variant, language, promises, made_days)).collect()
}

fn offer(page: &ProductPage, variant: &Variant, language: Language, promises: &Promises, made_days: u32) -> Offer {
    let (kind, stock) = stock(variant.stock, language, made_days);
    let was = variant.compare_at.filter(|was| was.minor > variant.price.minor);
    Offer {
        variant: variant.id,
        values: variant.values.clone(),
        name: value_names(page, variant).join(", "),
        price: format::money(variant.price, language),
        was: was.map(|was| format::money(was, language)),
        saving: was.map(|was| {
            let saved = (was.minor - variant.price.minor) * 10_000 / was.minor;
            // Whole percents, rounded down: a saving is never said to be larger than it is.
            format!("−{}", format::percent(u32::try_from(saved / 100 * 100).unwrap_or(0), language))
        }),
        lowest: variant
            .lowest_30_days
            .filter(|_| was.is_some())
            .map(|lowest| words!(language, catalog.lowest_30_days, price = format::money(lowest, language))),
        kind: kind.to_owned(),
        stock,
        grams: variant.grams,
        delivery: promises.of(variant.stock),
        goods: variant.stock,
        limit: variant.stock.limit(),
        picture: variant.picture,
    }
}

/// How much there is of it, as a tag's kind and words.
pub fn stock(stock: Stock, language: Language, made_days: u32) -> (&'static str, String) {
    match stock {
        Stock::Available(1) => ("warn", words!(language, catalog.one_left)),
        Stock::Available(left) if left <= FEW => ("warn", words!(language, catalog.few_left, count = left)),
        Stock::Available(_) | Stock::Unlimited => ("good", words!(language, catalog.in_stock)),
        Stock::MadeToOrder if made_days == 1 => ("good", words!(language, catalog.made_to_order_one)),
        Stock::MadeToOrder => ("good", words!(language, catalog.made_to_order, days = made_days)),
        Stock::SoldOut => ("bad", words!(language, catalog.sold_out)),
    }
}

/// What its options' values are called.
pub fn value_names(page: &ProductPage, variant: &Variant) -> Vec<String> {
    let name =
        |(option, code): (&ProductOption, &String)| option.values.iter().find(|value| value.code == *code).map(|value| value.name.clone());
    page.options.iter().zip(&variant.values).filter_map(name).collect()
}

#[must_use]
pub fn buy_words(page: &ProductPage, language: Language) -> BuyWords {
    let is_gone = !page.variants.iter().any(|variant| variant.stock.can_be_bought());
    BuyWords {
        quantity: words!(language, catalog.quantity),
        add: words!(language, catalog.add_to_cart),
        sold_out: words!(language, catalog.sold_out),
        sold_out_hint: if is_gone { words!(language, catalog.all_sold_out_hint) } else { words!(language, catalog.sold_out_hint) },
        was: words!(language, catalog.price_before),
        taxes: words!(language, catalog.taxes_included),
        added: words!(language, catalog.added, title = "{title}"),
        view_cart: words!(language, catalog.view_cart),
        close: words!(language, layout.close),
        left: left_words(language),
        refused: RefusalWords::of(language),
    }
}

#[must_use]
pub fn left_words(language: Language) -> LeftWords {
    LeftWords {
        one: words!(language, catalog.only_left_one),
        several: words!(language, catalog.only_left, left = "{left}"),
        one_in_cart: words!(language, catalog.only_left_one_in_cart),
        several_one_in_cart: words!(language, catalog.only_left_with_one_in_cart, left = "{left}"),
        several_in_cart: words!(language, catalog.only_left_with_cart, left = "{left}", in_cart = "{in_cart}"),
    }
}
