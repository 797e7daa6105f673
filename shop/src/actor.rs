//! Who is asking. Every intent that not everybody may do decides here.

use domain::ids::CartId;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A shopper without an account, known by the cart in their signed cookie.
    Guest { cart: Option<CartId> },
    /// Somebody at the command line of the server.
    Staff,
    /// A worker, a webhook.
    System,
}

impl Actor {
    #[must_use]
    pub fn cart(self) -> Option<CartId> {
        match self {
            Self::Guest { cart } => cart,
            Self::Staff | Self::System => None,
        }
    }

    #[must_use]
    pub fn may_move_orders(self) -> bool {
        matches!(self, Self::Staff | Self::System)
    }
}
