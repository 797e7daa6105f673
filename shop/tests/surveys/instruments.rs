//! Instruments are edited a version at a time, and answers stay with theirs.

use crate::support::refusal;
use crate::{asked, begun, questions, says, staff, surveys, world};
use domain::{
    Language, Translated,
    staff::Role,
    surveys::{SurveyRefusal, Version},
};
use shop::surveys::{Edited, EditedItem, NewItem};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const CODE: &str = "service-quality";

fn both(en: &str, es: &str) -> Translated {
    Translated([(Language::En, en.to_owned()), (Language::Es, es.to_owned())].into())
}

/// The form of this version as it is.
fn as_it_is(version: &Version) -> Edited {
    let item = |item: &domain::surveys::Item| (item.code.clone(), EditedItem { text: item.text.clone(), reversed: item.reversed });
    Edited { title: version.title.clone(), intro: version.intro.clone(), items: version.items.iter().map(item).collect(), added: None }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_instrument_is_whole_in_both_languages(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let manager = staff(&w, Role::Manager).await;
    let version = surveys::instrument(&w.shop, &manager, CODE, None).await.unwrap().version;
    let count = |dimension: &str| version.items.iter().filter(|item| item.dimension == dimension).count();
    let counts = ["EFF", "SYS", "FUL", "PRI", "VAL", "LOY", "NPS", "RES", "COM", "CON", "OWN"].map(count);
    assert_eq!(counts, [8, 4, 7, 3, 4, 5, 1, 5, 3, 3, 1]);
    assert!(version.items.iter().all(|item| Language::ALL.iter().all(|l| !item.text.0[l].is_empty())));
    let nps = version.items.iter().find(|item| item.code == "NPS").unwrap().scale.as_ref().unwrap();
    assert_eq!((nps.lowest, nps.highest, nps.labels.len()), (0, 10, 11));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_change_is_a_new_version_and_old_answers_keep_their_words(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let (manager, agent) = (staff(&w, Role::Manager).await, staff(&w, Role::Agent).await);
    let link = asked(&w, "full").await;
    begun(&w, &link).await;
    says(&w, &link, "EFF1", "4").await;
    let old = surveys::instrument(&w.shop, &manager, CODE, None).await.unwrap().version;
    let mut edited = as_it_is(&old);
    assert_eq!(surveys::save_version(&w.shop, &manager, CODE, 1, &edited, w.now).await.unwrap(), 1, "nothing is another");
    edited.items.get_mut("EFF1").unwrap().text = both("I find it at once", "Lo encuentro enseguida");
    edited.items.remove("LOY5");
    edited.added = Some(NewItem {
        code: "PRI4".into(),
        dimension: "PRI".into(),
        item: EditedItem { text: both("It asks too much", "Pregunta demasiado"), reversed: true },
    });
    assert_eq!(refusal(surveys::save_version(&w.shop, &agent, CODE, 1, &edited, w.now).await), SurveyRefusal::NotAllowed);
    assert_eq!(surveys::save_version(&w.shop, &manager, CODE, 1, &edited, w.now).await.unwrap(), 2);
    assert_eq!(refusal(surveys::save_version(&w.shop, &manager, CODE, 1, &edited, w.now).await), SurveyRefusal::ChangedMeanwhile);
    let new = surveys::instrument(&w.shop, &manager, CODE, None).await.unwrap();
    assert_eq!((new.newest, new.version.items.len()), (2, old.items.len()));
    assert!(new.version.items.iter().any(|item| item.code == "PRI4" && item.reversed && item.scale.as_ref().unwrap().code == "agree"));
    assert_eq!(surveys::instrument(&w.shop, &manager, CODE, Some(1)).await.unwrap().version, old, "the old one is as it was");
    let mine = questions(&w, &link).await;
    let eff1 = mine.iter().find(|q| q.code == "EFF1").unwrap();
    assert_eq!((eff1.text.as_str(), eff1.answer.as_str()), ("I find what I want with little effort", "4"));
    assert_eq!(w.number("select count(*) from audit where action = 'survey.version'").await, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_version_that_cannot_be_asked_is_refused(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let manager = staff(&w, Role::Manager).await;
    let old = surveys::instrument(&w.shop, &manager, CODE, None).await.unwrap().version;
    let told = async |edited: Edited| refusal(surveys::save_version(&w.shop, &manager, CODE, 1, &edited, w.now).await);
    let mut half = as_it_is(&old);
    half.items.get_mut("EFF1").unwrap().text = both("Only English", "  ");
    assert_eq!(told(half).await, SurveyRefusal::BadWording);
    let mut few = as_it_is(&old);
    few.items.remove("PRI1");
    few.items.remove("PRI2");
    assert_eq!(told(few).await, SurveyRefusal::TooFewItems, "the short form asks two of a dimension");
    for (code, dimension) in [("EFF1", "EFF"), ("PRI9", "EFF"), ("EFF", "EFF"), ("EFF123", "EFF"), ("XYZ1", "XYZ")] {
        let item = EditedItem { text: both("New", "Nuevo"), reversed: false };
        let added = Some(NewItem { code: code.into(), dimension: dimension.into(), item });
        assert_eq!(told(Edited { added, ..as_it_is(&old) }).await, SurveyRefusal::BadCode, "{code}");
    }
    assert_eq!(w.number("select count(*) from survey_version").await, 2, "one of each instrument");
}
