//! Pictures: made in all sizes, never twice, and never the reason why a product stays out.

use crate::fixture::{NOW, file, import_from, look, options, shop};
use image::{ImageFormat, Rgb, RgbImage};
use shop::catalog::{
    import::{ImportOptions, import},
    media::media_path,
};
use sqlx::PgPool;
use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

/// A folder with one good picture, 800 pixels wide, and one that is none.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-images"));
    fs::create_dir_all(&folder).unwrap();
    let picture = RgbImage::from_fn(800, 400, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    picture.save_with_format(folder.join("good.png"), ImageFormat::Png).unwrap();
    fs::write(folder.join("broken.png"), b"\x89PNG\r\n\x1a\nand no more").unwrap();
    folder
}

fn with_pictures() -> String {
    file(&[
        &[("Handle", "a"), ("Image Src", "good.png"), ("Image Alt Text", "A bowl"), ("Product Category", "Bowls")],
        &[("Handle", "a"), ("Image Src", "broken.png")],
        &[("Handle", "a"), ("Image Src", "https://example.com/a.png")],
        &[("Handle", "b"), ("Image Src", "absent.png")],
        &[("Handle", "c"), ("Image Src", "../secret.png")],
    ])
}

#[sqlx::test]
async fn pictures_are_made_and_the_missing_ones_named(db: PgPool) {
    let shop = shop(db, "pictures");
    let report = import_from(&shop, Cursor::new(with_pictures()), Some(folder("pictures"))).await;
    assert_eq!((report.created, report.rejections.len()), (3, 0));
    let warned: Vec<(u64, bool)> = report
        .warnings
        .iter()
        .zip(["not a picture", "was not fetched", "could not be read", "outside"])
        .map(|(warning, reason)| (warning.line, warning.reason.contains(reason)))
        .collect();
    assert_eq!(warned, [(3, true), (4, true), (5, true), (6, true)]);

    let sizes =
        "select string_agg(concat_ws(' ', source, width, height, widths::text), ', ' order by source) from media where hash is not null";
    assert_eq!(look(&shop, sizes).await, "good.png 800 400 {320,640,800}");
    let hash = look(&shop, "select hash from media where hash is not null").await;
    for (width, format) in [(320, "avif"), (640, "webp"), (800, "avif"), (800, "webp")] {
        let file = fs::read(media_path(&shop.settings, &hash, width, format).unwrap()).unwrap();
        let expected: &[u8] = if format == "avif" { b"avif" } else { b"WEBP" };
        assert_eq!(&file[8..12], expected);
    }
    let small = image::open(media_path(&shop.settings, &hash, 320, "webp").unwrap()).unwrap();
    assert_eq!((small.width(), small.height()), (320, 160));
    assert_eq!(look(&shop, "select m.source from category c join media m on m.id = c.media_id").await, "good.png");
}

#[sqlx::test]
async fn a_picture_is_made_once_and_kept_when_its_file_is_gone(db: PgPool) {
    let shop = shop(db, "once");
    let images = folder("once");
    import_from(&shop, Cursor::new(with_pictures()), Some(images.clone())).await;
    let hash = look(&shop, "select hash from media where hash is not null").await;
    let made = || fs::metadata(media_path(&shop.settings, &hash, 320, "avif").unwrap()).unwrap().modified().unwrap();
    let before = made();
    let again = import_from(&shop, Cursor::new(with_pictures()), Some(images)).await;
    assert_eq!((again.unchanged, made()), (3, before));
    import_from(&shop, Cursor::new(with_pictures()), None).await;
    assert_eq!(look(&shop, "select hash from media where hash is not null").await, hash);
}

#[sqlx::test]
async fn a_dry_run_makes_no_pictures_but_looks_at_them(db: PgPool) {
    let shop = shop(db, "dry-pictures");
    let dry = ImportOptions { dry_run: true, images: Some(folder("dry-pictures")), ..options() };
    let said = import(&shop, Cursor::new(with_pictures()), &dry, |_| (), NOW).await.unwrap();
    assert!(!shop.settings.data_folder.exists());
    let done = import(&shop, Cursor::new(with_pictures()), &ImportOptions { dry_run: false, ..dry }, |_| (), NOW).await.unwrap();
    assert_eq!(said, done);
}

#[sqlx::test]
async fn nothing_but_a_hash_leads_to_a_file(db: PgPool) {
    let settings = shop(db, "paths").settings;
    let hash = "a0".repeat(32);
    assert!(media_path(&settings, &hash, 320, "avif").is_some());
    assert!(media_path(&settings, "../../../etc/passwd", 320, "avif").is_none());
    assert!(media_path(&settings, &hash.to_uppercase(), 320, "avif").is_none());
    assert!(media_path(&settings, &hash, 320, "png").is_none());
    assert!(media_path(&settings, &hash, 99_999, "avif").is_none());
}
