//! The demonstration shop: loaded whole even where the first start is cut short, and never into a merchant's own.

use crate::support::{
    Folder, Program, SECRET, eventually, number,
    program::{Running, command},
    shopping::{BOWL, Ware},
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{cell::RefCell, fs, os::unix::fs::PermissionsExt, path::Path, process::Stdio};

const CUP: Ware = Ware { handle: "cup", title: "Dew Cup", titulo: "Taza", price: "14.00", stock: 5 };
const PRODUCTS: &str = "select count(*) from product";

/// A demonstration of these, in the folder of the program.
fn demonstration(folder: &Path, wares: &[Ware]) -> String {
    let catalogues: Vec<String> = wares.iter().map(Ware::catalogue).collect();
    let rows = catalogues.iter().map(|catalogue| catalogue.lines().nth(1).unwrap());
    let lines: Vec<&str> = catalogues[0].lines().take(1).chain(rows).collect();
    fs::write(folder.join("catalog.csv"), lines.join("\n")).unwrap();
    format!("--demo={}", folder.display())
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_demonstration_loaded_in_part_is_loaded_whole_at_the_next_start(pool: PgPoolOptions, database: PgConnectOptions) {
    let program = Program::start(&database, &[]).await;
    let db: PgPool = pool.connect_with(database).await.unwrap();
    let folder = program.folder().data();
    let broken = demonstration(&folder, &[BOWL, Ware { price: "much", ..CUP }]);
    let output = program.run_with(("LISTEN", "127.0.0.1:0"), &[&broken]);
    assert!(!output.status.success() && number(&db, PRODUCTS).await == 1, "it stopped at the second product");

    let whole = demonstration(&folder, &[BOWL, CUP]);
    drop(program.open_beside(&[&whole]));
    assert_eq!(number(&db, PRODUCTS).await, 2);
    assert_eq!(number(&db, "select count(*) from staff").await, 4, "and people work there");
    assert!(
        fs::metadata(folder.join("demonstration-staff")).unwrap().permissions().mode().trailing_zeros() >= 6,
        "their password is the owner's to read"
    );

    let more = demonstration(&folder, &[BOWL, CUP, Ware { handle: "jug", ..CUP }]);
    drop(program.open_beside(&[&more]));
    assert_eq!(number(&db, PRODUCTS).await, 2, "once it is whole it is the merchant's");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_shop_with_products_of_its_own_does_not_get_the_demonstration(pool: PgPoolOptions, database: PgConnectOptions) {
    let program = Program::start(&database, &[]).await;
    let db: PgPool = pool.connect_with(database).await.unwrap();
    program.import(&BOWL);
    let folder = program.folder().data();
    // Left by another shop that this data folder was used for.
    fs::write(folder.join("demonstration-unfinished"), "1 2").unwrap();
    drop(program.open_beside(&[&demonstration(&folder, &[CUP])]));
    assert_eq!(number(&db, PRODUCTS).await, 1);
}

#[tokio::test]
async fn who_stops_the_first_start_leaves_nothing_running() {
    let folder = Folder::new();
    let environment = [
        ("LISTEN", "127.0.0.1:0".to_owned()),
        ("DATA_FOLDER", folder.data().display().to_string()),
        ("SITE_FOLDER", folder.site().display().to_string()),
        ("SECRET", SECRET.to_owned()),
        ("PATH", std::env::var("PATH").unwrap()),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value));
    let demonstration = format!("--demo={}/../demo", env!("CARGO_MANIFEST_DIR"));
    let mut program = command(&environment, &[&demonstration]);
    let program = RefCell::new(Running(program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()));
    eventually("it loads", async || folder.data().join("demonstration-unfinished").exists()).await;
    let interrupted = std::process::Command::new("kill").args(["-INT", &program.borrow().0.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    eventually("it stops", async || program.borrow_mut().0.try_wait().unwrap().is_some()).await;
    assert!(program.borrow_mut().0.wait().unwrap().success());
    assert!(!folder.data().join("postgres/data/postmaster.pid").exists(), "its Postgres runs on");
}
