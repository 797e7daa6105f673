//! Customers at the desk by plain pages: who may see them, why each is in which class, the table for a spreadsheet; and on
//! the product's page what is bought together, as soon as a night has found it.

use crate::{
    console::{ask, member, say},
    support::{
        Node, eventually,
        shopping::{BOWL, Ware},
        sql,
    },
};
use domain::staff::Role;
use shop::{Actor, chat::Visitor, customers};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::OffsetDateTime;
use uuid::Uuid;

const CUP: Ware = Ware { handle: "cup", title: "Tide Cup", titulo: "Taza Marea", price: "12.00", stock: 50 };

/// Paid orders of this person so many days ago by the shop's calendar, of everything that is sold.
async fn bought(node: &Node, email: &str, name: &str, days_ago: &[i64]) {
    let days = days_ago.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let statement = format!(
        "with o as (
             insert into orders (id, number, language, currency, email, name, address, country, goods_minor, delivery_minor, tax_minor,
                 tax_included, total_minor, method_code, method_name, carrier_code, promised_from, promised_by, state, payment_state, placed_at)
             select gen_random_uuid(), '{name}' || d, 'en', 'EUR', '{email}', '{name}',
                 jsonb_build_object('line1', 'Calle Mayor 1', 'line2', '', 'city', 'Madrid', 'region', '28', 'postcode', '28013', 'country', 'ES'), 'ES', 2490, 0, 0, true, 2490, '', '', '', at, at,
                 'delivered', 'paid', at
             from unnest(array[{days}]) d, lateral (
                 select (now() at time zone 'Europe/Madrid' - d * interval '1 day') at time zone 'Europe/Madrid' as at
             ) a returning id
         )
         insert into order_line (id, order_id, position, product_id, sku, title, quantity, unit_minor, total_minor, tax_basis_points, tax_minor, grams)
         select gen_random_uuid(), o.id, row_number() over (partition by o.id), p.id, '', '', 1, 0, 0, 0, 0, 0 from o, product p"
    );
    sql(&node.shop.db, &statement).await;
}

/// As the night does; the node's own may be at it.
async fn night(node: &Node) {
    eventually("somebody computes", async || {
        customers::classify(&node.shop, &Actor::Operator, OffsetDateTime::now_utc()).await.unwrap().is_some()
    })
    .await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn managers_see_who_customers_are_and_why(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let (eva, marta) = (member(&node, "Eva", Role::Agent).await, member(&node, "Marta", Role::Manager).await);
    bought(&node, "Ana@example.org", "=Ana", &[63, 42, 21, 0]).await;
    bought(&node, "ben@example.org", "Ben", &[400]).await;
    night(&node).await;
    let list = "/en/desk/customers";
    let page = marta.get(list).await;
    for words in
        ["frequent: 4 orders in 12 months, mean gap 21 days", "ana@example.org", "as of ", "€99.60", "an order within the last 180 days"]
    {
        assert!(page.text.contains(words), "no `{words}` in {}", page.text);
    }
    let spanish = marta.get("/es/desk/customers?class=frequent").await;
    assert!(spanish.text.contains("frecuente: 4 pedidos en 12 meses, cada 21 días de media"), "{}", spanish.text);
    assert!(!spanish.text.contains("ben@example.org"), "the class is in the address");
    let found = marta.get("/en/desk/customers?search=BEN").await;
    assert!(found.text.contains("ben@example.org") && !found.text.contains("ana@example.org"));
    assert!(marta.get("/en/desk/customers?risk=1").await.text.contains("Nobody fits."));
    let one = found.text.split("href=\"").find(|link| link.starts_with("/en/desk/customers/")).unwrap().split('"').next().unwrap();
    let one = marta.get(one).await;
    assert!(one.text.contains("inactive: last order on ") && one.text.contains("Orders that count"), "{}", one.text);
    assert_eq!(marta.get(&format!("{list}/{}", Uuid::new_v4())).await.status, 404);
    let table = marta.get("/en/desk/customers.csv?class=frequent").await;
    assert_eq!((table.status, table.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(table.text.contains("ana@example.org,'=Ana,4,99.60,EUR,") && !table.text.contains("ben@"), "{}", table.text);
    for address in [list, "/en/desk/customers.csv"] {
        assert_eq!(eva.get(address).await.status, 403, "{address}");
    }
    assert_eq!(node.browser().get(list).await.status, 302);
    assert_eq!(node.browser().get("/en/desk/customers.csv").await.status, 403);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_lines_are_set_by_a_form_that_keeps_what_was_typed(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let marta = member(&node, "Marta", Role::Manager).await;
    let set = async |gap: &str| {
        let fields = [("active", "90"), ("many", "4"), ("gap", gap), ("habitual", "40"), ("together", "5"), ("share", "20")];
        let answer = say(&marta, "/api/desk/customers/rules", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        marta.get(answer.leads_to().split('#').next().unwrap()).await
    };
    let refused = set("700").await;
    assert!(refused.text.contains("A number is out of its bounds.") && refused.text.contains("value=\"700\""), "{}", refused.text);
    assert!(set("20").await.text.contains("The lines are set."));
    let rules = customers::rules(&node.shop).await.unwrap();
    assert_eq!((rules.frequent_gap_days, rules.together_percent), (20, 20));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn whoever_answers_sees_the_class_beside_the_conversation(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let eva = member(&node, "Eva", Role::Agent).await;
    let c = ask(&node, Visitor(Uuid::new_v4()), "Where is it?").await.to_string();
    sql(&node.shop.db, "update conversation set email = 'ANA@example.org'").await;
    assert!(!eva.get(&format!("/en/desk?c={c}")).await.text.contains("Customer classes"), "she has bought nothing");
    bought(&node, "ana@example.org", "Ana", &[10]).await;
    night(&node).await;
    let page = eva.get(&format!("/en/desk?c={c}")).await;
    assert!(page.text.contains("Customer classes") && page.text.contains("occasional: 1 order in 12 months"), "{}", page.text);
    assert!(!page.text.contains("/desk/customers/"), "the whole of it is for managers");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_bought_together_drops_the_kept_page(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off", "--public-url=http://shop.test"]).await;
    BOWL.import(&node.shop).await;
    CUP.import(&node.shop).await;
    bought(&node, "ana@example.org", "Ana", &[3, 4, 5]).await;
    // Others buy a lamp by itself: in a shop where everybody buys everything nothing goes with anything.
    Ware { handle: "lamp", title: "Lamp", titulo: "Lámpara", price: "80.00", stock: 5 }.import(&node.shop).await;
    bought(&node, "ben@example.org", "Ben", &[6, 7]).await;
    let only_lamps = "delete from order_line using orders o, product p where order_id = o.id and product_id = p.id and o.name = 'Ben' and p.handle <> 'lamp'";
    sql(&node.shop.db, only_lamps).await;
    node.hears_news().await;
    let browser = node.browser();
    let page = BOWL.page("en");
    eventually("the page is kept", async || {
        browser.get(&page).await;
        node.keeps(&page)
    })
    .await;
    night(&node).await;
    eventually("the strip is there", async || browser.get(&page).await.text.contains("Bought together with")).await;
    let spanish = browser.get(&BOWL.page("es")).await;
    assert!(spanish.text.contains("Se compra junto con") && spanish.text.contains("Taza Marea"), "{}", spanish.text);
    Ware { stock: 0, ..CUP }.import(&node.shop).await;
    eventually("what is sold out goes", async || !browser.get(&page).await.text.contains("Bought together with")).await;
}
