//! Pictures of places: hung where the file says, in both languages, and stronger than those of products.

use crate::fixture::{NOW, file, import_from, look, options, shop};
use domain::Language::{En, Es};
use image::{ImageFormat, Rgb, RgbImage};
use shop::{
    Shop,
    catalog::{
        browse,
        import::{ImportOptions, SceneReport, import_scenes},
    },
};
use sqlx::PgPool;
use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-images"));
    fs::create_dir_all(&folder).unwrap();
    for (file, blue) in [("bowl.png", 10), ("table.png", 90), ("shelf.png", 200)] {
        let picture = RgbImage::from_pixel(400, 250, Rgb([120, 90, blue]));
        picture.save_with_format(folder.join(file), ImageFormat::Png).unwrap();
    }
    folder
}

/// A shop with one bowl in Tableware > Bowls, which has a picture.
async fn with_a_bowl(db: PgPool, name: &str) -> (Shop, PathBuf) {
    let (shop, images) = (shop(db, name), folder(name));
    import_from(&shop, Cursor::new(bowl()), Some(images.clone())).await;
    (shop, images)
}

fn bowl() -> String {
    file(&[&[("Handle", "a"), ("Image Src", "bowl.png"), ("Product Category", "Tableware > Bowls")]])
}

async fn hang(shop: &Shop, images: &Path, rows: &str) -> SceneReport {
    let text = format!("Place,Image Src,Image Alt Text,Image Alt Text [es]\n{rows}\n");
    let options = ImportOptions { images: Some(images.to_owned()), ..options() };
    import_scenes(shop, Cursor::new(text), &options, NOW).await.unwrap()
}

const PICTURES: &str =
    "select string_agg(c.path || ' ' || m.source, ', ' order by c.path) from category c join media m on m.id = c.media_id";

#[sqlx::test]
async fn scenes_hang_where_the_file_says(db: PgPool) {
    let (shop, images) = with_a_bowl(db, "scenes").await;
    assert_eq!(look(&shop, PICTURES).await, "Tableware bowl.png, Tableware > Bowls bowl.png");
    let rows = "/,shelf.png,A shelf,Un estante\nTableware,table.png,A laid table,Una mesa puesta";
    let report = hang(&shop, &images, rows).await;
    assert_eq!((report.changed, report.unchanged, report.rejections.len()), (2, 0, 0));
    assert_eq!(look(&shop, PICTURES).await, "Tableware table.png, Tableware > Bowls bowl.png");

    let home = browse::home(&shop, Es, NOW).await.unwrap();
    let scene = home.scene.unwrap();
    assert_eq!((scene.alt.as_str(), scene.width, scene.height), ("Un estante", 400, 250));
    assert_eq!(home.categories[0].picture.as_ref().unwrap().alt, "Una mesa puesta");
    assert_eq!(browse::home(&shop, En, NOW).await.unwrap().scene.unwrap().alt, "A shelf");

    // Nothing new is no news; another text is, and hangs in the same place.
    assert_eq!(hang(&shop, &images, rows).await, SceneReport { unchanged: 2, ..SceneReport::default() });
    assert_eq!(hang(&shop, &images, "Tableware,table.png,A table,Una mesa").await.changed, 1);
    assert_eq!(look(&shop, "select count(*)::text from media where product_id is null").await, "2");
    let events = "select string_agg(kind, ' ' order by kind) from event where payload ? 'picture'";
    assert_eq!(look(&shop, events).await, "category.changed category.changed home.changed");
}

#[sqlx::test]
async fn a_product_does_not_take_a_scene_away(db: PgPool) {
    let (shop, images) = with_a_bowl(db, "scenes-stay").await;
    hang(&shop, &images, "Tableware,table.png,A table,").await;
    import_from(&shop, Cursor::new(bowl().replace("bowl.png", "shelf.png")), Some(images)).await;
    assert_eq!(look(&shop, PICTURES).await, "Tableware table.png, Tableware > Bowls shelf.png");
}

#[sqlx::test]
async fn what_cannot_hang_is_named_and_the_rest_hangs(db: PgPool) {
    let (shop, images) = with_a_bowl(db, "scenes-wrong").await;
    let report = hang(&shop, &images, "Cellar,table.png,,\nTableware,absent.png,,\n/,shelf.png,,").await;
    let said: Vec<_> = report.rejections.iter().map(ToString::to_string).collect();
    assert_eq!(said[0], "line 2, Place (Cellar): neither `/` nor a category");
    assert!(said[1].starts_with("line 3, Image Src (Tableware): `absent.png` could not be read"), "{said:?}");
    assert_eq!((said.len(), report.changed), (2, 1));
    assert_eq!(look(&shop, PICTURES).await, "Tableware bowl.png, Tableware > Bowls bowl.png");
}

#[sqlx::test]
async fn a_dry_run_says_it_all_and_hangs_nothing(db: PgPool) {
    let (shop, images) = with_a_bowl(db, "scenes-dry").await;
    let options = ImportOptions { images: Some(images), dry_run: true, ..options() };
    let text = "Place,Image Src\n/,shelf.png\n";
    assert_eq!(import_scenes(&shop, Cursor::new(text), &options, NOW).await.unwrap().changed, 1);
    assert!(browse::home(&shop, En, NOW).await.unwrap().scene.is_none());
}
