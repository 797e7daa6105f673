//! What the shop does every day without being asked, as its workers do: see to promises, give up what nobody paid, ask
//! buyers how it was.

use super::world::World;
use anyhow::Result;
use shop::{Actor, cart, chat, checkout, complaints, orders, promises, surveys};
use time::{Duration, OffsetDateTime};

impl World<'_> {
    pub(super) async fn morning(&mut self, at: OffsetDateTime) -> Result<()> {
        let shop = self.shop;
        checkout::sweep_expired(shop, at).await?;
        orders::warn_of_delays(shop, at).await?;
        promises::warn(shop, at).await?;
        promises::mark_broken(shop, at).await?;
        promises::escalate(shop, at).await?;
        promises::make_up_for_late(shop, at).await?;
        complaints::close_unconfirmed(shop, at).await?;
        chat::close_idle(shop, at).await?;
        surveys::invite_due(shop, at).await?;
        surveys::remind_due(shop, at).await?;
        if (at - self.plan.from).whole_days() % 30 == 0 {
            cart::sweep(shop, at).await?;
        }
        self.deliver_mail(at + Duration::MINUTE).await
    }

    pub(super) async fn asks_what_matters(&self, is_so: bool, at: OffsetDateTime) -> Result<()> {
        Ok(surveys::set_asking(self.shop, &Actor::Operator, "what-matters", is_so, 30, at).await?)
    }
}
